"""Tell amounts that are unusually large for their shop or note.

An amount is compared with the earlier ones of its name by the modified z-score of their logarithms, because
prices differ by factors and a few large ones must not hide the next. A name with few amounts is compared with
nothing, since its category holds too different things to tell (`bench/insights` has the figures).
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, log
from statistics import median

HISTORY_MIN = 8
"""Earlier amounts without which nothing is unusual."""
HISTORY_MAX = 100
"""Latest earlier amounts that count."""
TIMES_MIN = 3.0
"""An amount is at least so many times the usual one, however alike the others are."""
_Z_MAX = 3.5
_TO_DEVIATIONS = 0.6745
"""Median absolute deviation of a normal distribution, in standard deviations."""
_FEW = 5
"""The deviation of few amounts is estimated too low; of so many, the score must be twice as high."""
_ALIKE = 2.0
"""An earlier amount that differs by less than this factor shows that such amounts happen."""


def find_usual(minor: int, earlier: Sequence[int]) -> int | None:
    """Return the usual amount where this one is unusually large; all are minor units of one currency.

    None where the amount is as others are, or where there are too few others.
    """
    logs = [log(one) for one in earlier[-HISTORY_MAX:] if one > 0]
    if len(logs) < HISTORY_MIN or minor <= 0:
        return None
    middle = median(logs)
    off = log(minor) - middle
    if off < log(TIMES_MIN) or any(abs(log(minor) - one) < log(_ALIKE) for one in logs):
        return None
    deviation = median(abs(one - middle) for one in logs)
    # Most earlier amounts are equal where it is nothing, and the ratio alone decides.
    is_far = _TO_DEVIATIONS * off > _Z_MAX * (1 + _FEW / len(logs)) * deviation
    return round(exp(middle)) if is_far else None
