"""Builds what stands behind the worker: services, handlers, PTB's application.

Importing this module imports the framework, which takes the better part of a second: wiring does it
beside the first poll.
"""

from __future__ import annotations

import asyncio
from functools import partial

from telegram.error import InvalidToken, TelegramError

from bot.botapi import BotApi
from bot.clock import utc_now
from bot.lanes import Doors
from bot.logs import get_logger
from bot.outside import outside_of
from bot.settings import Settings
from bot.updates import UpdateDoor, build_application
from handlers import HANDLERS, Handler
from handlers.door import Door
from handlers.events import Events
from handlers.strangers import TurnAway
from ledger.errors import SettingsError
from ledger.text.vocabulary import vocabulary_of
from ports.categorising import Categoriser
from ports.units import Units
from services.desk import build_desk

RETRY_SECONDS_MAX = 15.0

_log = get_logger("bot.doors")


async def build_doors(
    settings: Settings, api: BotApi, units: Units, categoriser: Categoriser
) -> Doors:
    """Wire services, handlers and PTB together; waits until Telegram has told who the bot is.

    Raises:
        SettingsError: Telegram does not know the token.
    """
    desk = build_desk(
        categoriser,
        currency=settings.default_currency,
        timezone=settings.default_timezone,
        language=settings.default_language,
        outside=outside_of(settings),
    )
    application = build_application(api, settings.token, _handlers(settings))
    application.bot_data["desk"] = desk
    update = UpdateDoor(application)
    pause = 0.5
    while True:
        try:
            await application.initialize()
            break
        except InvalidToken:
            # PTB's words hold the token.
            remedy = "Telegram does not know this token; copy it from @BotFather again"
            raise SettingsError("setting_wrong", name="TELEGRAM_BOT_TOKEN", remedy=remedy) from None
        except TelegramError as error:
            _log.warning("telegram_not_reached", error=type(error).__name__, seconds=pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, RETRY_SECONDS_MAX)
    door = Door(update, Events(desk), units, utc_now)
    return Doors(
        door.update, door.event, door.check_press, door.apologise, partial(_load, categoriser)
    )


def _load(categoriser: Categoriser) -> None:
    """Read the packs and the model: what a quiet process does not hold (a quarter of a second)."""
    vocabulary_of("en")
    categoriser.guess("coffee")


def _handlers(settings: Settings) -> tuple[Handler, ...]:
    if not settings.allowed_users:
        return HANDLERS
    return (TurnAway(frozenset(settings.allowed_users)), *HANDLERS)
