"""Find what comes again in time that every forecast can afford, and the days on which it is due."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from ledger.recurring.detection import Detected, Spending
from ledger.recurring.rules import Plan

_A_MONTH = 30.44
_OFTEN = 2.5
_FEW = 2
_APART_MIN = 3


def list_seldom(spendings: Sequence[Spending]) -> list[Spending]:
    """Return the entries whose names come too seldom for a habit.

    Looking for a series among hundreds of coffees takes most of the time and finds none.
    """
    if not spendings:
        return []
    days = [one.on for one in spendings]
    # A fortnightly series comes 2.2 times a month; a weekly one is left out like a habit.
    most = _OFTEN * max(1.0, (max(days) - min(days)).days / _A_MONTH) + _FEW
    counts = Counter(one.key for one in spendings)
    return [one for one in spendings if counts[one.key] <= most]


def list_due(series: Detected, today: date, end: date) -> Iterator[date]:
    """Yield the days from today up to but not including `end` on which a series is due.

    An occurrence that is late by no more than usual is due today.
    """
    # Half a period on, because the next one may come early, and the newest is not due again.
    apart = max(_APART_MIN, int(series.cadence.days / 2))
    first = series.last.on + timedelta(days=apart)
    for nominal in Plan(series.build_rule()).occurrences(first, end):
        if (today - nominal).days <= series.cadence.slack:
            yield max(nominal, today)
