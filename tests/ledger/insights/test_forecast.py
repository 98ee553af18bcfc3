"""The expected sum of a period, and the band around it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from random import Random

import pytest

from ledger.entries.queries import DaySum
from ledger.insights.forecast import Committed, Expected, Known, expect
from ledger.periods.period import Period, month_of

NOVEMBER = month_of(date(2026, 11, 1))
TODAY = date(2026, 11, 15)


def months(count: int) -> list[Period]:
    found = [NOVEMBER]
    for _ in range(count):
        found.append(month_of(found[-1].start - timedelta(days=1)))
    return found[:0:-1]


def spend(
    periods: list[Period], of_day: Callable[[date], int], today: date = TODAY
) -> list[DaySum]:
    days = [one.start + timedelta(days=n) for one in periods for n in range(one.days)]
    return [DaySum(day, "groceries", of_day(day)) for day in days if day <= today]


def expected(count: int, of_day: Callable[[date], int], today: date = TODAY) -> Expected:
    before = months(count)
    found = expect(Known(NOVEMBER, today, spend([*before, NOVEMBER], of_day, today), before))
    assert found
    return found


def test_an_even_ledger_goes_on_evenly() -> None:
    found = expected(8, lambda _: 1000)
    # Half of a month of 31 days leaves 15 of them or 16.
    assert (found.basis, found.spent_minor) == ("history", 15_000)
    assert 30_000 <= found.minor <= 31_000
    assert found.low_minor is not None
    assert found.high_minor is not None
    assert found.low_minor <= 30_000 <= found.high_minor


def test_a_rent_of_the_first_day_is_not_multiplied() -> None:
    found = expected(8, lambda day: 90_000 if day.day == 1 else 1000)
    assert abs(found.minor - 119_000) < 12_000


def test_what_comes_again_is_expected_on_its_day_and_not_twice() -> None:
    before, insurance = months(8), 60_000
    days = spend([*before, NOVEMBER], lambda _: 1000)
    yearly = Committed(date(2026, 11, 28), insurance, "insurance")
    plain = expect(Known(NOVEMBER, TODAY, days, before))
    found = expect(Known(NOVEMBER, TODAY, days, before, committed=[yearly]))
    assert plain
    assert found
    assert found.minor == plain.minor + insurance
    # A monthly one is in the sums of the months before, so its part is taken out there.
    monthly = [DaySum(one.start + timedelta(days=27), "bills", 5000) for one in before]
    again = Committed(date(2026, 11, 28), 5000, "phone")
    found = expect(Known(NOVEMBER, TODAY, [*days, *monthly], before, monthly, [again]))
    assert found
    assert found.minor == plain.minor + 5000


@pytest.mark.parametrize(
    ("today", "minor"), [(date(2026, 11, 7), None), (date(2026, 11, 10), 30_000)]
)
def test_a_short_history_has_its_pace_alone_and_no_band(today: date, minor: int | None) -> None:
    before = months(2)
    found = expect(
        Known(NOVEMBER, today, spend([*before, NOVEMBER], lambda _: 1000, today), before)
    )
    assert (found and (found.basis, found.minor, found.low_minor)) == (
        minor and ("pace", minor, None)
    )


def test_three_months_give_no_band_and_seven_give_one() -> None:
    assert expected(3, lambda _: 1000).low_minor is None
    assert expected(7, lambda _: 1000).low_minor is not None


def test_the_band_is_measured_with_the_rule_that_is_used() -> None:
    # Each month a larger first half, and the same second half: the pace goes wrong, the median does not.
    before = months(8)
    sizes = {one.start: place for place, one in enumerate([*before, NOVEMBER])}

    def of_day(day: date) -> int:
        return 1000 + 500 * sizes[day.replace(day=1)] if day.day <= 15 else 1000

    days = spend([*before, NOVEMBER], of_day)
    found = expect(Known(NOVEMBER, TODAY, days, before, looked_from=None))
    assert found
    assert found.high_minor is not None
    # Rests differ by the one day by which months differ, so the rule without the pace errs by no more.
    assert found.high_minor - found.minor <= 1000


def test_the_band_never_ends_below_what_is_spent() -> None:
    seed = 11
    random = Random(seed)
    found = expected(12, lambda _: random.choice((0, 0, 500, 30_000)), date(2026, 11, 29))
    assert found.low_minor is not None
    assert found.spent_minor <= found.low_minor <= found.minor, f"seed {seed}"


def test_a_period_that_does_not_run_is_not_forecast() -> None:
    for today in (date(2026, 10, 31), date(2026, 12, 1)):
        assert expect(Known(NOVEMBER, today, [], months(4))) is None
