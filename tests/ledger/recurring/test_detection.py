"""Series are found in a ledger, and habits are not taken for them."""

from __future__ import annotations

from datetime import date, timedelta

from ledger.recurring.detection import Spending, detect

TODAY = date(2026, 11, 30)


def entry(on: date, minor: int, note: str, category: str = "subscriptions") -> Spending:
    return Spending(f"{note}{on}{minor}", on, "expense", minor, "EUR", category, note, "")


def monthly(count: int, day: int, minor: int, note: str) -> list[Spending]:
    months = [date(2026, 11 - back, day) for back in range(count)]
    return [entry(on, minor, note) for on in months]


def names(spendings: list[Spending]) -> list[tuple[str, str, int]]:
    return [(one.last.note, one.cadence.name, len(one.entries)) for one in detect(spendings, TODAY)]


def test_three_months_are_a_series_and_two_are_not() -> None:
    assert names(monthly(3, 5, 1299, "netflix")) == [("netflix", "month", 3)]
    assert names(monthly(2, 5, 1299, "netflix")) == []


def test_a_price_step_and_one_miss_are_the_same_series() -> None:
    found = [entry(date(2026, month, 5), 1299, "netflix") for month in (3, 4, 5, 7, 8)]
    found += [entry(date(2026, month, 5), 1499, "netflix") for month in (9, 10, 11)]
    (series,) = detect(found, TODAY)
    assert len(series.entries) == 8
    assert series.expected_minor == 1499
    assert series.build_rule().nominal(1) == date(2026, 12, 5)


def test_coffee_and_groceries_are_habits() -> None:
    days = [date(2026, 6, 1) + timedelta(days=3 * n) for n in range(60)]
    assert names([entry(on, 350, "coffee", "eating_out") for on in days]) == []
    shop = [entry(on, 2000 + 137 * n % 900, "market", "groceries") for n, on in enumerate(days)]
    assert names(shop) == []


def test_a_subscription_at_a_shop_that_is_visited_otherwise_is_found() -> None:
    others = [entry(date(2026, month, 17), 4000 + 700 * month, "amazon") for month in range(5, 12)]
    found = names([*monthly(7, 3, 899, "amazon"), *others])
    assert ("amazon", "month", 7) in found


def test_bills_vary_and_their_median_is_expected() -> None:
    amounts = [4810, 5200, 4790, 5110]
    found = [entry(date(2026, 8 + n, 15), minor, "power") for n, minor in enumerate(amounts)]
    (series,) = detect(found, TODAY)
    assert series.varies
    assert series.expected_minor == 5110


def test_a_series_that_ended_is_stopped() -> None:
    old = [entry(date(2025, month, 5), 999, "gym") for month in range(1, 7)]
    (series,) = detect(old, TODAY)
    assert series.state == "stopped"
