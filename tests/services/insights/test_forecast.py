"""The forecast of a ledger, of a budget's part of it, and of heavy and short ledgers."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ledger.entries.queries import Coverage
from ledger.insights.forecast import Forecast
from ledger.money import Money
from ports.repositories import Repositories
from services.insights.forecast import forecast
from services.insights.repeats import find_repeats
from tests.services.insights.setup import TODAY, Bought, household, write
from tests.services.setup import Run, Table


async def test_a_household_is_forecast_by_what_comes_again_and_by_its_rests(run: Run) -> None:
    def work(repositories: Repositories) -> tuple[Forecast | None, ...]:
        scope = Table().scope(repositories)
        write(scope, household())
        food = Coverage(categories=("groceries",))
        few = find_repeats(scope, 20)
        return (
            forecast(scope),
            forecast(scope, coverage=food),
            forecast(scope, repeats=few),
            forecast(scope, scope.settings.calendar.of("week", TODAY)),
            forecast(scope, scope.settings.calendar.of("month", date(2026, 10, 1))),
        )

    whole, food, few, week, past = await run(work)
    assert (whole.days_ahead, week.days_ahead) == (10, 2)
    # 800 of rent, 10 times 20, and in the last ten days 30 for the phone and 5 times 20.
    assert whole.spent == Money.of_minor(100_000, "EUR")
    assert whole.total.minor == pytest.approx(113_000, abs=2000)
    assert [(one.title, one.on.day, one.minor) for one in whole.expected.committed] == [
        ("phone", 25, 3000)
    ]
    assert (whole.expected.basis, whole.expected.periods) == ("history", 7)
    low, high = whole.band
    assert low.minor <= whole.total.minor <= high.minor
    assert food.total.minor == pytest.approx(30_000, abs=2000)
    # Where series were looked for in too few entries, the sums hold what comes again.
    assert few.expected.committed == ()
    assert few.total.minor == pytest.approx(113_000, abs=3000)
    assert week.total.minor == pytest.approx(7000, abs=2000)
    assert past is None


async def test_a_new_ledger_is_forecast_by_its_pace_and_months_without_entries_count_for_nothing(
    run: Run,
) -> None:
    def work(repositories: Repositories) -> tuple[Forecast | None, ...]:
        scope = Table().scope(repositories)
        empty = forecast(scope)
        write(scope, household(date(2026, 11, 1)))
        young = forecast(scope)
        # Somebody wrote for three months a year ago, and not since.
        old = (Bought(date(2025, 9, 1) + timedelta(days=n), 1000, "bread") for n in range(91))
        write(scope, old, "old")
        return empty, young, forecast(scope)

    empty, young, after_gap = await run(work)
    assert empty is None
    assert young.expected.basis == "pace"
    # The rent is paid once; what is left goes on at 10 a day.
    assert young.total.minor == pytest.approx(110_000, abs=2000)
    assert young.band is None
    assert after_gap.expected.basis == "pace"
