"""Claim numbers that may be money, with the signs and neighbours that change them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from ledger.money import minor_digits
from ledger.text.dates.numeric_days import short_day
from ledger.text.lines.line import CURRENCY, NUMBER, Amount, TextLine
from ledger.text.model import ReasonId
from ledger.text.numbers.clock import HOURS, is_unit_price
from ledger.text.numbers.currencies import is_reserved, is_unknown
from ledger.text.numbers.currency_matches import CurrencyMatch, currency_at
from ledger.text.numbers.numerals import looks_like_day, read_numeral
from ledger.text.numbers.operands import is_names_plus
from ledger.text.numbers.scores import SCORE_MAX, is_even
from ledger.text.numbers.sums import Result, Sum, has_words_next_to, read_sum, work_out
from ledger.text.numbers.told_amounts import mark_told

PRICED_WORDS_MAX = 4
DECIMALS_MAX = 2
"""Digits behind a point that would be decimals, whichever currency."""
PLAIN_DIGITS_MAX = 15
MILLION = 1_000_000
SHORT_WORD = 4
"""Letters up to which a word of another language may be anything."""


def read_amounts(line: TextLine) -> None:
    """Claim every number of a line that may be an amount, with what belongs to it."""
    at = 0
    while at < len(line.tokens):
        found = None if line.owners[at] else _read(line, at)
        if found is None:
            at += 1
            continue
        line.amounts.append(found)
        line.claim(found.start, found.end, "amount")
        at = found.end
    _soften(line)
    line.amounts = [_with_unknown(line, amount) for amount in line.amounts]
    mark_told(line)
    if len(line.amounts) == 1:
        line.amounts = [_with_worth(line, line.amounts[0])]


def _with_worth(line: TextLine, only: Amount) -> Amount:
    """Read `2 dychy`: a count of a word that is an amount, which a person must confirm."""
    worth = line.role(only.end, "worth")
    # Words for amounts are slang; in another language they are mostly other words.
    own = worth is not None and worth.language == line.context.vocabulary.language
    if not worth or not own or only.plain is None:
        return only
    line.claim(only.start, only.end + worth.length, "amount")
    value = only.value * worth.value
    return replace(only, end=only.end + worth.length, value=value, plain=None, hint="spoken")


def _with_unknown(line: TextLine, amount: Amount) -> Amount:
    """Mark an amount next to money that is not booked: 50 HRK, 0.5 BTC."""
    near = (amount.start - 1, amount.end)
    named = any(line.is_word(i) and is_unknown(line.typed(i, i + 1)) for i in near)
    return replace(amount, hint="unknown_currency") if named and not amount.currency else amount


def _soften(line: TextLine) -> None:
    """Hand what numbers look like besides to the amounts that they may be."""
    hints = {found.start: found.reason for found in line.non_amounts if found.soft}
    line.non_amounts = [found for found in line.non_amounts if not found.soft]
    for i, amount in enumerate(line.amounts):
        reason = hints.get(amount.start)
        single = not amount.computed and amount.currency is None
        # A currency or a sum outweighs a hint, and few hints fit a number with decimals.
        if reason and single and (amount.plain is not None or reason in _WITH_DECIMALS):
            line.amounts[i] = replace(amount, hint=reason)


_WITH_DECIMALS = ("version", "glued", "time")


# --- where an amount starts


@dataclass(frozen=True, slots=True)
class _Opening:
    """The signs in front of a number: sign and currency."""

    start: int
    number: int
    sign: str = ""
    currency_match: CurrencyMatch | None = None


def _read(line: TextLine, at: int) -> Amount | None:
    """Read an amount that starts here: by a sign, a currency, a number or a parenthesis."""
    opening = _opening(line, at)
    if opening is None:
        return _spoken(line, at)
    return _priced(line, opening) or _summed(line, opening)


def _spoken(line: TextLine, at: int) -> Amount | None:
    """Read `a fiver`, `полтос`: a word that is an amount, where no number is."""
    meaning = line.role(at, "worth")
    if meaning is None or any(token.kind == NUMBER for token in line.tokens):
        return None
    own = meaning.language == line.context.vocabulary.language
    if not own and meaning.length == 1 and len(line.key(at)) <= SHORT_WORD:
        return None
    value = Fraction(meaning.value)
    return Amount(at, at + meaning.length, value, exact=True, hint="spoken")


def _opening(line: TextLine, at: int) -> _Opening | None:
    start, sign, currency_match = at, "", None
    if _follows_entry(line, at) and has_words_next_to(line, at, 1):
        line.claim(at, at + 1, "separator")  # 12 lunch + 2 tip
        return None
    if line.is_sign(at, "+-") and not (_is_hyphen(line, at) or is_names_plus(line, at)):
        sign, at = line.key(at), at + 1
    if lead := currency_at(line, at, before=True):
        currency_match, at = lead, at + 1
        if line.is_sign(at, ".") and line.touches(at) and _is_short_for(line, at - 1):
            at += 1  # Rs. 200, Rs.200
        if line.is_sign(at, "+-") and not sign:
            sign, at = line.key(at), at + 1
    return _Opening(start, at, sign, currency_match) if _starts_number(line, at) else None


def _follows_entry(line: TextLine, plus: int) -> bool:
    """Return whether this `+` is behind an amount with words: it adds no sign to the next."""
    if not line.is_sign(plus, "+") or not line.amounts or is_names_plus(line, plus):
        return False
    between = range(line.amounts[-1].end, plus)
    parted = any(line.is_sign(i, ",;&+") for i in reversed(between))  # near first: many are one
    return bool(between) and not parted and has_words_next_to(line, plus, -1)


def _is_short_for(line: TextLine, word: int) -> bool:
    """Return whether the point behind a currency ends its abbreviation, not begins a decimal."""
    return line.is_word(word) or not line.touches(word + 2)


def _is_hyphen(line: TextLine, at: int) -> bool:
    return line.touches(at) and line.touches(at + 1) and line.is_word(at - 1)


def _starts_number(line: TextLine, at: int) -> bool:
    if line.is_number(at):
        return True
    if line.is_sign(at, ".") and line.touches(at + 1):
        # Behind a word a point ends that; behind another point it is not a decimal.
        signed = at > 0 and (line.tokens[at - 1].kind == CURRENCY or line.is_sign(at - 1, "+-("))
        return (line.tokens[at].space or signed) and line.is_number(at + 1)
    return line.is_sign(at, "(") and (line.is_number(at + 1) or line.is_sign(at + 1, "("))


# --- unit prices


def _priced(line: TextLine, opening: _Opening) -> Amount | None:
    """`2 beers at 4.50`: takes the count before, which keeps its place in the note."""
    word = line.role_before(opening.start, "price_word")
    if opening.sign or (word is None and not line.is_sign(opening.start - 1, "@")):
        return None
    word_start = opening.start - (word.length if word else 1)
    count = _count_before(line, word_start)
    if count is None or not _price_is_meant(line, count, word_start, opening):
        return None
    price = _summed(line, opening)
    if price is None or price.reason or price.computed:
        return price
    # The count becomes a factor of the price, so it is not an amount of its own.
    line.amounts.remove(count)
    direct = count.end == word_start
    if not direct:
        line.claim(count.start, count.end, "")
    begin = count.start if direct else word_start
    line.claim(begin, price.end, "amount")
    value = price.value * count.value
    return Amount(
        begin, price.end, value, None, price.currency, price.guessed, exact=True, computed=True
    )


def _count_before(line: TextLine, end: int) -> Amount | None:
    """Return the whole number that counts the few words before this token."""
    count = line.amounts[-1] if line.amounts else None
    if count is None or count.plain is None or end - count.end > PRICED_WORDS_MAX:
        return None
    words = range(count.end, end)
    return count if all(line.is_word(i) and not line.owners[i] for i in words) else None


def _price_is_meant(line: TextLine, count: Amount, word: int, opening: _Opening) -> bool:
    """Tell `2 beers at 4.50` from `dinner for 2 at 7`."""
    price = line.key(opening.number)
    if line.is_sign(word, "@") or opening.currency_match or not price.isdecimal():
        return True
    if line.role(word, "price_word") and not line.role(word, "time_before", "connecting"):
        return True
    return (
        is_unit_price(line, opening.number)
        or len(price) > 2
        or int(price) > HOURS
        or count.start == 0
    )


# --- what a sum makes


def _summed(line: TextLine, opening: _Opening) -> Amount | None:
    reading = read_sum(line, opening.number, opening.currency_match)
    if reading is None:
        return None
    currency_match, clash = _agree_on_currency(reading.currency_matches)
    # Known before the sum is computed, because it decides which separator is the decimal point.
    currency = currency_match.code if currency_match else line.context.chat.currency
    result = work_out(reading, currency)
    reason = "malformed" if clash else result.reason
    amount = Amount(
        opening.start,
        reading.end,
        result.value,
        _objection(line, opening.start, reading.end) or reason,
        currency=currency_match.code if currency_match else None,
        guessed=currency_match.guessed if currency_match else False,
        sign=opening.sign,
    )
    if len(reading.operands) == 1:
        return _of_one_number(amount, reading, result, currency)
    return _of_several(amount, reading)


def _of_one_number(amount: Amount, reading: Sum, result: Result, currency: str) -> Amount:
    """Complete an amount that was typed as one number."""
    (operand,) = reading.operands
    undecorated = operand.times == 1 and not operand.extra
    decimals = result.decimals if operand.times == 1 else None
    plain = None
    if operand.literal.isdecimal() and undecorated and not (amount.currency or amount.sign):
        # Cut, as a literal may be as long as the message.
        plain = None if operand.million else int(operand.literal[:PLAIN_DIGITS_MAX])
    joined: tuple[Fraction, ...] = ()
    if operand.last_group and not amount.sign:
        apart = read_numeral(operand.last_group, minor_digits(currency))
        joined = (amount.value, apart.value * operand.times)
    day = _dotted_day(reading) if undecorated and plain is None else None
    named = day if day and not (amount.currency or amount.sign) else _ShortDay()
    return replace(
        amount,
        decimals=decimals,
        exact=not undecorated or decimals is not None,
        million=amount.value * MILLION if operand.million else None,
        plain=plain,
        joined=joined,
        day=named.on,
        padded=named.padded,
    )


def _of_several(amount: Amount, reading: Sum) -> Amount:
    """Complete an amount that was typed as a sum of several numbers."""
    tight = _is_tight(reading.line, amount.start, amount.end)
    bare = tight and not (amount.currency or amount.sign or reading.parentheses)
    day = _slashed_day(reading) if bare and reading.has_only("/") else None
    named = day or _ShortDay()
    score = tight and reading.has_only("-") and amount.value <= SCORE_MAX
    ratio = reading.has_only("/") and all(o.literal.isdecimal() for o in reading.operands)
    # In `-2+3` the sign is the first number's or that of all.
    unclear = amount.sign == "-" and not reading.parentheses and {"+", "-"} & set(reading.operators)
    return replace(
        amount,
        reason=amount.reason or ("malformed" if unclear else None),
        exact=amount.currency is not None or not ratio,  # 50/50 is not plainly money
        computed=True,
        day=named.on,
        day_ambiguous=named.ambiguous,
        padded=named.padded,
        slash=day is not None,
        hyphen=score,
        even=bare and (is_even(reading) if score else _is_half(reading)),
    )


def _is_half(reading: Sum) -> bool:
    """Return whether a number is divided by itself, as in 50/50."""
    first, second = (reading.operands * 2)[:2]
    return reading.has_only("/") and first.literal == second.literal


def _is_tight(line: TextLine, start: int, end: int) -> bool:
    return not any(line.tokens[i].space for i in range(start + 1, end))


def _objection(line: TextLine, start: int, end: int) -> ReasonId | None:
    """Name the neighbour that shows that a number is not money, as a leftover operator."""
    if any(line.is_word(i) and is_reserved(line.typed(i, i + 1)) for i in (start - 1, end)):
        return "unknown_currency"
    # `5 coffee + 3` leaves open whether the 3 is added or an entry of its own.
    loose = line.is_sign(start, "+") and not line.touches(start + 1)
    if _may_be_a_decimal(line, start) or (loose and _follows_entry(line, start)):
        return "malformed"
    behind = line.is_sign(end, "*^") and line.touches(end) and line.touches(end + 1)
    before = line.is_sign(start - 1, "*^") and line.touches(start) and line.touches(start - 1)
    return "malformed" if behind or before else None  # 9**9


def _may_be_a_decimal(line: TextLine, start: int) -> bool:
    """Return whether the point that a number touches may be its own: `coffee.50`, `gum ,50`."""
    point = start - 1
    if point < 0 or not line.touches(start):
        return False
    led = point > 0 and (line.tokens[point - 1].kind == CURRENCY or line.is_sign(point - 1, "-+"))
    free = line.tokens[point].space or led
    dotted = line.is_sign(point, ".") and not line.tokens[point].space
    # Behind an amount a comma parts entries, however it is spaced.
    if not dotted and not (line.is_sign(point, ",") and free and not line.amounts):
        return False
    return line.key(start).isdecimal() and len(line.key(start)) <= DECIMALS_MAX


def _agree_on_currency(currency_matches: list[CurrencyMatch]) -> tuple[CurrencyMatch | None, bool]:
    """Return the currency that all of them agree on, and whether they do not."""
    kept: CurrencyMatch | None = None
    for currency_match in currency_matches:
        if kept is None or (
            currency_match.code in kept.codes and len(currency_match.codes) < len(kept.codes)
        ):
            kept = currency_match
        elif currency_match.code != kept.code and kept.code not in currency_match.codes:
            return kept, True
    return kept, False


# --- numbers that may be a date after all


@dataclass(frozen=True, slots=True)
class _ShortDay:
    """The day that `12/3` or `12.03` names, if it is one."""

    on: date | None = None
    ambiguous: bool = False
    padded: bool = False


def _slashed_day(reading: Sum) -> _ShortDay | None:
    first, second = (operand.literal for operand in reading.operands)
    if any(operand.times > 1 for operand in reading.operands):
        return None
    if not (first.isdecimal() and second.isdecimal() and max(len(first), len(second)) <= 2):
        return None
    on, ambiguous = short_day(reading.line.context, int(first), int(second), dotted=False)
    return _ShortDay(on, ambiguous, "0" in (first[0], second[0]))


def _dotted_day(reading: Sum) -> _ShortDay | None:
    """`d.m` is a day where people write it so, where it begins with 0, and as `d.m.` anywhere."""
    line, literal = reading.line, reading.operands[0].literal
    if not looks_like_day(literal) or reading.parentheses:
        return None
    day, month = literal.split(".")
    stop = line.is_sign(reading.end, ".") and line.touches(reading.end)
    if day[0] != "0" and not line.context.conventions.dotted and not stop:
        return None
    on, _ = short_day(line.context, int(day), int(month), dotted=True)
    return _ShortDay(on, padded="0" in (day[0], month[0]) or stop)
