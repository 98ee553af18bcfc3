"""Rules of insights: unusual amounts, changes and their parts, price steps, limits, and what is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest

from ledger.entries.queries import DaySum
from ledger.insights.changes import Sum, decompose, find_changed
from ledger.insights.insight import (
    FixedCostsFact,
    Insight,
    InsightMark,
    choose,
    pick,
    without_refused,
)
from ledger.insights.prices import ItemBought, find_item_prices, find_step
from ledger.insights.proposals import find_habit, propose_limits, round_up
from ledger.insights.unusual import HISTORY_MIN, find_usual
from ledger.money import Money
from ledger.periods.period import month_of
from ledger.recurring.detection import Spending, detect


@pytest.mark.parametrize(
    ("minor", "earlier", "usual"),
    [
        (45_000, [4200, 3900, 5100, 4400, 4000, 4800, 4300, 4600, 4100], 4300),
        # Equal amounts have no deviation, so a ratio decides.
        (1400, [350] * 10, 350),
        (700, [350] * 10, None),
        # An amount like it was there before.
        (45_000, [4200, 3900, 5100, 4400, 4000, 4800, 30_000, 4600, 4100, 4300], None),
        # Wide prices make a large one usual.
        (9000, [500, 3000, 900, 4800, 1500, 700, 4400, 2500, 600], None),
        # Small amounts and short histories are not judged.
        (45, [4200, 3900, 5100, 4400, 4000, 4800, 4300, 4600, 4100], None),
        (45_000, [4200] * (HISTORY_MIN - 1), None),
        (45_000, [0] * 20, None),
    ],
)
def test_an_amount_is_unusual_by_its_names_own_history(
    minor: int, earlier: list[int], usual: int | None
) -> None:
    assert find_usual(minor, earlier) == usual


def test_the_parts_of_a_change_add_up_to_it() -> None:
    seed = 5
    random = Random(seed)
    for _ in range(300):
        before = [Sum(n := random.randrange(9), n * random.randrange(1, 9000)) for _ in range(3)]
        new = Sum(random.randrange(3), random.randrange(5000))
        now = Sum(new.number + random.randrange(9), new.minor + random.randrange(90_000))
        parts = decompose(now, before, new)
        usual = round(Decimal(sum(one.minor for one in before)) / 3)
        assert parts.minor == now.minor - usual, f"seed {seed}"
        assert parts.usual_minor == usual


def test_a_change_is_named_by_its_cause() -> None:
    before = [Sum(4, 4000)] * 3
    more = decompose(Sum(8, 8000), before, Sum())
    assert (more.by_number, more.by_price, more.by_shops) == (4000, 0, 0)
    dearer = decompose(Sum(4, 6000), before, Sum())
    assert (dearer.by_number, dearer.by_price) == (0, 2000)
    elsewhere = decompose(Sum(5, 9000), before, Sum(1, 5000))
    assert (elsewhere.by_shops, elsewhere.by_number, elsewhere.by_price) == (5000, 0, 0)
    assert (elsewhere.number, elsewhere.usual_number) == (4, Decimal(4))


def test_only_what_weighs_is_told_as_a_change() -> None:
    before = [{"rent": Sum(1, 80_000), "food": Sum(10, 30_000), "gum": Sum(1, 100)}] * 3
    now = {"rent": Sum(1, 81_000), "food": Sum(18, 45_000), "gum": Sum(9, 900)}
    assert find_changed(now, before) == ["food"]
    # What is no longer bought has changed as well, what was never bought has not.
    assert find_changed({"rent": Sum(1, 80_000)}, before) == ["food"]
    assert find_changed({**before[0], "boat": Sum(1, 90_000)}, before) == []


def paid(minors: list[int], note: str = "netflix") -> list[Spending]:
    months = [date(2026, 1 + n, 5) for n in range(len(minors))]
    return [
        Spending(f"{note}{n}", on, "expense", minor, "EUR", "subscriptions", note, "")
        for n, (on, minor) in enumerate(zip(months, minors, strict=True))
    ]


@pytest.mark.parametrize(
    ("minors", "step"),
    [
        ([1299] * 6 + [1499], (1499, 1299, date(2026, 7, 5))),
        ([1299] * 5 + [1499] * 3, (1499, 1299, date(2026, 6, 5))),
        ([1299] * 8, None),
        # A bill differs each time, a rate of another currency by a cent.
        ([5000, 5300, 4900, 5600, 5200, 5500, 5100, 5400], None),
        ([1299] * 6 + [1300], None),
    ],
)
def test_a_step_is_a_change_of_a_price_that_held(
    minors: list[int], step: tuple[int, int, date] | None
) -> None:
    (series,) = detect(paid(minors), date(2026, 9, 1))
    found = find_step(series)
    assert (found and (found.minor, found.before, found.first.on)) == step
    assert found is None or found.a_year == pytest.approx(2400, abs=5)


def test_an_item_is_compared_at_one_shop_by_its_printed_name() -> None:
    def bought(name: str, shop: str, day: int, minor: int) -> ItemBought:
        return ItemBought(name, shop, date(2026, 11, day), minor, "EUR", f"{shop}{day}")

    lines = [bought("Milch 1L", "EDEKA", day, 109) for day in (1, 5, 9)]
    lines += [bought("MILCH  1l", "Edeka", 15, 139), bought("Milch 1L", "LIDL", 16, 99)]
    lines += [bought("12 x 3", "EDEKA", day, 100 * day) for day in (1, 2, 3)]
    (price,) = find_item_prices(lines)
    assert (price.latest.minor, price.before, len(price.bought)) == (139, 109, 4)
    assert list(find_item_prices(lines[:3])) == []


def test_a_limit_is_proposed_for_what_is_bought_regularly_and_at_will() -> None:
    months = [month_of(date(2026, n, 1)) for n in range(5, 11)]
    days = [
        DaySum(one.start + timedelta(days=day), name, minor)
        for one in months
        for day, name, minor in ((1, "housing", 80_000), (3, "groceries", 29_000), (20, "groceries", 9700))
    ]  # fmt: skip
    days.append(DaySum(date(2026, 8, 4), "travel", 190_000))
    rent = [one for one in days if one.category == "housing"]
    (found,) = propose_limits(days, rent, months, "EUR")
    assert (found.category, found.usual, found.limit) == ("groceries", 38_700, 39_000)
    assert propose_limits(days, rent, months[:2], "EUR") == []


@pytest.mark.parametrize(
    ("minor", "currency", "limit"),
    [
        (3820, "EUR", 4000),
        (121_400, "EUR", 125_000),
        (15_100, "EUR", 15_500),
        (38_700, "JPY", 39_000),
    ],
)
def test_limits_are_round(minor: int, currency: str, limit: int) -> None:
    assert round_up(minor, currency) == limit


def test_a_habit_is_small_and_frequent() -> None:
    coffee = [replace(one, entry_id=f"c{n}") for n in range(12) for one in paid([380], "coffee")]
    dinners = paid([4000] * 9, "dinner")
    found = find_habit([*coffee, *dinners], 80_000)
    assert found
    assert (found.key, found.number, found.minor) == ("coffee", 12, 4560)
    assert find_habit(coffee, 500_000) is None


def insight(kind: str = "change", about: str = "food", **more: object) -> Insight:
    fact = FixedCostsFact((), Money(Decimal(1), "EUR"))
    plain = Insight(kind, about, "2026-11-01", "p3", fact, 100)  # type: ignore[arg-type]
    return replace(plain, **more)  # type: ignore[arg-type]


def test_nothing_is_told_twice_and_no_is_forever() -> None:
    food, fuel = insight(weight=5), insight("unusual", "e1", weight=9)
    assert choose([food, fuel], [], 3) == [fuel, food]
    assert len(choose([insight(about=f"{n}") for n in range(5)], [], 3)) == 3
    told = [
        InsightMark("change", "food", "2026-11-01", "p1"),
        InsightMark("unusual", "e1", "2026-10-01", "p3"),
    ]
    # Its month was told, whatever the size; an entry is not news in another month either.
    assert choose([food, fuel], told, 3) == []
    assert choose([insight(month="2026-12-01")], told, 3) != []
    refused = [InsightMark("change", "food", "", "")]
    assert choose([insight(month="2027-01-01", bucket="p9")], refused, 3) == []
    assert without_refused([food, fuel], refused) == [fuel]
    assert choose([insight(is_news=False)], [], 3) == []


def test_every_kind_is_shown_before_a_second_of_one() -> None:
    found = [insight(about=f"{n}", weight=100 - n) for n in range(9)]
    found += [insight("habit", "coffee", weight=1), insight("forecast", "", weight=1)]
    shown = pick(found, 4)
    assert [one.key for one in shown] == [
        ("forecast", ""), ("change", "0"), ("change", "1"), ("habit", "coffee"),
    ]  # fmt: skip
