"""Take an update to the one handler that is for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from telegram import Update
from telegram.ext import Application, BaseHandler

from handlers.context import Context, UpdateScope

Handler = BaseHandler[Any, Context, Any]
KvittoApplication = Application[Any, Any, Any, Any, Any, Any]


@dataclass(frozen=True, slots=True)
class Dispatcher:
    """Asks the handlers in order; the first that takes an update is the only one.

    The framework's own `process_update` does the same, but logs what a handler raises instead of
    raising it, and an error has to roll the unit of work back.
    """

    application: KvittoApplication
    handlers: Sequence[Handler]

    async def dispatch(self, update: Update, scope: UpdateScope) -> None:
        """Run the handler of an update. Raises whatever the handler raises."""
        for handler in self.handlers:
            check = handler.check_update(update)
            if check is None or check is False:
                continue
            context = self.build_context(update, scope)
            await handler.handle_update(update, self.application, check, context)
            return

    def build_context(self, update: Update, scope: UpdateScope) -> Context:
        """Return the context in which an update is handled."""
        context = Context.from_update(update, self.application)
        context.received, context.update_scope = update, scope
        return context
