"""Who may use this installation (`ALLOWED_USERS`); others get one polite refusal, once for ever."""

from __future__ import annotations

from typing import Any

from telegram import Update
from telegram.ext import BaseHandler, filters

from handlers.context import Context
from handlers.members import GONE
from ledger.settings import guess_settings
from ports.messages import Outgoing
from presentation import views
from presentation.localizer import localizer_for

_SERVICE = filters.StatusUpdate.MIGRATE | filters.StatusUpdate.LEFT_CHAT_MEMBER


class TurnAway(BaseHandler[Any, Context, Any]):
    """Takes what somebody says who is not on the list, before any other handler.

    It enters no chat: a stranger gets no ledger.
    """

    def __init__(self, allowed: frozenset[int]) -> None:
        super().__init__(refuse)
        self.allowed = allowed

    def check_update(self, update: object) -> bool:
        """Say whether this update is a stranger's."""
        if not isinstance(update, Update) or update.effective_user is None:
            return False
        if _tells_a_fact(update):
            return False
        return update.effective_user.id not in self.allowed


def _tells_a_fact(update: Update) -> bool:
    """Say whether this tells what became of a chat, which is true whoever did it.

    A migration must move the ledger, and who left or put the bot out has done so; but being brought
    into a group by a stranger begins no ledger.
    """
    changed = update.my_chat_member
    if changed:
        return changed.new_chat_member.status in GONE
    return bool(update.chat_member or _SERVICE.check_update(update))


async def refuse(update: Update, context: Context) -> None:
    """Refuse politely in a private chat; say nothing elsewhere."""
    user, chat = update.effective_user, update.effective_chat
    if user is None or chat is None or chat.id != user.id or update.effective_message is None:
        return
    entering = context.services.entering
    settings = guess_settings(
        user.language_code,
        currency=entering.currency,
        timezone=entering.timezone,
        default=entering.language,
    )
    # The handle makes it once for ever: the outbox drops a second message of the same name.
    reply = views.stranger(localizer_for(settings))
    context.update_scope.unit.send(Outgoing(chat.id, f"stranger:{user.id}", reply))
