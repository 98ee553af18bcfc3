"""Find time zones by a location, a city or an offset, none of which is an expense."""

from __future__ import annotations

import re

from telegram import Update
from telegram.ext import filters

from handlers.context import Context
from handlers.routing.plain_text import PlainText
from presentation import views
from presentation.zones import find_near, find_zones

ZONE_WORDS = re.compile(r"^\s*(?:time ?zone|zeitzone)\b\s*:?\s*", re.IGNORECASE)
_OFFSET = re.compile(r"^\s*(?:gmt|utc)\s*[+\-−]\s*\d{1,2}(?::?\d\d)?\s*$", re.IGNORECASE)
NAMES_ZONE = filters.Regex(ZONE_WORDS) | filters.Regex(_OFFSET)
"""Texts about a time zone, which hold a number that is not an amount."""


def names_zone(text: str) -> bool:
    """Return whether a text passes `NAMES_ZONE`."""
    return bool(ZONE_WORDS.match(text) or _OFFSET.match(text))


async def location_message(update: Update, context: Context) -> None:
    """Offer the time zones of the cities nearby."""
    location = context.message.location
    assert location is not None
    responder = await context.enter()
    zones = find_near(location.latitude, location.longitude)
    responder.reply(views.zones_found(zones, responder.t, now=responder.now))


async def zone_message(update: Update | PlainText, context: Context) -> None:
    """Offer the time zones that a text names: `GMT+3`, `time zone Lisbon`."""
    responder = await context.enter()
    zones = find_zones(ZONE_WORDS.sub("", context.text), responder.now)
    responder.reply(views.zones_found(zones, responder.t, now=responder.now))
