"""Find entries that are unusually large, and prices that changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import chain
from typing import Any

from ledger.entries.queries import EntryFilter
from ledger.insights.insight import (
    FixedCost,
    FixedCostsFact,
    Insight,
    PriceFact,
    StepFact,
    UnusualFact,
    bucket_of,
    bucket_of_share,
)
from ledger.insights.prices import ItemBought, find_item_prices, find_step
from ledger.insights.unusual import HISTORY_MAX, find_usual
from ledger.money import Money, to_minor
from ledger.recurring.detection import list_spendings
from ledger.recurring.editing import next_day
from ledger.stored_receipts import BookedReceipt
from services.conversion import Conversion
from services.insights.repeats import Repeats
from services.scope import Scope

NEW_FOR = timedelta(days=35)
"""An entry, a price and a step are told so long."""
RECEIPTS_MAX = 120
"""Latest receipts whose lines are read; each costs a few kilobytes."""
PRICES_MAX = 3
UNUSUAL_MAX = 3
_A_MONTH = 30.44
_UNIT_DAYS = {"day": 1.0, "week": 7.0, "month": _A_MONTH}


def find_unusual(scope: Scope, repeats: Repeats) -> Iterator[Insight]:
    """Yield new entries that are far larger than earlier ones of their name, the largest first."""
    entries = {one.id: one for one in repeats.entries if one.id not in repeats.ids}
    earlier: dict[tuple[str, str], list[int]] = defaultdict(list)
    found: list[Insight] = []
    # Oldest first, so that each entry is compared with those before it alone.
    for one in list_spendings(reversed(entries.values())):
        if one.type != "expense" or not one.key:
            continue
        minors = earlier[one.key, one.currency]
        usual = find_usual(one.minor, minors) if _is_new(scope, one.on) else None
        if usual is not None:
            fact = UnusualFact(
                entries[one.entry_id],
                Money.of_minor(usual, one.currency),
                min(len(minors), HISTORY_MAX),
            )
            found.append(
                Insight(
                    "unusual",
                    one.entry_id,
                    scope.settings.calendar.of("month", one.on).start.isoformat(),
                    bucket_of(one.minor),
                    fact,
                    one.minor - usual,
                    EntryFilter(words=one.note or one.merchant),
                    (one.entry_id,),
                )
            )
        minors.append(one.minor)
    yield from sorted(found, key=lambda one: -one.weight)[:UNUSUAL_MAX]


def _is_new(scope: Scope, on: date) -> bool:
    return scope.today - NEW_FOR <= on <= scope.today


def find_steps(scope: Scope, repeats: Repeats) -> Iterator[Insight]:
    """Yield subscriptions whose price has changed lately, the largest difference first."""
    found: list[Insight] = []
    for series in repeats.detected:
        step = find_step(series) if series.type == "expense" else None
        if step is None or not _is_new(scope, step.first.on):
            continue
        money, before, a_year = (
            Money.of_minor(minor, series.currency)
            for minor in (step.minor, step.before, step.a_year)
        )
        title = series.last.note or series.last.merchant
        # The month is the bucket too, since a second step may be as large as the first.
        month = f"{step.first.on:%Y-%m}"
        found.append(
            Insight(
                "step",
                series.key,
                f"{month}-01",
                month,
                StepFact(title, money, before, step.first.on, a_year),
                abs(step.a_year) // 12,
                EntryFilter(words=title),
            )
        )
    yield from sorted(found, key=lambda one: -one.weight)


def find_fixed_costs(scope: Scope, repeats: Repeats) -> Iterator[Insight]:
    """Yield the fixed prices that come again, in one insight; it is shown where it is asked for."""
    costs: list[tuple[float, FixedCost]] = []
    of_series = (
        (one.money, one.title, one.plan.rule.unit, one.plan.rule.every)
        for one in repeats.series
        if one.type == "expense"
        and not (one.paused or one.varies)
        # After its end a series is there still, as something to look up.
        and next_day(one, scope.today)
    )
    of_detected = (
        (
            Money.of_minor(one.last.minor, one.currency),
            one.last.note or one.last.merchant,
            one.cadence.unit,
            one.cadence.every,
        )
        for one in repeats.detected
        # A new price makes the latest amounts differ, but the price is fixed.
        if one.type == "expense" and (not one.varies or find_step(one))
    )
    for money, title, unit, every in chain(of_series, of_detected):
        counted = Conversion().restate(scope, money, scope.settings.currency, scope.today)
        if counted is not None:
            # A year is a rule of twelve months, so no other unit can come here.
            a_month = counted.minor * _A_MONTH / (_UNIT_DAYS[unit] * every)
            costs.append((a_month, FixedCost(title, money, unit, every)))
    if not costs:
        return
    costs.sort(key=lambda pair: -pair[0])
    whole = round(sum(cost for cost, _ in costs))
    fact = FixedCostsFact(
        tuple(one for _, one in costs), Money.of_minor(whole, scope.settings.currency)
    )
    month = scope.settings.calendar.of("month", scope.today).start.isoformat()
    # It hardly changes, so it weighs nothing and is only shown where it is asked for.
    yield Insight("fixed", "", month, bucket_of(whole), fact, 0, is_news=False)


def find_prices(scope: Scope, _: Repeats) -> Iterator[Insight]:
    """Yield items of receipts whose price at a shop has changed, the largest share first."""
    receipts = scope.repositories.receipts.latest(scope.ledger.id, RECEIPTS_MAX)
    changed = [
        one
        for one in find_item_prices(item for receipt in receipts for item in _list_items(receipt))
        if _is_new(scope, one.latest.on)
    ]
    changed.sort(key=lambda one: (-abs(one.latest.minor - one.before) / one.before, one.key))
    for one in changed[:PRICES_MAX]:
        latest, first = one.latest, one.bought[0]
        money, before = (
            Money.of_minor(minor, latest.currency) for minor in (latest.minor, one.before)
        )
        yield Insight(
            "price",
            one.key,
            f"{latest.on:%Y-%m}-01",
            bucket_of_share(latest.minor, one.before),
            PriceFact(
                latest.name, latest.shop, money, before, latest.on, first.on, len(one.bought)
            ),
            abs(latest.minor - one.before),
            entry_ids=tuple(dict.fromkeys((latest.entry_id, one.bought[-2].entry_id))),
        )


def _list_items(receipt: BookedReceipt) -> Iterator[ItemBought]:
    drafts: Any = receipt.reading.get("drafts") or ()
    if not 0 <= receipt.position < len(drafts):
        return
    for name, price, quantity, unit_price in drafts[receipt.position]["items"]:
        # Weighed things have a price by the kilogram, others one by the piece.
        one = Decimal(unit_price) if unit_price else Decimal(price)
        if not unit_price and quantity and Decimal(quantity) > 0:
            one /= Decimal(quantity)
        minor = to_minor(one, receipt.currency)
        yield ItemBought(
            name, receipt.merchant, receipt.spent_on, minor, receipt.currency, receipt.entry_id
        )
