"""Who may use this installation: `ALLOWED_USERS`; others get one polite refusal, once."""

from __future__ import annotations

from dataclasses import dataclass

from telegram import Update

from ledger.settings import Settings
from looks import views
from looks.tongue import tongue_for
from ports.messages import Outgoing
from ports.units import Unit


@dataclass(frozen=True, slots=True)
class Strangers:
    """Turns away people who are not on the list; an empty list lets everybody in."""

    allowed: frozenset[int]
    defaults: Settings

    def turned_away(self, update: Update, unit: Unit) -> bool:
        """Say whether this update is a stranger's, and refuse once in a private chat."""
        user, chat = update.effective_user, update.effective_chat
        if not self.allowed or user is None or user.id in self.allowed:
            return False
        if chat is not None and chat.id == user.id and update.effective_message:
            # The handle makes it once for ever: a second one is dropped by the outbox.
            handle = f"stranger:{user.id}"
            unit.send(Outgoing(chat.id, handle, views.stranger(tongue_for(self.defaults))))
        return True
