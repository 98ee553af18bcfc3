"""Read numbers joined by operators and parentheses, and compute them exactly at the end.

The currency, which may come last, decides what `1.250` means; so a sum is kept in reverse Polish
order until the whole of it is known.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from ledger.money import minor_digits
from ledger.text.lines.line import WORD, TextLine
from ledger.text.model import ReasonId
from ledger.text.numbers.currency_matches import CurrencyMatch, currency_at
from ledger.text.numbers.non_amounts import TIMES_LETTERS
from ledger.text.numbers.numerals import read_numeral
from ledger.text.numbers.operands import Operand, is_own_word, read_operand, suffix_at

OPERANDS_MAX = 60
DEPTH_MAX = 8
BITS_MAX = 4096
"""Size of a result beyond which no number is money."""


@dataclass(slots=True)
class Sum:
    """A sum that starts at a token and ends before `end`."""

    line: TextLine
    items: list[Operand | str] = field(default_factory=list)
    currency_matches: list[CurrencyMatch] = field(default_factory=list)
    end: int = 0
    parentheses: int = 0

    @property
    def operands(self) -> list[Operand]:
        """Return its numbers in the order in which they were typed."""
        return [item for item in self.items if isinstance(item, Operand)]

    @property
    def operators(self) -> list[str]:
        """Return the operators that join the operands."""
        return [item for item in self.items if isinstance(item, str)]

    def has_only(self, operator: str) -> bool:
        """Return whether it joins exactly two numbers by this operator."""
        return len(self.items) == 3 and self.items[2] == operator


@dataclass(frozen=True, slots=True)
class Result:
    """The value of a sum, or the reason why it has none."""

    value: Fraction = Fraction(0)
    reason: ReasonId | None = None
    decimals: int | None = None
    """Digits behind the point of a single number as typed."""


def read_sum(line: TextLine, at: int, lead: CurrencyMatch | None) -> Sum | None:
    """Read the longest sum that starts at this token; `lead` is the currency in front of it."""
    reading = Sum(line)
    if lead:
        reading.currency_matches.append(lead)
    if not _read_terms(reading, at, 0, lead):
        return None
    if line.is_sign(reading.end - 1, ")") and (
        currency_match := suffix_at(line, reading.end, lead)
    ):
        reading.currency_matches.append(currency_match)
        reading.end += 1
    return reading


def work_out(reading: Sum, currency: str) -> Result:
    """Work a sum out in a currency."""
    stack: list[Fraction] = []
    decimals: int | None = None
    digits = minor_digits(currency)
    for item in reading.items:
        if isinstance(item, Operand):
            numeral = read_numeral(item.literal, digits)
            if numeral.reason:
                return Result(reason=numeral.reason)
            decimals = numeral.decimals
            value = numeral.value * item.times + item.extra
            stack.append(
                value / 100 if item.currency_match and item.currency_match.hundredth else value
            )
            continue
        right, left = stack.pop(), stack.pop()
        if item == "/" and right == 0:
            return Result(reason="division_by_zero")
        stack.append(_applied(item, left, right))
    total = stack[-1]
    # Sixty factors of many digits would make a number whose printing alone blocks the loop.
    if total.numerator.bit_length() > BITS_MAX:
        return Result(reason="limit")
    return Result(total, "negative" if total < 0 else None, decimals)


def _applied(operator: str, left: Fraction, right: Fraction) -> Fraction:
    if operator == "+":
        return left + right
    if operator == "-":
        return left - right
    return left * right if operator == "*" else left / right


# --- reading


def _read_terms(reading: Sum, at: int, depth: int, lead: CurrencyMatch | None = None) -> bool:
    """Read `term (+|-) term …` from here; `reading.end` is where it ends."""
    if not _read_factors(reading, at, depth, lead):
        return False
    line = reading.line
    while line.is_sign(reading.end, "+-") and _may_join(line, reading.end, depth):
        operator, annotation = line.key(reading.end), _checkpoint(reading)
        # A sign without a number behind it belongs to the note: `coffee 3 - big`.
        if not _read_factors(reading, reading.end + 1, depth, None):
            _back_to(reading, annotation)
            break
        reading.items.append(operator)
    return True


def _read_factors(reading: Sum, at: int, depth: int, lead: CurrencyMatch | None) -> bool:
    """Read `factor (*|/) factor …`."""
    if not _read_factor(reading, at, depth, lead):
        return False
    while operator := _times_or_over(reading.line, reading.end):
        annotation = _checkpoint(reading)
        if not _read_factor(reading, reading.end + 1, depth, None):
            _back_to(reading, annotation)
            break
        reading.items.append(operator)
    return True


def _read_factor(reading: Sum, at: int, depth: int, lead: CurrencyMatch | None) -> bool:
    """Read one number, or a sum in parentheses."""
    line = reading.line
    if len(reading.items) >= 2 * OPERANDS_MAX:
        return False
    # The depth bounds recursion, whatever a person types.
    if line.is_sign(at, "(") and depth < DEPTH_MAX and not line.owners[at]:
        if not _read_terms(reading, at + 1, depth + 1) or not line.is_sign(reading.end, ")"):
            return False
        reading.end += 1
        reading.parentheses += 1
        return True
    if reading.items and (currency_match := currency_at(line, at, before=True)):
        lead, at = currency_match, at + 1
        reading.currency_matches.append(currency_match)
    operand = read_operand(line, at, lead)
    if operand is None:
        return False
    reading.items.append(operand)
    reading.currency_matches += [operand.currency_match] if operand.currency_match else []
    reading.end = operand.end
    return True


_Checkpoint = tuple[int, int, int, int]


def _checkpoint(reading: Sum) -> _Checkpoint:
    return len(reading.items), len(reading.currency_matches), reading.end, reading.parentheses


def _back_to(reading: Sum, annotation: _Checkpoint) -> None:
    """Forget what was read since a annotation."""
    del reading.items[annotation[0] :]
    del reading.currency_matches[annotation[1] :]
    reading.end, reading.parentheses = annotation[2], annotation[3]


def _times_or_over(line: TextLine, at: int) -> str:
    if line.is_sign(at, "*/"):
        return line.key(at)
    if line.is_sign(at, "@·"):
        return "*"
    if at < len(line.tokens) and line.tokens[at].kind == WORD and line.key(at) in TIMES_LETTERS:
        return "*"
    return ""


def _may_join(line: TextLine, sign: int, depth: int) -> bool:
    """Return whether `+` adds rather than parts two entries; `-` always takes away."""
    if depth or line.key(sign) == "-" or (line.touches(sign) and line.touches(sign + 1)):
        return True
    if line.owners[sign] == "separator":
        return False
    if has_words_next_to(line, sign, -1) and has_words_next_to(line, sign, 1):
        # Claimed, so that parts are cut here too: `lunch 12 + coffee 3` are two entries.
        line.claim(sign, sign + 1, "separator")
        return False
    return True


def has_words_next_to(line: TextLine, sign: int, step: int) -> bool:
    """Return whether words of a note are on this side of a sign, up to the next separator."""
    at = sign + step
    while 0 <= at < len(line.tokens) and not line.is_sign(at, ",;&+"):
        if is_own_word(line, at) and currency_at(line, at, before=step < 0) is None:
            return True
        at += step
    return False
