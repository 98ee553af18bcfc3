"""Read one written number, with its separators, as an exact value.

The last of two separators is the decimal point and the other one groups; a single one is decided by
its place and by the currency's digits.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from ledger.text.model import ReasonId

LITERAL_MAX = 64
"""Longest numeral that is read, in characters; longer ones are beyond any limit of money."""


@dataclass(frozen=True, slots=True)
class Numeral:
    """The value of a numeral, or the reason why it has none."""

    value: Fraction = Fraction(0)
    decimals: int | None = None
    """Digits behind the point as typed; None without a point."""
    reason: ReasonId | None = None


def read_numeral(literal: str, minor_digits: int) -> Numeral:
    """Read digits with `.`, `,`, `'`, `_` and `٫` (the Arabic decimal point)."""
    if literal.isdecimal():
        return _whole(literal)
    if len(literal) > LITERAL_MAX:
        return Numeral(reason="malformed")
    whole, point, fraction = _split(literal, minor_digits)
    digits = _ungrouped(whole)
    if digits is None or (fraction and not fraction.isdecimal()):
        return Numeral(reason="malformed")
    if not point:
        return _whole(digits)
    if point == "." and looks_like_day(literal) and digits[0] == "0":
        return Numeral(reason="leading_zero")
    return Numeral(Fraction(f"{digits}.{fraction}"), len(fraction))


def looks_like_day(literal: str) -> bool:
    """Return whether `d.m` holds a day and a month that exist."""
    day, _, month = literal.partition(".")
    return (
        day.isdecimal()
        and month.isdecimal()
        and len(day) <= 2
        and len(month) <= 2
        and 1 <= int(day) <= 31
        and 1 <= int(month) <= 12
    )


def _whole(digits: str) -> Numeral:
    if len(digits) > 1 and digits[0] == "0" and digits.strip("0"):
        return Numeral(reason="leading_zero")
    if len(digits) > LITERAL_MAX:
        return Numeral(reason="limit")
    return Numeral(Fraction(int(digits)))


def _split(literal: str, minor_digits: int) -> tuple[str, str, str]:
    """Return the grouped whole part, the decimal point (or nothing) and the digits behind it."""
    if "٫" in literal:
        return literal.rpartition("٫")
    last = max(literal.rfind("."), literal.rfind(","))
    if last < 0:
        return literal, "", ""
    point = literal[last]
    other = "," if point == "." else "."
    if other in literal:
        return literal.rpartition(point)
    before, after = literal[:last], literal[last + 1 :]
    if point in before:
        return literal, "", ""
    if len(after) == 3 and minor_digits != 3 and before.isdecimal() and 1 <= len(before) <= 3:
        zero = before.strip("0") == ""
        return (before, point, after) if zero else (literal, "", "")
    return before, point, after


def _ungrouped(whole: str) -> str | None:
    """Return the digits of a whole part whose groups are right, else None."""
    if whole.isdecimal():
        return whole
    annotations = {c for c in whole if not c.isdecimal()}
    if len(annotations) != 1:
        return None
    annotation = annotations.pop()
    first, *groups = whole.split(annotation)
    if not first.isdecimal() or not 1 <= len(first) <= 3 or first[0] == "0":
        return None
    if all(len(group) == 3 for group in groups):
        return first + "".join(groups)
    indian = annotation == "," and len(first) <= 2 and len(groups[-1]) == 3
    if indian and all(len(group) == 2 for group in groups[:-1]):
        return first + "".join(groups)
    return None
