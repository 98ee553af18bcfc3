"""From an inbox message to PTB's application: one update is handled inside the worker's unit.

PTB's `process_update` swallows what a handler raises and gives it to error handlers; ours keeps it,
and the error boundary raises it again, so that the worker rolls the unit back and counts a try. The
application has no updater, job queue, persistence or rate limiter: intake, worker and sender are
ours, and no handler may use `block=False`, because its work would run outside the unit.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from telegram import Update
from telegram.ext import Application, ApplicationBuilder, BaseHandler, ContextTypes, ExtBot

from bot.engine.inbox_messages import UPDATE_TYPES
from bot.engine.partitions import PermanentError
from bot.telegram.api import BotApi
from bot.telegram.request import AiohttpRequest
from handlers.context import UPDATE_SCOPE, Context, UpdateScope
from ports.queue import Delivery
from ports.units import UnitOfWork


@dataclass(slots=True)
class _Outcome:
    """What a handler raised, if anything."""

    error: BaseException | None = None


_OUTCOME: ContextVar[_Outcome] = ContextVar("outcome")


class _WatchedContext(Context):
    """The handlers' context; PTB only logs when it cannot be built, so we keep that error too."""

    @classmethod
    def from_update(
        cls, update: object, application: Application[Any, Any, Any, Any, Any, Any]
    ) -> _WatchedContext:
        """Build the context of one update."""
        try:
            context = super().from_update(update, application)
        except Exception as error:
            _OUTCOME.get().error = error
            raise
        assert isinstance(context, _WatchedContext)
        return context


KvittoApplication = Application[Any, Any, Any, Any, Any, Any]


def build_application(
    api: BotApi, token: str, handlers: Sequence[BaseHandler[Any, Any, Any]]
) -> KvittoApplication:
    """Build PTB's application around our transport, with the handlers in their order."""
    request = AiohttpRequest(api)
    bot: ExtBot[None] = ExtBot(
        token,
        base_url=f"{api.url}/bot",
        base_file_url=f"{api.url}/file/bot",
        request=request,
        get_updates_request=request,
    )
    application: KvittoApplication = (
        ApplicationBuilder()
        .bot(bot)
        .updater(None)
        .job_queue(None)
        .context_types(ContextTypes(context=_WatchedContext))
        .build()
    )
    for handler in handlers:
        assert handler.block, "a handler that does not block would leave the unit of work"
        application.add_handler(handler)
    application.add_error_handler(_keep_error)
    return application


@dataclass(frozen=True, slots=True)
class TelegramUpdateHandler:
    """Handles updates through PTB's handlers."""

    application: KvittoApplication

    async def __call__(self, delivery: Delivery, unit: UnitOfWork, now: datetime) -> None:
        """Handle one update.

        Raises:
            PermanentError: it has not the shape of an update; trying again is no use.
            Exception: whatever a handler raised.
        """
        try:
            body = orjson.loads(delivery.inbox_message.body)
            if body.keys().isdisjoint(UPDATE_TYPES):
                # Not asked for; whatever its shape is, no handler takes it.
                return
            update = Update.de_json(body, self.application.bot)
        except Exception as error:
            raise PermanentError from error
        if update.effective_user is None:
            # Channels and polls: nobody wrote, so there is nobody's ledger to write to.
            return
        outcome = _Outcome()
        sitting_before = UPDATE_SCOPE.set(UpdateScope(unit, delivery.inbox_message.key, now))
        outcome_before = _OUTCOME.set(outcome)
        try:
            await self.application.process_update(update)
        finally:
            UPDATE_SCOPE.reset(sitting_before)
            _OUTCOME.reset(outcome_before)
        if outcome.error is not None:
            raise outcome.error


async def _keep_error(update: object, context: Any) -> None:  # noqa: ANN401, ARG001  # PTB's shape
    _OUTCOME.get().error = context.error
