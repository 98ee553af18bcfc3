"""Lead from the worker to the handlers, and explain their errors, which nothing else does.

An error of a rule or a service leaves the unit of work, which rolls back. What the user is told
about it is then written in a unit of its own, which marks the delivery as handled: after a kill in
between, the delivery comes again, fails again, and is explained once. Any other error is the
worker's, which tries again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from telegram import Message, Update

from handlers.buttons.actions import ACTIONS
from handlers.buttons.press import read_query
from handlers.context import UpdateScope
from handlers.routing.dispatch import Dispatcher
from handlers.routing.plain_text import PlainText, read_plain_text
from ledger.errors import ClaimLostError, LedgerError, NotAllowedError, UnavailableError
from ledger.settings import Settings
from ports.messages import Json, Reply
from ports.queue import Delivery, PermanentError
from ports.units import UnitOfWork, UnitOfWorkFactory
from presentation import views
from presentation.localizer import localizer_for
from replies.admins import ask_for_admins
from replies.results import Results
from services.bundle import Services
from services.button_presses import check_press
from services.members import find_chat


@dataclass(frozen=True, slots=True)
class ErrorBoundary:
    """Handles the deliveries of the inbox."""

    dispatcher: Dispatcher
    results: Results
    services: Services
    update_types: Collection[str]
    """Types of updates that the bot asks Telegram for; others are passed over."""
    units: UnitOfWorkFactory
    clock: Callable[[], datetime]
    allowed_users: Collection[int] = frozenset()
    """Users whom the installation serves; empty for everybody."""

    async def handle(self, delivery: Delivery, unit: UnitOfWork) -> None:
        """Handle an update of Telegram or the result of a job inside an open unit.

        Raises:
            PermanentError: The delivery cannot be read; trying again cannot help.
            Exception: Whatever a handler raised; the unit must roll back.
        """
        message, now = delivery.inbox_message, self.clock()
        if message.kind == "event":
            await self.results.handle(message, unit, now)
            return
        update = self._parse(message.body)
        # Channels and polls have no user, so there is no ledger to write to.
        if update is None or update.effective_user is None:
            return
        if self._is_within_quota(update, delivery, now):
            await self.dispatcher.dispatch(update, UpdateScope(unit, message.key, now))

    def explains(self, error: BaseException, delivery: Delivery) -> bool:
        """Return whether an error of handling a delivery is one that its user is told about."""
        is_ours = isinstance(error, LedgerError)
        is_passing = isinstance(error, (UnavailableError, ClaimLostError))
        return is_ours and not is_passing and delivery.inbox_message.kind == "update"

    async def explain(self, error: LedgerError, delivery: Delivery, unit: UnitOfWork) -> None:
        """Tell the user about an error, in a unit that was opened after the handler's rolled back."""
        message = delivery.inbox_message
        update = self._parse(message.body)
        assert update is not None, "an update that is passed over raises nothing"
        scope = UpdateScope(unit, message.key, self.clock())
        # Entering makes the user a member again, which the rolled back unit may have done first.
        responder = await self.dispatcher.build_context(update, scope).enter()
        reply = views.error(error, responder.t)
        responder.reply(reply, message_key=f"{message.key}:error")
        if isinstance(error, NotAllowedError) and responder.chat.kind == "group":
            # Where the bot is not an admin itself, Telegram does not tell it who became one.
            ask_for_admins(unit, responder.chat.chat_id)

    async def check_press(self, query: Mapping[str, Any]) -> dict[str, Json]:
        """Return the answer of a press, empty when it will be done, else a short notice."""
        asked = read_query(query)
        if asked is None:
            return {}
        now = self.clock()
        checked = await self.units.read(lambda repositories: check_press(repositories, asked, now))
        refusal = checked.refusal
        if checked.action and checked.action.name not in ACTIONS:
            refusal = "expired"
        if refusal is None:
            return {}
        settings = checked.chat.settings if checked.chat else self._guess_settings(query)
        text = views.toast(refusal, localizer_for(settings))
        # A refusal has to be read before it goes; a dead button needs no more than a glance.
        return {"text": text, "show_alert": True} if refusal == "not_yours" else {"text": text}

    async def apologise(self, delivery: Delivery, reference: str) -> Reply | None:
        """Return the words for a user whose message failed for good; None where there is no user."""
        chat_id = delivery.inbox_message.partition
        if not chat_id:
            return None
        place = await self.units.read(lambda repositories: find_chat(repositories, chat_id))
        settings = place.chat.settings if place else self._guess_settings({})
        return views.apology(reference, localizer_for(settings))

    def _is_within_quota(
        self, update: Update | PlainText, delivery: Delivery, now: datetime
    ) -> bool:
        """Count what a person sent; what Telegram reports (a migration, who left) is not counted."""
        message = update.effective_message
        is_sent = isinstance(update, PlainText) or update.callback_query is not None
        if isinstance(message, Message):
            is_sent |= bool(message.text or message.effective_attachment)
        user = update.effective_user
        assert user is not None, "it was looked at before"
        quotas, chat_id = self.services.message_quotas, delivery.inbox_message.partition
        return not is_sent or quotas.let_in(chat_id, user.id, now)

    def _parse(self, body: str) -> Update | PlainText | None:
        """Parse an update; None for a type that was not asked for, whatever its shape is."""
        try:
            fields = orjson.loads(body)
            if fields.keys().isdisjoint(self.update_types):
                return None
            plain = read_plain_text(fields)
            # Whoever is not let in has a handler of their own.
            if plain and (not self.allowed_users or plain.effective_user.id in self.allowed_users):
                return plain
            return _checked(Update.de_json(fields, self.dispatcher.application.bot))
        except Exception as error:
            raise PermanentError from error

    def _guess_settings(self, message: Mapping[str, Any]) -> Settings:
        language = (message.get("from") or {}).get("language_code")
        return self.services.entering.guess(language if isinstance(language, str) else None)


def _checked(update: Update) -> Update:
    """Return an update as it is. Raises `ValueError` for a message without its chat or a true text."""
    # The framework takes both, and fails wherever somebody looks at them.
    message = update.effective_message
    if message is None:
        return update
    texts = (message.text, message.caption)
    if update.effective_chat is None or not all(isinstance(text, str | None) for text in texts):
        raise ValueError
    return update
