"""Find what stood out in a period, by computing alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from ledger.entries.entry import Entry
from ledger.money import Money

USUAL_PERIODS = 4
"""The periods before by which it is judged what is usual."""

_PERIODS_MIN = 2
_TIMES = 3, 2
"""A category stands out from one and a half times its usual sum on."""
_PART = 20
"""It must also weigh a twentieth of all spending more than usual."""
_SHOWN_MAX = 2


@dataclass(frozen=True, slots=True)
class Unusual:
    """A category that is above its usual sum."""

    category: str
    total: Money
    usual: Money


@dataclass(frozen=True, slots=True)
class Highlights:
    """Hold the entries, categories and shops that stood out in a period."""

    biggest: tuple[Entry, ...] = ()
    """The largest expenses, the largest first."""
    unusual: tuple[Unusual, ...] = ()
    new_shops: tuple[str, ...] = ()
    """Shops that the ledger had never seen before."""


def find_unusual(
    sums: Mapping[str, int], before: Sequence[Mapping[str, int]], currency: str
) -> tuple[Unusual, ...]:
    """Return the categories that are above their usual sums, the largest difference first.

    All sums are minor units by category. `before` are the periods before, in which a category
    without spending counts as nothing; of fewer than two nothing is usual.
    """
    if len(before) < _PERIODS_MIN:
        return ()
    usual = {name: int(median(one.get(name, 0) for one in before)) for name in sums}
    more = {name: sums[name] - usual[name] for name in sums}
    times, of = _TIMES
    found = [
        name
        for name in sums
        if usual[name] > 0
        and sums[name] * of >= usual[name] * times
        and more[name] * _PART >= sum(sums.values())
    ]
    found.sort(key=lambda name: (-more[name], name))
    return tuple(
        Unusual(name, Money.of_minor(sums[name], currency), Money.of_minor(usual[name], currency))
        for name in found[:_SHOWN_MAX]
    )
