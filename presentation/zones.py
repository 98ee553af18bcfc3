"""Find a time zone by continent, by typed words, or by coordinates.

The table is the zone database's own (`zone.tab`): one row per zone and country, without the aliases
that would list a city twice.
"""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from presentation import choices

FOUND_MAX = 8
NEAR_MAX = 3
"""Zones offered for a place; near a border the nearest city may belong to the neighbour."""
_OFFSET = re.compile(r"(?:gmt|utc)?\s*([+\-−])\s*(\d{1,2})(?::?([0-5]\d))?", re.IGNORECASE)
_COORDINATES = re.compile(r"([+-])(\d{2})(\d{2})(\d{2})?([+-])(\d{3})(\d{2})(\d{2})?")


@dataclass(frozen=True, slots=True)
class ZonePlace:
    """A zone and the coordinates of its city, in degrees."""

    zone: str
    latitude: float
    longitude: float


@cache
def list_places() -> tuple[ZonePlace, ...]:
    """Return every zone of the table, the zones that most people live in first."""
    table = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8")
    found = {}
    for line in table.splitlines():
        if line and not line.startswith("#"):
            _, coordinates, zone = line.split("\t")[:3]
            found[zone] = ZonePlace(zone, *_degrees(coordinates))
    known = choices.known_zones()
    order = {zone: number for number, zone in enumerate(known)}
    return tuple(sorted(found.values(), key=lambda p: (order.get(p.zone, len(order)), _city(p))))


def list_zones(continent: str) -> tuple[str, ...]:
    """Return the zones of a continent, the ones that most people live in first."""
    return tuple(p.zone for p in list_places() if p.zone.startswith(f"{continent}/"))


def find_zones(text: str, now: datetime) -> tuple[str, ...]:
    """Return up to `FOUND_MAX` zones that a text names, the likeliest first.

    It may name a zone (`Europe/Berlin`), a city or the beginning of one (`new y`), an abbreviation
    (`MSK`) or an offset (`GMT+3`), which means the zones that have it on that day.
    """
    wanted = _folded(text)
    offset = _OFFSET.fullmatch(text.strip())
    if offset:
        return _with_offset(_offset_of(offset), now)
    tests = (
        lambda p: wanted == p.zone.casefold(),
        lambda p: wanted == _city(p),
        lambda p: wanted == (now.astimezone(ZoneInfo(p.zone)).tzname() or "").casefold(),
        lambda p: len(wanted) > 1 and _city(p).startswith(wanted),
    )
    for test in tests:
        if found := tuple(p.zone for p in list_places() if test(p)):
            return found[:FOUND_MAX]
    return ()


def find_near(latitude: float, longitude: float) -> tuple[str, ...]:
    """Return the zones of the nearest cities, the nearest first."""
    here = ZonePlace("", latitude, longitude)
    return tuple(p.zone for p in sorted(list_places(), key=lambda p: _distance(here, p))[:NEAR_MAX])


def _with_offset(offset: timedelta, now: datetime) -> tuple[str, ...]:
    found = (
        p.zone for p in list_places() if now.astimezone(ZoneInfo(p.zone)).utcoffset() == offset
    )
    return tuple(found)[:FOUND_MAX]


def _offset_of(match: re.Match[str]) -> timedelta:
    sign = 1 if match[1] == "+" else -1
    return sign * timedelta(hours=int(match[2]), minutes=int(match[3] or 0))


def _degrees(coordinates: str) -> tuple[float, float]:
    """Read ISO 6709 (`+5230+01322`) as degrees north and east."""
    match = _COORDINATES.fullmatch(coordinates)
    assert match is not None, "zone.tab has coordinates of this form"
    north = int(match[2]) + int(match[3]) / 60
    east = int(match[6]) + int(match[7]) / 60
    return (north if match[1] == "+" else -north), (east if match[5] == "+" else -east)


def _distance(one: ZonePlace, other: ZonePlace) -> float:
    """Return the angle between two places on the globe, in radians (haversine)."""
    south, north = math.radians(one.latitude), math.radians(other.latitude)
    across = math.radians(other.longitude - one.longitude)
    half = math.sin((north - south) / 2) ** 2
    return 2 * math.asin(
        math.sqrt(half + math.cos(south) * math.cos(north) * math.sin(across / 2) ** 2)
    )


def _city(place: ZonePlace) -> str:
    return _folded(place.zone.rsplit("/", maxsplit=1)[-1].replace("_", " "))


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).casefold()
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())
