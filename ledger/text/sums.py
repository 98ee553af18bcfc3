"""Sums: numbers joined by operators and parentheses, read first and worked out exactly at the end.

The currency, which may come last, decides what `1.250` means; so a sum is kept in reverse Polish
order until the whole of it is known.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from ledger.money import minor_digits
from ledger.text.currency_tokens import Coin, currency_at
from ledger.text.line import WORD, Line
from ledger.text.model import ReasonId
from ledger.text.numerals import read_numeral
from ledger.text.operands import Operand, is_own_word, read_operand, suffix_at
from ledger.text.things import TIMES_LETTERS

OPERANDS_MAX = 60
DEPTH_MAX = 8
BITS_MAX = 4096
"""Size of a result beyond which nothing is money any more."""


@dataclass(slots=True)
class Sum:
    """A sum that starts at a token and ends before `end`."""

    line: Line
    items: list[Operand | str] = field(default_factory=list)
    coins: list[Coin] = field(default_factory=list)
    end: int = 0
    parentheses: int = 0

    @property
    def operands(self) -> list[Operand]:
        """Its numbers in the order in which they were typed."""
        return [item for item in self.items if isinstance(item, Operand)]

    @property
    def operators(self) -> list[str]:
        """What joins them."""
        return [item for item in self.items if isinstance(item, str)]

    def has_only(self, operator: str) -> bool:
        """Say whether it joins exactly two numbers by this operator."""
        return len(self.items) == 3 and self.items[2] == operator


@dataclass(frozen=True, slots=True)
class Result:
    """What a sum comes to, or why it comes to nothing."""

    value: Fraction = Fraction(0)
    reason: ReasonId | None = None
    decimals: int | None = None
    """Digits behind the point of a single number as typed."""


def read_sum(line: Line, at: int, lead: Coin | None) -> Sum | None:
    """Read the longest sum that starts at this token; `lead` is the currency in front of it."""
    reading = Sum(line)
    if lead:
        reading.coins.append(lead)
    if not _read_terms(reading, at, 0, lead):
        return None
    if line.is_sign(reading.end - 1, ")") and (coin := suffix_at(line, reading.end, lead)):
        reading.coins.append(coin)
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
            stack.append(value / 100 if item.coin and item.coin.hundredth else value)
            continue
        right, left = stack.pop(), stack.pop()
        if item == "/" and right == 0:
            return Result(reason="division_by_zero")
        stack.append(_applied(item, left, right))
    total = stack[-1]
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


def _read_terms(reading: Sum, at: int, depth: int, lead: Coin | None = None) -> bool:
    """Read `term (+|-) term …` from here; `reading.end` is where it ends."""
    if not _read_factors(reading, at, depth, lead):
        return False
    line = reading.line
    while line.is_sign(reading.end, "+-") and _may_join(line, reading.end, depth):
        operator, mark = line.key(reading.end), _mark(reading)
        if not _read_factors(reading, reading.end + 1, depth, None):
            _back_to(reading, mark)
            break
        reading.items.append(operator)
    return True


def _read_factors(reading: Sum, at: int, depth: int, lead: Coin | None) -> bool:
    """Read `factor (*|/) factor …`."""
    if not _read_factor(reading, at, depth, lead):
        return False
    while operator := _times_or_over(reading.line, reading.end):
        mark = _mark(reading)
        if not _read_factor(reading, reading.end + 1, depth, None):
            _back_to(reading, mark)
            break
        reading.items.append(operator)
    return True


def _read_factor(reading: Sum, at: int, depth: int, lead: Coin | None) -> bool:
    """Read one number, or a sum in parentheses."""
    line = reading.line
    if len(reading.items) >= 2 * OPERANDS_MAX:
        return False
    if line.is_sign(at, "(") and depth < DEPTH_MAX and not line.owners[at]:
        if not _read_terms(reading, at + 1, depth + 1) or not line.is_sign(reading.end, ")"):
            return False
        reading.end += 1
        reading.parentheses += 1
        return True
    if reading.items and (coin := currency_at(line, at, before=True)):
        lead, at = coin, at + 1
        reading.coins.append(coin)
    operand = read_operand(line, at, lead)
    if operand is None:
        return False
    reading.items.append(operand)
    reading.coins += [operand.coin] if operand.coin else []
    reading.end = operand.end
    return True


_Mark = tuple[int, int, int, int]


def _mark(reading: Sum) -> _Mark:
    return len(reading.items), len(reading.coins), reading.end, reading.parentheses


def _back_to(reading: Sum, mark: _Mark) -> None:
    """Forget what was read since a mark."""
    del reading.items[mark[0] :]
    del reading.coins[mark[1] :]
    reading.end, reading.parentheses = mark[2], mark[3]


def _times_or_over(line: Line, at: int) -> str:
    if line.is_sign(at, "*/"):
        return line.key(at)
    if line.is_sign(at, "@·"):
        return "*"
    if at < len(line.tokens) and line.tokens[at].kind == WORD and line.key(at) in TIMES_LETTERS:
        return "*"
    return ""


def _may_join(line: Line, sign: int, depth: int) -> bool:
    """Say whether `+` adds rather than parts two entries; `-` always takes away."""
    if depth or line.key(sign) == "-" or (line.touches(sign) and line.touches(sign + 1)):
        return True
    if line.owners[sign] == "separator":
        return False
    if has_words_beside(line, sign, -1) and has_words_beside(line, sign, 1):
        line.claim(sign, sign + 1, "separator")
        return False
    return True


def has_words_beside(line: Line, sign: int, step: int) -> bool:
    """Say whether words of a note stand on this side of a sign, up to the next separator."""
    at = sign + step
    while 0 <= at < len(line.tokens) and not line.is_sign(at, ",;&+"):
        if is_own_word(line, at) and currency_at(line, at, before=step < 0) is None:
            return True
        at += step
    return False
