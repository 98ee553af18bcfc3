"""Find the country whose conventions a chat follows when it writes days as numbers."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from ledger.text.lines.characters import fold
from ledger.text.numbers.currencies import COUNTRIES


@lru_cache(maxsize=1)
def _zones() -> dict[str, str]:
    text = (files("ledger.text") / "data" / "zones.txt").read_text("utf-8")
    rows = (line.split(": ", 1) for line in text.splitlines() if line and line[0] != "#")
    return {zone: country for country, zones in rows for zone in zones.split()}


@lru_cache(maxsize=1)
def _dates() -> dict[str, frozenset[str]]:
    text = (files("ledger.text") / "data" / "regions.toml").read_text("utf-8")
    return {key: frozenset(v.split()) for key, v in tomllib.loads(text)["dates"].items()}


@lru_cache(maxsize=512)
def spoken_languages(language: str, region: str | None) -> frozenset[str]:
    """Return the languages whose short words count in a chat: its own, its region's, English."""
    text = (files("ledger.text") / "data" / "regions.toml").read_text("utf-8")
    spoken = tomllib.loads(text)["spoken"].get(region or "", "")
    return frozenset({language, "en", "", *spoken.split()})


@lru_cache(maxsize=1)
def _no_days() -> dict[str, frozenset[str]]:
    text = (files("ledger.text") / "data" / "regions.toml").read_text("utf-8")
    return {fold(key): frozenset(v.split()) for key, v in tomllib.loads(text)["no_days"].items()}


def is_no_day(key: str, region: str | None) -> bool:
    """Return whether a folded word names a day elsewhere, and something else in a region."""
    return region in _no_days().get(key, ())


@dataclass(frozen=True, slots=True)
class DateConventions:
    """The conventions by which a chat writes days."""

    language: str
    """Without script or region, lower case."""
    region: str | None
    """ISO 3166 country, None when nothing tells it."""
    month_first: bool
    dotted: bool
    """12.03. is a day here."""
    ordinal_dot: bool
    """2. is "the second" here."""


@lru_cache(maxsize=512)
def find_conventions(tag: str, timezone: str, currency: str) -> DateConventions:
    """Return the conventions for a BCP 47 tag; region: the tag's, the zone's, the currency's country."""
    parts = tag.replace("_", "-").split("-")
    language = parts[0].lower()
    named = next((p.upper() for p in parts[1:] if len(p) == 2 and p.isalpha()), None)
    region = named or _zones().get(timezone) or COUNTRIES.get(currency)
    dates = _dates()
    local = language in {"en", "fil", "tl"} and region in dates["month_first"]
    return DateConventions(
        language=language,
        region=region,
        month_first=local or language in dates["month_first_languages"],
        dotted=language in dates["dotted_languages"] or region in dates["dotted"],
        ordinal_dot=language in dates["ordinal_dot_languages"],
    )
