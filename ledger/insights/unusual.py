"""Tell amounts that are unusual for their shop or note.

An amount is compared with the earlier ones of its name by the modified z-score of their logarithms, because
prices differ by factors and a few large ones must not hide the next. Names with fewer amounts are compared
with nothing: their category holds too different things to tell.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, log
from statistics import median

HISTORY_MIN = 8
"""Earlier amounts without which nothing is unusual."""
HISTORY_MAX = 100
"""Latest earlier amounts that count."""
Z_MAX = 3.5
_TO_DEVIATIONS = 0.6745
"""Median absolute deviation of a normal distribution, in standard deviations."""
TIMES_MIN = 2.0
"""An amount is at least so many times the usual one, or that part of it, however alike the others are."""
TIMES_EQUAL = 3.0
"""The same where most earlier amounts are equal, so that their deviation is nothing."""


def find_usual(minor: int, earlier: Sequence[int]) -> int | None:
    """Return the usual amount where this one is unusual; all are minor units of one currency.

    None where the amount is as others are, or where there are too few others.
    """
    logs = [log(one) for one in earlier[-HISTORY_MAX:] if one > 0]
    if len(logs) < HISTORY_MIN or minor <= 0:
        return None
    middle = median(logs)
    deviation = median(abs(one - middle) for one in logs)
    off = abs(log(minor) - middle)
    if deviation == 0:
        is_far = off >= log(TIMES_EQUAL)
    else:
        is_far = off >= log(TIMES_MIN) and _TO_DEVIATIONS * off / deviation > Z_MAX
    return round(exp(middle)) if is_far else None
