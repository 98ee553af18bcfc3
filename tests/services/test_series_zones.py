"""A daily series is booked once a day, in the morning of its zone, whatever the clocks do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from ledger.chats import Ledger
from ledger.money import Money
from ledger.recurring.rules import Plan, Rule
from ledger.recurring.series import Series
from ledger.settings import Settings
from services.recurring.planning import BOOKING_HOUR, list_due
from services.scope import Scope

HALF_HOUR = timedelta(minutes=30)


def series_from(start: date) -> Series:
    made = datetime(2011, 1, 1, tzinfo=UTC)
    plan = Plan(Rule("day", 1, start))
    return Series("s", 1, "expense", Money.of_minor(200, "EUR"), "tea", "", plan, 7, 7, made)


@pytest.mark.parametrize(
    ("zone", "first", "missing"),
    [
        ("Europe/Berlin", date(2027, 3, 26), ()),  # spring gap at 02:00
        ("Europe/Berlin", date(2027, 10, 29), ()),  # autumn, 02:00 to 03:00 twice
        ("Australia/Lord_Howe", date(2027, 4, 2), ()),  # half an hour back
        ("America/Santiago", date(2027, 9, 3), ()),  # midnight does not exist
        ("Africa/Casablanca", date(2027, 2, 5), ()),  # back for Ramadan
        ("Pacific/Apia", date(2011, 12, 28), (date(2011, 12, 30),)),  # a day that never was
    ],
)
@pytest.mark.parametrize("quiet", [(), (22, 2), (1, 3)])
def test_each_day_is_booked_once_in_its_own_morning(
    zone: str, first: date, missing: tuple[date, ...], quiet: tuple[int, ...]
) -> None:
    settings = Settings("EUR", zone, "en", quiet_hours=quiet)
    ledger, series = Ledger(1, "k", settings), series_from(first)
    now = datetime.combine(first - timedelta(days=1), datetime.min.time(), UTC)
    booked: list[tuple[date, datetime]] = []
    for _ in range(48 * 7):
        now += HALF_HOUR
        scope = Scope(None, ledger, 0, now)  # type: ignore[arg-type]
        for day in list_due(series, scope, 10):
            booked.append((day, now.astimezone(ZoneInfo(zone))))
            series = replace(series, booked_to=day + timedelta(days=1))
    found = [day for day, _ in booked]
    assert found == [first + timedelta(days=n) for n in range(len(found))]
    assert len(found) >= 5
    for day, at in booked:
        if day in missing:
            # Booked with the first morning that there is.
            assert at.date() == day + timedelta(days=1)
        else:
            assert at.date() == day
            assert at.hour == BOOKING_HOUR
