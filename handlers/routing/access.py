"""Refuse users whom this installation does not serve (`ALLOWED_USERS`), once forever."""

from __future__ import annotations

from telegram import Update
from telegram.ext import filters

from handlers.context import Context
from handlers.members import GONE
from handlers.routing.dispatch import Handler
from ports.messages import Outgoing
from presentation import views
from presentation.localizer import localizer_for
from services.members import was_queued

_SERVICE = filters.StatusUpdate.MIGRATE | filters.StatusUpdate.LEFT_CHAT_MEMBER


class RefuseOthers(Handler):
    """Takes the updates of users who are not on the list, before any other handler.

    It enters no chat: such a user gets no ledger.
    """

    def __init__(self, allowed_users: frozenset[int]) -> None:
        super().__init__(refuse)
        self.allowed_users = allowed_users

    def check_update(self, update: object) -> bool:
        """Return whether this update is from somebody who is not on the list."""
        if not isinstance(update, Update) or update.effective_user is None:
            return False
        if _tells_a_fact(update):
            return False
        return update.effective_user.id not in self.allowed_users


def _tells_a_fact(update: Update) -> bool:
    """Return whether this tells what became of a chat, which is true whoever did it.

    A migration must move the ledger, and whoever left or removed the bot has done so; but a group
    into which such a user brings the bot gets no ledger.
    """
    changed = update.my_chat_member
    if changed:
        return changed.new_chat_member.status in GONE
    return bool(update.chat_member or _SERVICE.check_update(update))


async def refuse(update: Update, context: Context) -> None:
    """Refuse politely in a private chat, once; send nothing elsewhere."""
    user, chat = update.effective_user, update.effective_chat
    if user is None or chat is None or chat.id != user.id or update.effective_message is None:
        return
    message_key = f"stranger:{user.id}"
    if not await context.run_outside(was_queued, message_key):
        settings = context.services.entering.guess(user.language_code)
        reply = views.stranger(localizer_for(settings))
        context.update_scope.unit.send(Outgoing(chat.id, message_key, reply))
