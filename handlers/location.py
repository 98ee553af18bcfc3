"""Locations: they name no expense, but they tell the time zone."""

from __future__ import annotations

from telegram import Update

from handlers.context import Context
from presentation import views
from presentation.zones import find_near


async def location_message(update: Update, context: Context) -> None:
    """Offer the time zones of the cities nearby."""
    location = context.message.location
    assert location is not None
    responder = await context.enter()
    zones = find_near(location.latitude, location.longitude)
    responder.reply(views.zones_found(zones, responder.t, now=responder.now))
