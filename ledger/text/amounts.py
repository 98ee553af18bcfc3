"""Amounts: sums of numbers with signs, multipliers and currencies, wherever they stand in a line.

A sum is read into operands and operators first and worked out at the end, because the currency,
which may come last, decides what `1.250` means. All arithmetic is exact.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction

from ledger.money import minor_digits
from ledger.text.currencies import is_reserved
from ledger.text.currency_tokens import Coin, currency_at, leads
from ledger.text.days import short_day
from ledger.text.line import CURRENCY, NUMBER, SPACELESS_WORD, WORD, Amount, Line
from ledger.text.model import ReasonId
from ledger.text.numerals import looks_like_day, read_numeral
from ledger.text.things import TIMES_LETTERS, is_unit_price

OPERANDS_MAX = 60
DEPTH_MAX = 8
GROUPS_MAX = 8
"""Groups of three digits that are joined; twelve digits are the limit of an amount."""
SCORE_MAX = 20
"""Two whole numbers up to this, joined by a hyphen, are a score where people chat."""


@dataclass(frozen=True, slots=True)
class _Operand:
    literal: str
    times: int
    extra: Fraction
    """What follows the multiplier or the currency: 1万2千, 9块5, 5€50."""
    coins: tuple[Coin, ...]
    end: int
    joined: str = ""
    """The last group alone, where `2 600` may be two numbers."""
    million: bool = False


@dataclass(slots=True)
class _Sum:
    """A sum in reverse Polish order while it is being read."""

    line: Line
    items: list[_Operand | str] = field(default_factory=list)
    operands: int = 0
    end: int = 0
    coins: list[Coin] = field(default_factory=list)
    hyphens: int = 0
    slashes: int = 0
    parentheses: int = 0


def read_amounts(line: Line) -> None:
    """Claim every number of a line that may be an amount, with what belongs to it."""
    at = 0
    while at < len(line.tokens):
        found = None if line.owners[at] else _read(line, at)
        if found is None:
            at += 1
            continue
        _add(line, found)
        at = found.end
    _soften(line)


def _add(line: Line, amount: Amount) -> None:
    line.amounts.append(amount)
    line.claim(amount.start, amount.end, "amount")


def _soften(line: Line) -> None:
    """Hand the reasons of counts and years to the amounts that they concern."""
    soft = {thing.start: thing.reason for thing in line.things if thing.soft}
    line.things = [thing for thing in line.things if not thing.soft]
    for i, amount in enumerate(line.amounts):
        reason = soft.get(amount.start)
        if reason and amount.plain is not None or (reason == "version"):
            line.amounts[i] = _replaced(amount, soft=True, soft_reason=reason)


def _replaced(amount: Amount, **changes: object) -> Amount:
    return replace(amount, **changes)  # type: ignore[arg-type]


# --- where an amount starts


def _read(line: Line, at: int) -> Amount | None:
    """Read an amount that starts here: a sign, a currency, a number, a parenthesis, a unit price."""
    start, sign, coin = at, "", None
    if line.is_sign(at, "+-") and not _is_hyphen(line, at):
        sign, at = line.key(at), at + 1
        if line.is_sign(at - 2, "*/"):
            return None
    if lead := currency_at(line, at, before=True):
        nearest = at + 1
        if line.is_sign(nearest, ".") and line.touches(nearest):
            nearest += 1  # Rs. 200
        if line.is_sign(nearest, "+-") and not sign:
            sign, nearest = line.key(nearest), nearest + 1
        if not _starts_number(line, nearest):
            return None
        coin, at = lead, nearest
    if not _starts_number(line, at):
        return None
    return _priced(line, start, at, sign, coin) or _sum(line, start, at, sign, coin)


def _is_hyphen(line: Line, at: int) -> bool:
    return line.touches(at) and line.touches(at + 1) and line.is_word(at - 1)


def _starts_number(line: Line, at: int) -> bool:
    if line.is_number(at):
        return True
    if line.is_sign(at, ".") and line.tokens[at].space and line.touches(at + 1):
        return line.is_number(at + 1)
    return line.is_sign(at, "(") and (line.is_number(at + 1) or line.is_sign(at + 1, "("))


# --- unit prices


def _priced(line: Line, start: int, at: int, sign: str, coin: Coin | None) -> Amount | None:
    """`2 beers at 4.50`: takes the count before, which keeps its place in the note."""
    before = line.role_before(start, "price_word")
    price_sign = line.is_sign(start - 1, "@")
    if sign or (before is None and not price_sign):
        return None
    word_start = start - (before.length if before else 1)
    count = _count_before(line, word_start)
    if count is None or not _price_is_meant(line, count, word_start, at, coin):
        return None
    price = _sum(line, start, at, "", coin)
    if price is None or price.reason or price.computed:
        return price
    line.amounts.remove(count)
    direct = count.end == word_start
    if not direct:
        line.claim(count.start, count.end, "")
    begin = count.start if direct else word_start
    line.claim(begin, price.end, "amount")
    return _replaced(
        price,
        start=begin,
        value=price.value * count.value,
        decimals=None,
        exact=True,
        computed=True,
        plain=None,
        day=None,
        joined=(),
    )


def _count_before(line: Line, end: int) -> Amount | None:
    """Return the whole number that counts what stands before this token, at most four words back."""
    if not line.amounts:
        return None
    count = line.amounts[-1]
    words = range(count.end, end)
    if count.plain is None or count.currency or count.sign or len(words) > 4:
        return None
    return count if all(line.is_word(i) and not line.owners[i] for i in words) else None


def _price_is_meant(line: Line, count: Amount, word: int, at: int, coin: Coin | None) -> bool:
    """Tell `2 beers at 4.50` from `dinner for 2 at 7`."""
    if line.is_sign(word, "@") or coin or not line.key(at).isdecimal():
        return True
    if line.role(word, "price_word") and not line.role(word, "time_before", "connecting"):
        return True
    return is_unit_price(line, at) or int(line.key(at)[:6]) > 24 or count.start == 0


# --- sums


def _sum(line: Line, start: int, at: int, sign: str, coin: Coin | None) -> Amount | None:
    reading = _Sum(line)
    if coin:
        reading.coins.append(coin)
    if not _read_sum(reading, at, 0, coin):
        return None
    if trailing := _suffix(line, reading.end, coin):
        if line.is_sign(reading.end - 1, ")"):
            reading.coins.append(trailing)
            reading.end += 1
    return _worked_out(reading, start, sign)


def _read_sum(reading: _Sum, at: int, depth: int, coin: Coin | None = None) -> bool:
    """Read `term (+|-) term …` from here; `reading.end` is where it ends."""
    if not _read_term(reading, at, depth, coin):
        return False
    line = reading.line
    while line.is_sign(reading.end, "+-"):
        operator, ahead = line.key(reading.end), reading.end + 1
        if not _may_join(reading, ahead, depth):
            break
        mark = len(reading.items), reading.end, reading.operands
        if not _read_term(reading, ahead, depth, None):
            del reading.items[mark[0] :]
            reading.end, reading.operands = mark[1], mark[2]
            break
        reading.items.append(operator)
        reading.hyphens += operator == "-"
    return True


def _may_join(reading: _Sum, ahead: int, depth: int) -> bool:
    """Say whether the sign before `ahead` adds, rather than parts two entries or leads a new one."""
    line, sign = reading.line, ahead - 1
    if depth or line.key(sign) == "-":
        return True
    if line.touches(sign) and line.touches(ahead):
        return True
    if line.owners[sign] == "separator":
        return False
    if _has_words_before(line, sign) and _has_words_after(line, ahead):
        line.claim(sign, ahead, "separator")
        return False
    return True


def _is_own_word(line: Line, at: int) -> bool:
    """Say whether a free word stands here that can be in a note."""
    if not line.is_word(at) or line.owners[at] or line.is_connecting(at):
        return False
    return line.role(at, "and", "times") is None


def _has_words_before(line: Line, at: int) -> bool:
    while at and not line.is_sign(at - 1, ",;&+"):
        at -= 1
        if _is_own_word(line, at) and currency_at(line, at, before=True) is None:
            return True
    return False


def _has_words_after(line: Line, at: int) -> bool:
    while at < len(line.tokens) and not line.is_sign(at, ",;&+"):
        if _is_own_word(line, at) and currency_at(line, at, before=False) is None:
            return True
        at += 1
    return False


def _read_term(reading: _Sum, at: int, depth: int, coin: Coin | None) -> bool:
    """Read `factor (*|/) factor …`."""
    if not _read_factor(reading, at, depth, coin):
        return False
    line = reading.line
    while operator := _times_or_over(line, reading.end):
        mark = len(reading.items), reading.end, reading.operands
        if not _read_factor(reading, reading.end + 1, depth, None):
            del reading.items[mark[0] :]
            reading.end, reading.operands = mark[1], mark[2]
            break
        reading.items.append(operator)
        reading.slashes += operator == "/"
    return True


def _times_or_over(line: Line, at: int) -> str:
    if line.is_sign(at, "*/"):
        return line.key(at)
    if line.is_sign(at, "@·"):
        return "*"
    if at < len(line.tokens) and line.tokens[at].kind == WORD and line.key(at) in TIMES_LETTERS:
        return "*"
    return ""


def _read_factor(reading: _Sum, at: int, depth: int, coin: Coin | None) -> bool:
    line = reading.line
    if reading.operands >= OPERANDS_MAX:
        return False
    if line.is_sign(at, "(") and depth < DEPTH_MAX and not line.owners[at]:
        if not _read_sum(reading, at + 1, depth + 1) or not line.is_sign(reading.end, ")"):
            return False
        reading.end += 1
        reading.parentheses += 1
        return True
    if reading.items and (lead := currency_at(line, at, before=True)):
        coin, at = lead, at + 1
        reading.coins.append(lead)
    operand = _operand(line, at, coin)
    if operand is None:
        return False
    reading.items.append(operand)
    reading.coins += operand.coins
    reading.operands += 1
    reading.end = operand.end
    return True


# --- operands


def _operand(line: Line, at: int, coin: Coin | None) -> _Operand | None:
    """Read one number with the multiplier and the currency behind it."""
    pointed = line.is_sign(at, ".") and line.touches(at + 1)
    at += pointed
    if not line.is_number(at):
        return None
    literal, end, joined = _grouped(line, at, coin)
    if pointed:
        literal, joined = f"0.{literal}", ""
    times, extra, end, million = _multiplied(line, end)
    suffix = _suffix(line, end, coin)
    coins: tuple[Coin, ...] = ()
    if suffix:
        coins, end = (suffix,), end + 1
        while line.is_sign(end, ".") and line.touches(end) and line.is_word(end - 1):
            end += 1
        while end < len(line.tokens) and line.tokens[end].kind == CURRENCY and line.touches(end):
            end += 1  # €€€
        extra, end = _small_change(line, end, literal, times, extra)
    return _Operand(literal, times, extra, coins, end, joined, million)


def _grouped(line: Line, at: int, coin: Coin | None) -> tuple[str, int, str]:
    """Join groups of three that are parted by single spaces: `1 900`, `1 000 000`."""
    first, end = line.key(at), at + 1
    if not first.isdecimal() or len(first) > 3 or first[0] == "0":
        return first, end, ""
    groups = [first]
    plain_spaces = True
    while len(groups) < GROUPS_MAX and _is_next_group(line, end):
        head = line.key(end)[:3]
        tail = line.key(end)[3:]
        if not (head.isdecimal() and len(head) == 3 and (not tail or tail[0] in ".,")):
            break
        plain_spaces &= line.scene.text[line.tokens[end].start - 1] == " "
        groups.append(line.key(end))
        end += 1
        if tail:
            break
    if len(groups) == 1:
        return first, end, ""
    whole = "".join(groups)
    single = len(groups) == 2 and len(first) == 1 and plain_spaces and coin is None
    if single and _is_behind_words(line, at, end):
        return whole, end, groups[1]
    return whole, end, ""


def _is_next_group(line: Line, at: int) -> bool:
    """Say whether a number stands here, one space behind the token before it."""
    return line.is_number(at) and line.tokens[at].start - line.tokens[at - 1].end == 1


def _is_behind_words(line: Line, at: int, end: int) -> bool:
    """Say whether `2 600` stands behind words, and they are more than the note's only one."""
    start = at
    while start and not line.is_sign(start - 1, ",;&"):
        start -= 1
    words = [i for i in range(start, at) if line.is_word(i) and not line.owners[i]]
    if not words:
        return False
    after = end
    while after < len(line.tokens) and not line.is_sign(after, ",;&"):
        if _is_own_word(line, after) and currency_at(line, after, before=False) is None:
            return True
        after += 1
    return len(words) > 1


