"""Convert instants to days in a ledger's own time zone."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


@lru_cache(maxsize=1024)
def zone_of(name: str) -> ZoneInfo:
    """Return an IANA zone; a name that the zone database lost falls back to UTC."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def day_of(at: datetime, timezone: str) -> date:
    """Return the calendar day of an aware instant in a zone."""
    return at.astimezone(zone_of(timezone)).date()


def is_zone(name: str) -> bool:
    """Return whether this names an IANA zone."""
    return zone_of(name).key == name


def utc(at: datetime) -> datetime:
    """Return the same instant in UTC, as `*_at` fields hold it."""
    return at.astimezone(UTC)
