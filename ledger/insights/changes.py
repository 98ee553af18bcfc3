"""Find categories that cost more or less than usual, and say why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

PERIODS = 3
"""Earlier periods whose same days are compared."""
# In fewer days one large shopping more or less would look like a change.
PASSED_MIN = 10
"""Days of a running period without which the one before is compared whole."""
SHOWN_MAX = 2
_PART = 20
"""A change weighs a twentieth of all usual spending,"""
_SHARE = 4
"""and a quarter of the category's own."""
_ONE_PLACE = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Sum:
    """Purchases of a category: their number, and their sum in minor units."""

    number: int = 0
    minor: int = 0


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a change, in minor units; they add up to it."""

    by_shops: int
    by_number: int
    by_price: int
    number: int
    """Purchases without those at new shops."""
    mean: int
    usual_mean: int
    usual_minor: int
    usual_number: Decimal

    @property
    def minor(self) -> int:
        """Return the whole change."""
        return self.by_shops + self.by_number + self.by_price


def find_changed(now: Mapping[str, Sum], before: Sequence[Mapping[str, Sum]]) -> list[str]:
    """Return the categories that changed enough to be told, the largest change first."""
    usual_all = sum(one.minor for sums in before for one in sums.values())
    changes: dict[str, int] = {}
    for name in {*now, *(name for sums in before for name in sums)}:
        # Times the number of periods, so that no average has to be rounded.
        usual = sum(sums.get(name, Sum()).minor for sums in before)
        change = now.get(name, Sum()).minor * len(before) - usual
        # What was never bought has no usual sum, and a first purchase is not a change of habit.
        if usual > 0 and abs(change) * _PART >= usual_all and abs(change) * _SHARE >= usual:
            changes[name] = change
    return sorted(changes, key=lambda name: (-abs(changes[name]), name))


def decompose(now: Sum, before: Sequence[Sum], at_new_shops: Sum) -> Parts:
    """Split the change of a category into new shops, the number of purchases, and their price.

    `before` are the same category in the earlier periods; `at_new_shops` is the part of `now` that was
    spent in shops of which the ledger knew none before.
    """
    count = len(before)
    number, minor = now.number - at_new_shops.number, now.minor - at_new_shops.minor
    usual_number = sum(one.number for one in before)
    usual_minor = sum(one.minor for one in before)
    # Kept exact, since it is multiplied before anything is rounded.
    usual_mean = Decimal(usual_minor) / usual_number if usual_number else Decimal(0)
    # At the usual mean; whatever each purchase cost more is the part of the price.
    by_number = round((number - Decimal(usual_number) / count) * usual_mean)
    rounded_usual = round(Decimal(usual_minor) / count)
    return Parts(
        by_shops=at_new_shops.minor,
        by_number=by_number,
        # The rest, so that the parts add up to the cent.
        by_price=minor - rounded_usual - by_number,
        number=number,
        mean=round(Decimal(minor) / number) if number else 0,
        usual_mean=round(usual_mean),
        usual_minor=rounded_usual,
        usual_number=_shorten(Decimal(usual_number) / count),
    )


def _shorten(number: Decimal) -> Decimal:
    """Round to one place, and to none where that is zero."""
    rounded = number.quantize(_ONE_PLACE, ROUND_HALF_EVEN)
    whole = rounded.to_integral_value()
    return whole if whole == rounded else rounded
