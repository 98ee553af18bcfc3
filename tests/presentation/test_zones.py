from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, available_timezones

import pytest

from presentation import views, zones
from presentation.choices import CONTINENTS
from presentation.localizer import Localizer

WINTER = datetime(2026, 11, 30, 12, tzinfo=UTC)


def test_no_city_is_listed_twice_and_large_ones_come_first() -> None:
    for continent in CONTINENTS:
        listed = zones.list_zones(continent)
        assert listed
        assert len(set(listed)) == len(listed)
        assert set(listed) <= available_timezones()
    assert "Europe/Belfast" not in zones.list_zones("Europe"), "an alias of London"
    assert zones.list_zones("America").index("America/New_York") < 24, "on the first page"


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("berlin", "Europe/Berlin"),
        ("new york", "America/New_York"),
        ("New Y", "America/New_York"),
        ("Sao Paulo", "America/Sao_Paulo"),
        ("São Paulo", "America/Sao_Paulo"),
        ("MSK", "Europe/Moscow"),
        ("JST", "Asia/Tokyo"),
        ("kolkata", "Asia/Kolkata"),
    ],
)
def test_a_place_is_found_by_what_people_type(text: str, zone: str) -> None:
    assert zones.find_zones(text, WINTER)[0] == zone


@pytest.mark.parametrize(
    ("text", "hours"), [("GMT+3", 3), ("utc-5", -5), ("UTC +05:30", 5.5), ("GMT−3", -3)]
)
def test_an_offset_offers_the_zones_that_have_it_now(text: str, hours: float) -> None:
    found = zones.find_zones(text, WINTER)
    assert found
    for zone in found:
        offset = WINTER.astimezone(ZoneInfo(zone)).utcoffset()
        assert offset is not None
        assert offset.total_seconds() == hours * 3600


@pytest.mark.parametrize(
    ("latitude", "longitude", "zone"),
    [
        (52.5, 13.4, "Europe/Berlin"),
        (40.7, -74.0, "America/New_York"),
        (-33.9, 151.2, "Australia/Sydney"),
    ],
)
def test_a_location_offers_the_zones_nearby(latitude: float, longitude: float, zone: str) -> None:
    assert zones.find_near(latitude, longitude)[0] == zone


def test_nonsense_says_how_to_find_a_zone(localizer: Callable[..., Localizer]) -> None:
    t = localizer("de")
    assert zones.find_zones("xyzzy", WINTER) == ()
    reply = views.zones_found((), t, now=WINTER)
    assert "Standort" in reply.text
    assert reply.buttons
