"""Read one number of a sum, with its groups of three, its multiplier and its currency."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from ledger.text.lines.line import CURRENCY, NUMBER, SPACELESS_WORD, WORD, TextLine
from ledger.text.numbers.clock import is_colon_decimal
from ledger.text.numbers.currency_matches import (
    CurrencyMatch,
    currency_at,
    find_adjective,
    leads,
)
from ledger.text.numbers.non_amounts import is_glued_before

GROUPS_MAX = 8
"""Groups of three digits that are joined; twelve digits are the limit of an amount."""
TIMES_MAX = 10**12
CHAIN_DIGITS = 4
_KOPECKS = ("к", "k")


@dataclass(frozen=True, slots=True)
class Operand:
    """A number as typed, and what multiplies it."""

    literal: str
    end: int
    """The token behind it and all that belongs to it."""
    times: int = 1
    extra: Fraction = Fraction(0)
    """The digits behind the multiplier or the currency: 1万2千, 9块5, 5€50."""
    currency_match: CurrencyMatch | None = None
    last_group: str = ""
    """The last group alone, where `2 600` may be two numbers."""
    million: bool = False
    """A bare m behind it may mean million."""


def read_operand(line: TextLine, at: int, lead: CurrencyMatch | None) -> Operand | None:
    """Read the number at a token; `lead` is the currency in front of it."""
    pointed = line.is_sign(at, ".") and line.touches(at + 1)
    at += pointed
    if not line.is_number(at):
        return None
    operand = _grouped(line, at, lead)
    if pointed:
        operand = replace(operand, literal=f"0.{operand.literal}", last_group="")
    operand = _multiplied(line, operand)
    if lead and lead.units > 1:
        operand = replace(operand, times=operand.times * lead.units)
    currency_match = suffix_at(line, operand.end, lead)
    if currency_match:
        return _with_currency(line, operand, currency_match)
    return _with_national(line, operand)


def _with_national(line: TextLine, operand: Operand) -> Operand:
    """Read a country's adjective between a number and its currency: 20 Canadian dollars."""
    shared = currency_at(line, operand.end + 1, before=False)
    national = find_adjective(line, operand.end, shared) if shared else None
    if national is None:
        return operand
    return replace(operand, end=operand.end + 2, currency_match=national)


def is_own_word(line: TextLine, at: int) -> bool:
    """Return whether a free word is here that can be in a note."""
    if not line.is_word(at) or line.owners[at] or line.is_connecting(at):
        return False
    return line.role(at, "and", "times") is None


def is_names_plus(line: TextLine, at: int) -> bool:
    """Return whether this is the last letter of a name, as in `Disney+ 9`, and no sign of a number."""
    if not (line.is_sign(at, "+") and line.touches(at) and line.is_word(at - 1)):
        return False
    return at + 1 >= len(line.tokens) or not line.touches(at + 1)


# --- groups of three


def _grouped(line: TextLine, at: int, lead: CurrencyMatch | None) -> Operand:
    """Join groups of three that are parted by single spaces: `1 900`, `1 000 000`."""
    first, end = line.key(at), at + 1
    if len(first) > 3 and is_colon_decimal(line, at):
        return Operand(f"{first}.{line.key(at + 2)}", at + 3)
    if not first.isdecimal() or len(first) > 3 or first[0] == "0":
        return Operand(first, end)
    if lead is None and is_glued_before(line, at):
        return Operand(first, end)  # ps4 120, A101 188,50: the name's number begins no group
    groups = [first]
    while len(groups) < GROUPS_MAX and _is_group(line, end):
        groups.append(line.key(end))
        end += 1
        if not groups[-1].isdecimal():
            break
    whole = "".join(groups)
    if is_colon_decimal(line, end - 1):
        return Operand(f"{whole}.{line.key(end + 1)}", end + 2)
    pair = len(groups) == 2 and len(first) == 1 and lead is None
    plain = line.context.text[line.tokens[at].end : line.tokens[at].end + 1] == " "
    if pair and plain and _is_behind_words(line, at, end):
        return Operand(whole, end, last_group=groups[1])
    return Operand(whole, end)


def _is_group(line: TextLine, at: int) -> bool:
    """Return whether three digits, perhaps with decimals, follow a token after one space."""
    if not line.is_number(at) or line.tokens[at].start - line.tokens[at - 1].end != 1:
        return False
    head, tail = line.key(at)[:3], line.key(at)[3:]
    return head.isdecimal() and len(head) == 3 and (not tail or tail[0] in ".,")


def _is_behind_words(line: TextLine, at: int, end: int) -> bool:
    """Return whether `2 600` is behind words, and they are more than the note's only one."""
    start = at
    while start and not line.is_sign(start - 1, ",;&"):
        start -= 1
    words = [i for i in range(start, at) if line.is_word(i) and not line.owners[i]]
    if not words:
        return False
    after = end
    while after < len(line.tokens) and not line.is_sign(after, ",;&"):
        if is_own_word(line, after) and currency_at(line, after, before=False) is None:
            return True
        after += 1
    return len(words) > 1


# --- multipliers


