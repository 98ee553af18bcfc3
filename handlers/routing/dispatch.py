"""Take an update to the one handler that is for it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from telegram import Update
from telegram.constants import ChatType
from telegram.ext import Application, BaseHandler

from handlers.context import Context, UpdateScope
from handlers.messages.location import names_zone, zone_message
from handlers.messages.text import text_message
from handlers.routing.plain_text import PlainText

Handler = BaseHandler[Any, Context, Any]
TextHandler = Callable[[PlainText, Context], Awaitable[None]]
KvittoApplication = Application[Any, Any, Any, Any, Any, Any]


@dataclass(frozen=True, slots=True)
class Dispatcher:
    """Asks the handlers in order; the first that takes an update is the only one.

    The framework's own `process_update` does the same, but logs what a handler raises instead of
    raising it, and an error has to roll the unit of work back.
    """

    application: KvittoApplication
    handlers: Sequence[Handler]

    async def dispatch(self, update: Update | PlainText, scope: UpdateScope) -> None:
        """Run the handler of an update. Raises whatever the handler raises."""
        if isinstance(update, PlainText):
            await self.handler_of(update)(update, self.build_context(update, scope))
            return
        for handler in self.handlers:
            check = handler.check_update(update)
            if check is None or check is False:
                continue
            context = self.build_context(update, scope)
            await handler.handle_update(update, self.application, check, context)
            return

    @staticmethod
    def handler_of(text: PlainText) -> TextHandler:
        """Return the handler that the order in `HANDLERS` comes to for such a text."""
        written = text.effective_message
        is_zone = written.chat.type == ChatType.PRIVATE and names_zone(written.text)
        return zone_message if is_zone else text_message

    def build_context(self, update: Update | PlainText, scope: UpdateScope) -> Context:
        """Return the context in which an update is handled."""
        context = Context.from_update(update, self.application)
        context.received, context.update_scope = update, scope
        return context
