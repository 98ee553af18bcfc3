"""Build the handlers and the framework around them.

Importing this module imports the framework, which takes the better part of a second: wiring does it
in a thread, so that probes are answered meanwhile.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping

from telegram.error import InvalidToken, TelegramError
from telegram.ext import ApplicationBuilder, ContextTypes, ExtBot

from bot.engine.inbox_messages import UPDATE_TYPES
from bot.ops.clock import utc_now
from bot.ops.logs import get_logger
from bot.setup.settings import Settings
from bot.telegram.api import BotApi
from bot.telegram.request import AiohttpRequest
from handlers import build_handlers
from handlers.context import SERVICES, Context
from handlers.routing.dispatch import Dispatcher, KvittoApplication
from handlers.routing.error_boundary import ErrorBoundary
from ledger.errors import SettingsError
from ports.jobs import ChatMigrated, Event
from ports.units import UnitOfWorkFactory
from replies import job_results
from replies.results import ResultHandler, Results
from services.bundle import Services

RETRY_SECONDS_MAX = 15.0

_log = get_logger("bot.setup.handlers")


async def open_handlers(
    settings: Settings,
    api: BotApi,
    units: UnitOfWorkFactory,
    services: Services,
    results: Mapping[type[Event], ResultHandler],
) -> ErrorBoundary:
    """Build the handlers; waits until Telegram has told who the bot is.

    Raises:
        SettingsError: Telegram does not know the token.
    """
    application = build_application(api, settings.token)
    await _initialise(application)
    boundary = build_boundary(application, settings.allowed_users, units, services, results)
    for handler in boundary.dispatcher.handlers:
        assert handler.block, "a handler that does not block would leave the unit of work"
    return boundary


def build_boundary(
    application: KvittoApplication,
    allowed_users: Collection[int],
    units: UnitOfWorkFactory,
    services: Services,
    results: Mapping[type[Event], ResultHandler],
) -> ErrorBoundary:
    """Wire handlers, results and services together."""
    application.bot_data[SERVICES] = services
    return ErrorBoundary(
        dispatcher=Dispatcher(application, build_handlers(frozenset(allowed_users))),
        results=Results(services, {**results, ChatMigrated: job_results.chat_migrated}),
        services=services,
        update_types=frozenset(UPDATE_TYPES),
        units=units,
        clock=utc_now,
        allowed_users=frozenset(allowed_users),
    )


def build_application(api: BotApi, token: str) -> KvittoApplication:
    """Build the framework's application around our transport.

    It has no updater, job queue, persistence or rate limiter, because intake, worker and sender are
    Kvitto's own; `handlers.routing.dispatch` calls the handlers.
    """
    request = AiohttpRequest(api)
    bot: ExtBot[None] = ExtBot(
        token,
        base_url=f"{api.url}/bot",
        base_file_url=f"{api.url}/file/bot",
        request=request,
        # PTB opens a second HTTP client for polling, which this bot never does.
        get_updates_request=request,
    )
    return (
        ApplicationBuilder()
        .bot(bot)
        .updater(None)
        .job_queue(None)
        .context_types(ContextTypes(context=Context))
        .build()
    )


async def _initialise(application: KvittoApplication) -> None:
    pause = 0.5
    while True:
        try:
            await application.initialize()
        except InvalidToken:
            # The framework's message holds the token.
            remedy = "Telegram does not know this token; copy it from @BotFather again"
            raise SettingsError("setting_wrong", name="TELEGRAM_BOT_TOKEN", remedy=remedy) from None
        except TelegramError as error:
            _log.warning("telegram_not_reached", error=type(error).__name__, seconds=pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, RETRY_SECONDS_MAX)
        else:
            return