def _multiplied(line: TextLine, operand: Operand) -> Operand:
    """Read what multiplies a number: `k`, `тыс.`, `万`, and `1万2千` as a chain."""
    end = operand.end
    meaning = line.role(end, "times")
    if line.role(end, "letter_million") and not meaning and _is_bare_million(line, end):
        return replace(operand, end=end + 1, million=True)
    if meaning is None or not _may_multiply(line, end, meaning.length):
        return operand
    times, end = meaning.value, end + meaning.length
    if line.is_sign(end, ".") and line.touches(end):
        end += 1
    while (more := line.role(end, "times")) and times <= TIMES_MAX:  # 2 тыс млн
        glued = line.touches(end) and line.tokens[end].kind == WORD
        if glued or not _may_multiply(line, end, more.length):
            break
        times *= more.value
        end += more.length
    if half := line.role(end, "half"):
        return replace(operand, end=end + half.length, times=times, extra=Fraction(times, 2))
    extra, end = _chained(line, end, times)
    return replace(operand, end=end, times=times, extra=extra)


def _chained(line: TextLine, end: int, times: int) -> tuple[Fraction, int]:
    """Read what goes on behind a multiplier: 1万2千, 3万5, 1tr5, 5k2, 1tr250, 2만 3천."""
    extra = Fraction(0)
    while _goes_on(line, end, times):
        digits = line.key(end)
        smaller = line.role(end + 1, "times")
        if smaller and smaller.value < times and line.touches(end + 1):
            extra += int(digits) * smaller.value
            times, end = smaller.value, end + 2
            continue
        spaceless = len(digits) > 1 and line.tokens[end - 1].kind == SPACELESS_WORD
        unit = Fraction(1) if spaceless else Fraction(times, 10 ** len(digits))
        return extra + int(digits) * unit, end + 1
    return extra, end


def _goes_on(line: TextLine, at: int, times: int) -> bool:
    """Return whether the number here continues the one whose multiplier is before it."""
    if not line.is_number(at) or not (
        line.key(at).isdecimal() and len(line.key(at)) <= CHAIN_DIGITS
    ):
        return False
    if line.touches(at):
        return not _is_tied(line, at)
    smaller = line.role(at + 1, "times")  # parted by a space: only with a smaller multiplier
    return smaller is not None and smaller.value < times and line.touches(at + 1)


def _is_tied(line: TextLine, at: int) -> bool:
    """Return whether letters that are not a currency touch a number from behind: 5k2x."""
    after = at + 1
    if not line.touches(after) or line.tokens[after].kind != WORD or line.role(after, "times"):
        return False
    return currency_at(line, after, before=False) is None


def _may_multiply(line: TextLine, at: int, length: int) -> bool:
    """Return whether a word may multiply; one letter does only where it touches its number."""
    alone = length == 1 and len(line.key(at)) == 1 and line.tokens[at].kind == WORD
    return not alone or line.touches(at)


def _is_bare_million(line: TextLine, at: int) -> bool:
    """Return whether an m can mean million: it touches its number, or that has decimals."""
    after = at + 1
    if line.touches(after) and (line.is_word(after) or line.tokens[after].kind == NUMBER):
        return False
    return line.touches(at) or not line.key(at - 1).isdecimal()


# --- currencies behind the number


def suffix_at(line: TextLine, at: int, lead: CurrencyMatch | None) -> CurrencyMatch | None:
    """Return the currency behind a number, unless it leads the next one."""
    currency_match = currency_at(line, at, before=False)
    if currency_match is None or leads(line, at):
        return None
    if lead and line.is_number(at + 1) and line.tokens[at].kind == CURRENCY:
        return None
    return None if lead and currency_match.hundredth else currency_match


def _with_currency(line: TextLine, operand: Operand, currency_match: CurrencyMatch) -> Operand:
    end = operand.end + 1
    while line.is_sign(end, ".") and line.touches(end) and line.is_word(end - 1):
        end += 1  # руб.
    while line.touches(end) and line.tokens[end].kind == CURRENCY:
        end += 1  # €€€
    if national := find_adjective(line, end, currency_match):
        return replace(operand, end=end + 1, currency_match=national)  # دينار ليبي
    extra, end = _small_change(line, end, operand)
    times = operand.times * currency_match.units
    return replace(operand, end=end, times=times, extra=extra, currency_match=currency_match)


def _closes(line: TextLine, at: int) -> bool:
    """Return whether a number behind the word for a currency ends the entry: 3 Euro 50."""
    last = at + 1 == len(line.tokens) or line.is_sign(at + 1, ",;&+.!")
    counted = line.role(at + 1, "counts", "units", "times", "each") is not None
    named = line.is_word(at + 1) and not counted and len(line.key(at - 2)) <= 2
    return (last or named) and line.tokens[at - 1].kind == WORD and len(line.key(at - 1)) > 2


def _small_change(line: TextLine, end: int, operand: Operand) -> tuple[Fraction, int]:
    """Read what follows the currency as its hundredths: 5€50, 9块5, 12₽50к."""
    digits = line.key(end)
    whole = operand.literal.isdecimal() and operand.times == 1
    follows = line.touches(end) or _closes(line, end)
    if not (whole and follows and line.is_number(end) and digits.isdecimal()):
        return operand.extra, end
    tenths = len(digits) == 1 and line.tokens[end - 1].kind == SPACELESS_WORD
    if len(digits) != 2 and not tenths:
        return operand.extra, end
    after = end + 1
    spelled = currency_at(line, after, before=False)
    if spelled and spelled.hundredth and not line.touches(after):
        return Fraction(int(digits), 100), after + 1  # 15 dollars 50 cents
    if line.touches(after) and line.is_word(after):
        currency_match = currency_at(line, after, before=False)
        named = bool(currency_match and currency_match.hundredth) or line.key(after) in _KOPECKS
        if not named and not tenths:
            return operand.extra, end
        after += named
    return Fraction(int(digits), 10 if tenths else 100), after
