"""Find prices that changed: of subscriptions by their entries, of items by the lines of receipts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from statistics import median

from ledger.entries.searching import fold
from ledger.recurring.detection import Detected, Spending

_EQUAL_BEFORE = 2
"""Equal amounts before a step, so that a bill that varies is none."""
_STEP_SHARE = 0.005
"""Smaller differences come from an exchange rate."""
ITEM_MIN = 3
"""Receipts with an item, without which its price is not compared."""
ITEM_SHARE = 0.1
_NAME_MIN = 3
_A_YEAR = 365.25


@dataclass(frozen=True, slots=True)
class Step:
    """A price and the one before it, in minor units, with the entry that showed it first."""

    minor: int
    before: int
    first: Spending
    a_year: int


def find_step(series: Detected) -> Step | None:
    """Return the latest change of a fixed price, None where there was none or the amounts vary."""
    amounts = [one.minor for one in series.entries]
    minor = amounts[-1]
    # The price may hold for some occurrences already.
    at = len(amounts) - 1
    while at > 0 and _is_same(amounts[at - 1], minor):
        at -= 1
    earlier = amounts[max(0, at - _EQUAL_BEFORE) : at]
    if len(earlier) < _EQUAL_BEFORE or not all(_is_same(one, earlier[-1]) for one in earlier):
        return None
    change = minor - earlier[-1]
    return Step(
        minor, earlier[-1], series.entries[at], round(change * _A_YEAR / series.cadence.days)
    )


def _is_same(one: int, other: int) -> bool:
    return abs(one - other) <= _STEP_SHARE * max(one, other)


@dataclass(frozen=True, slots=True)
class ItemBought:
    """An item on a receipt, with the price of one of it in minor units."""

    name: str
    shop: str
    on: date
    minor: int
    currency: str
    entry_id: str


@dataclass(frozen=True, slots=True)
class ItemPrice:
    """The latest price of an item at a shop, and the usual one before."""

    key: str
    latest: ItemBought
    before: int
    bought: tuple[ItemBought, ...]
    """All of them, the earliest first."""


def find_item_prices(bought: Iterable[ItemBought]) -> Iterator[ItemPrice]:
    """Yield the items whose price at one shop differs from before by a tenth or more.

    An item is the same where its printed name is, apart from case and accents: what paper shortens in
    another way is another item, which is better than a wrong comparison.
    """
    groups: dict[tuple[str, str, str], dict[date, ItemBought]] = defaultdict(dict)
    for one in bought:
        name = " ".join(fold(one.name).split())
        letters = sum(sign.isalpha() for sign in name)
        # A line such as `12 x 3` is a quantity that was read as a name.
        if letters >= _NAME_MIN and one.minor > 0 and one.shop:
            # One price a day: the same receipt may be there twice.
            groups[name, fold(one.shop), one.currency].setdefault(one.on, one)
    for (name, shop, _), by_day in groups.items():
        found = [by_day[on] for on in sorted(by_day)]
        if len(found) < ITEM_MIN:
            continue
        # One price that was misread must not become the usual one.
        usual = round(median(one.minor for one in found[:-1]))
        if abs(found[-1].minor - usual) >= ITEM_SHARE * usual:
            yield ItemPrice(f"{shop}:{name}", found[-1], usual, tuple(found))
