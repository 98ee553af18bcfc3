"""Tell the points of a game from a sum: 2-1 and 112-108, but 100-30."""

from __future__ import annotations

from ledger.text.numbers.sums import Sum

SCORE_MAX = 20
"""Two whole numbers up to this, joined by a hyphen, are a score where people chat."""
POINTS_MAX = 3
"""Digits of the points of a game."""
EVEN = 0.6
"""Share of the winner's points above which a loser of a high game stays; no discount is as large."""


def is_even(reading: Sum) -> bool:
    """Return whether both numbers of a difference are points: small ones, or high ones near each other."""
    first, second = (operand.literal for operand in reading.operands)
    if not (first.isdecimal() and second.isdecimal()) or max(len(first), len(second)) > POINTS_MAX:
        return False
    most, least = int(first), int(second)
    return most <= SCORE_MAX or least > most * EVEN
