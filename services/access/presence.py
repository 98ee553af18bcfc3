"""Decide when Telegram is asked whether somebody is still in their groups.

Telegram tells a bot that somebody left, but not in every large group. So while a person or their token
asks over HTTP, each of their groups is asked for every few minutes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from ledger.rate_limits import Buckets, Policy
from ports.repositories import Repositories

ONCE = Policy("presence", quota=1, window_seconds=180)
"""With the minute in which a session's use is noted, leaving ends access within five."""


@dataclass(frozen=True, slots=True)
class PresenceChecks:
    """Remembers in this process when a person was asked for."""

    _asked: Buckets = field(default_factory=lambda: Buckets(ONCE))

    def list_due(self, repositories: Repositories, user_id: int, now: datetime) -> list[int]:
        """Return the ids of the person's groups in which Telegram shall be asked for them now."""
        groups = [chat for chat in repositories.chats.of_user(user_id) if chat.kind == "group"]
        moment = now.timestamp()
        return [
            chat.chat_id
            for chat in groups
            if not chat.muted and self._asked.lets_in((chat.chat_id, user_id), moment)
        ]