def _multiplied(line: Line, end: int) -> tuple[int, Fraction, int, bool]:
    """Read what multiplies a number: `k`, `тыс.`, `万`, and `1万2千` as a chain."""
    letter = line.role(end, "letter_million")
    if letter and not line.role(end, "times") and _is_bare_million(line, end):
        return 1, Fraction(0), end + 1, True
    meaning = line.role(end, "times")
    if meaning is None or not _may_multiply(line, end, meaning.length):
        return 1, Fraction(0), end, False
    times, end = meaning.value, end + meaning.length
    if line.is_sign(end, ".") and line.touches(end):
        end += 1
    extra, chain = Fraction(0), times
    while more := line.role(end, "times"):  # 10 lakh crore, 2 тыс млн
        if (
            not _may_multiply(line, end, more.length)
            or line.touches(end)
            and line.tokens[end].kind == WORD
        ):
            break
        times *= more.value
        end += more.length
        if times > 10**12:
            break
    while line.touches(end) and line.is_number(end) and line.tokens[end - 1].kind == SPACELESS_WORD:
        digits = line.key(end)
        if not digits.isdecimal() or len(digits) > 4:
            break
        after = line.role(end + 1, "times")
        if after and after.value < chain and line.touches(end + 1):
            extra += int(digits) * after.value
            chain, end = after.value, end + 2
            continue
        extra += int(digits) * (chain // 10 if len(digits) == 1 else 1)
        end += 1
        break
    return times, extra, end, False


def _may_multiply(line: Line, at: int, length: int) -> bool:
    """One letter multiplies only where it touches its number; words may stand apart."""
    alone = length == 1 and len(line.key(at)) == 1 and line.tokens[at].kind == WORD
    return not alone or line.touches(at)


def _is_bare_million(line: Line, at: int) -> bool:
    after = at + 1
    if line.touches(after) and (line.is_word(after) or line.tokens[after].kind == NUMBER):
        return False
    return line.touches(at) or "." in line.key(at - 1) or "," in line.key(at - 1)


def _suffix(line: Line, at: int, lead: Coin | None) -> Coin | None:
    """Return the currency behind a number, unless it leads the next one."""
    coin = currency_at(line, at, before=False)
    if coin is None or leads(line, at):
        return None
    if lead and line.is_number(at + 1) and line.tokens[at].kind == CURRENCY:
        return None
    if lead and lead.code != coin.code and coin.code not in lead.codes and coin.hundredth:
        return None
    return coin


def _small_change(
    line: Line, end: int, literal: str, times: int, extra: Fraction
) -> tuple[Fraction, int]:
    """Read what follows the currency as its hundredths: 5€50, 9块5, 12₽50к."""
    digits = line.key(end)
    if not (line.touches(end) and line.is_number(end) and literal.isdecimal() and times == 1):
        return extra, end
    single = len(digits) == 1 and line.tokens[end - 1].kind == SPACELESS_WORD
    if not digits.isdecimal() or not (len(digits) == 2 or single):
        return extra, end
    after = end + 1
    if line.touches(after) and line.is_word(after):
        coin = currency_at(line, after, before=False)
        if not ((coin and coin.hundredth) or line.key(after) in ("к", "k")) and not single:
            return extra, end
        after += bool((coin and coin.hundredth) or line.key(after) in ("к", "k"))
    return Fraction(int(digits), 10 if single else 100), after


# --- working it out


def _worked_out(reading: _Sum, start: int, sign: str) -> Amount:
    line, end = reading.line, reading.end
    coin, clash = _one_coin(reading.coins)
    code = coin.code if coin else None
    currency = code or line.scene.context.currency
    value, reason, numerals = _value(reading, currency)
    if clash:
        reason = reason or "malformed"
    if _is_reserved(line, start - 1) or _is_reserved(line, end):
        reason = "unknown_currency"
    if _is_power(line, start, end):
        reason = "malformed"
    single = reading.operands == 1
    operand = next(item for item in reading.items if isinstance(item, _Operand))
    computed = not single
    decimals = numerals[0] if single and operand.times == 1 else None
    plain = None
    if (
        single
        and operand.literal.isdecimal()
        and operand.times == 1
        and not operand.million
        and not operand.extra
    ):
        plain = int(operand.literal[:15])
    day, ambiguous, slash, padded = _maybe_day(reading, code, sign)
    joined: tuple[Fraction, ...] = ()
    if single and operand.joined and not sign:
        apart = read_numeral(operand.joined, minor_digits(currency))
        joined = (value, apart.value * operand.times)
    return Amount(
        start,
        end,
        value,
        reason,
        code,
        guessed=coin.guessed if coin else False,
        sign=sign,
        decimals=decimals,
        exact=computed or bool(operand.extra) or operand.times > 1 or decimals is not None,
        computed=computed,
        million=value * 1_000_000 if operand.million and single else None,
        plain=plain if code is None and not sign else None,
        day=day,
        day_ambiguous=ambiguous,
        slash=slash,
        padded=padded,
        joined=joined,
        hyphen=reading.operands == 2
        and reading.hyphens == 1
        and value <= SCORE_MAX
        and _is_tight(line, start, end),
    )


def _is_tight(line: Line, start: int, end: int) -> bool:
    return not any(line.tokens[i].space for i in range(start + 1, end))


def _is_reserved(line: Line, at: int) -> bool:
    return line.is_word(at) and is_reserved(line.typed(at, at + 1))


def _is_power(line: Line, start: int, end: int) -> bool:
    """Say whether a leftover operator (`9**9`) shows that this was no sum of ours."""
    after = line.is_sign(end, "*^") and line.touches(end) and end + 1 < len(line.tokens)
    before = line.is_sign(start - 1, "*^") and line.touches(start) and line.touches(start - 1)
    return bool(after and line.touches(end + 1)) or before


def _one_coin(coins: list[Coin]) -> tuple[Coin | None, bool]:
    """Return the currency that all of them agree on, and whether they do not."""
    kept: Coin | None = None
    for coin in coins:
        if kept is None or (coin.code in kept.codes and len(coin.codes) < len(kept.codes)):
            kept = coin
        elif coin.code != kept.code and kept.code not in coin.codes:
            return kept, True
    return kept, False


def _value(reading: _Sum, currency: str) -> tuple[Fraction, ReasonId | None, list[int | None]]:
    """Work the sum out from its reverse Polish order."""
    stack: list[Fraction] = []
    decimals: list[int | None] = []
    digits = minor_digits(currency)
    for item in reading.items:
        if isinstance(item, _Operand):
            numeral = read_numeral(item.literal, digits)
            if numeral.reason:
                return Fraction(0), numeral.reason, [None]
            decimals.append(numeral.decimals)
            value = numeral.value * item.times + item.extra
            hundredth = bool(item.coins) and item.coins[0].hundredth
            stack.append(value / 100 if hundredth else value)
            continue
        right, left = stack.pop(), stack.pop()
        if item == "/" and right == 0:
            return Fraction(0), "division_by_zero", decimals
        stack.append(_applied(item, left, right))
    total = stack[-1]
    if total.numerator.bit_length() > 4096:
        return Fraction(0), "limit", decimals
    return total, "negative" if total < 0 else None, decimals


def _applied(operator: str, left: Fraction, right: Fraction) -> Fraction:
    if operator == "+":
        return left + right
    if operator == "-":
        return left - right
    return left * right if operator == "*" else left / right


def _maybe_day(reading: _Sum, code: str | None, sign: str):  # type: ignore[no-untyped-def]
    """Return the day that `12/3` or `12.03` names, if it is one after all."""
    none = (None, False, False, False)
    line = reading.line
    if code or sign or reading.parentheses:
        return none
    operands = [item for item in reading.items if isinstance(item, _Operand)]
    if (
        len(operands) == 2
        and reading.slashes == 1
        and _is_tight(line, reading.end - 3, reading.end)
    ):
        first, second = operands[0].literal, operands[1].literal
        if first.isdecimal() and second.isdecimal() and len(first) <= 2 and len(second) <= 2:
            if operands[0].times == operands[1].times == 1:
                on, ambiguous = short_day(line, int(first), int(second), dotted=False)
                return on, ambiguous, True, first[0] == "0" or second[0] == "0"
    if len(operands) == 1 and operands[0].times == 1 and looks_like_day(operands[0].literal):
        day, month = operands[0].literal.split(".")
        zero = day[0] == "0"
        if zero or line.scene.customs.dotted:
            on, _ = short_day(line, int(day), int(month), dotted=True)
            stop = line.is_sign(reading.end, ".") and line.touches(reading.end)
            return on, False, False, zero or month[0] == "0" or stop
    return none
