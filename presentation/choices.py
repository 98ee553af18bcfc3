"""List the currencies, zones, hours and days to choose from in set-up and settings."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from ledger.money import MINOR_DIGITS

_FILE = Path(__file__).with_name("choices.toml")
FIRST_CURRENCIES = 8
CURRENCIES_PER_PAGE = 24
FIRST_ZONES = 8
ZONES_PER_PAGE = 24
CONTINENTS = ("Europe", "America", "Asia", "Africa", "Australia", "Pacific", "Atlantic", "Indian")
HOURS = tuple(range(6, 24))
MONTH_STARTS = tuple(range(1, 32))


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


def currencies_for(current: str) -> tuple[str, ...]:
    """List the currencies offered first: the chat's own guess, then the most used ones."""
    common: list[str] = _table()["currencies"]["common"]
    return tuple(dict.fromkeys((current, *common)))[:FIRST_CURRENCIES]


def all_currencies() -> tuple[str, ...]:
    """List every circulating currency: the common ones first, then by code."""
    common: list[str] = _table()["currencies"]["common"]
    return tuple(dict.fromkeys((*common, *sorted(MINOR_DIGITS))))


def zones_for(currency: str, current: str) -> tuple[str, ...]:
    """List the zones offered first: those where a currency is spent, filled up from the world."""
    table = _table()
    there: list[str] = table["zones"].get(currency, [])
    own = () if current in ("UTC", "Etc/UTC") else (current,)
    return tuple(dict.fromkeys((*own, *there, *table["common_zones"]["world"])))[:FIRST_ZONES]


@cache
def known_zones() -> tuple[str, ...]:
    """List the zones that most people live in, the most populous first."""
    table = _table()
    world: list[str] = table["common_zones"]["world"]
    return tuple(dict.fromkeys((*world, *(z for zones in table["zones"].values() for z in zones))))
