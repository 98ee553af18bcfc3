"""Builds what stands behind the worker: services, handlers, PTB's application.

Importing this module imports the framework, which takes the better part of a second: wiring does it
beside the first poll.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from telegram.error import InvalidToken, TelegramError

from bot.engine.rehearsal import rehearse
from bot.engine.updates import TelegramUpdateHandler, build_application
from bot.ops.clock import utc_now
from bot.ops.lifecycle import freeze_gc
from bot.ops.logs import get_logger
from bot.setup.external_ai import ai_policy_of
from bot.setup.settings import Settings
from bot.telegram.api import BotApi
from handlers import HANDLERS, Handler
from handlers.access import TurnAway
from handlers.error_boundary import ErrorBoundary
from ledger.errors import SettingsError
from ledger.text.vocabulary import vocabulary_of
from ports.categorising import Categoriser
from ports.jobs import ChatMigrated, Event
from ports.units import UnitOfWorkFactory
from replies import job_results
from replies.results import ResultHandler, Results
from services.bundle import build_services

RETRY_SECONDS_MAX = 15.0

_log = get_logger("bot.setup.handlers")


async def build_update_handlers(
    settings: Settings,
    api: BotApi,
    units: UnitOfWorkFactory,
    categoriser: Categoriser,
    results: Mapping[type[Event], ResultHandler],
) -> ErrorBoundary:
    """Wire services, handlers and PTB together, and load all that the first text needs.

    Waits until Telegram has told who the bot is.

    Raises:
        SettingsError: Telegram does not know the token.
    """
    services = build_services(
        categoriser,
        currency=settings.default_currency,
        timezone=settings.default_timezone,
        language=settings.default_language,
        ai_policy=ai_policy_of(settings),
    )
    application = build_application(api, settings.token, _handlers(settings))
    application.bot_data["desk"] = services
    update = TelegramUpdateHandler(application)
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
    boundary = ErrorBoundary(
        update,
        Results(services, {**results, ChatMigrated: job_results.chat_migrated}),
        units,
        utc_now,
    )
    await asyncio.to_thread(_load, categoriser)
    await rehearse(boundary.handle, units, utc_now())
    freeze_gc()
    return boundary


def _load(categoriser: Categoriser) -> None:
    """Read the packs and the model in a thread: a unit that reads them would block the others."""
    vocabulary_of("en")
    categoriser.guess("coffee")


def _handlers(settings: Settings) -> tuple[Handler, ...]:
    if not settings.allowed_users:
        return HANDLERS
    return (TurnAway(frozenset(settings.allowed_users)), *HANDLERS)
