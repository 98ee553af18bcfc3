"""Refuse what one person or chat sends beyond a day's quota, which no household reaches.

It bounds what a stranger can fill the database with. The person is told once an hour; until then
their further messages are passed over, as an answer to each would be a flood of its own.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import datetime

from ledger.errors import InputError
from ledger.rate_limits import Buckets, Policy
from services.scope import Scope

BY_PERSON = Policy("person", quota=20_000, window_seconds=86_400)
BY_CHAT = Policy("chat", quota=50_000, window_seconds=86_400)
TOLD = Policy("told", quota=1, window_seconds=3600)
EXPORTS = Policy("exports", quota=30, window_seconds=3600)
"""Every format twice, with some to spare; the files of a large ledger take half a minute each."""
_MINUTE = 60


@dataclass(frozen=True, slots=True)
class MessageQuotas:
    """Counts the updates of each person and chat in this process."""

    by_person: Buckets = field(default_factory=lambda: Buckets(BY_PERSON))
    by_chat: Buckets = field(default_factory=lambda: Buckets(BY_CHAT))
    told: Buckets = field(default_factory=lambda: Buckets(TOLD))

    def let_in(self, chat_id: int, user_id: int, now: datetime) -> bool:
        """Return whether an update shall be handled.

        Raises:
            InputError: `quota_used_up` (`most`), once an hour, instead of False.
        """
        moment = now.timestamp()
        for buckets, key in ((self.by_person, user_id), (self.by_chat, chat_id)):
            if not buckets.lets_in(key, moment):
                if not self.told.lets_in((chat_id, user_id), moment):
                    return False
                raise InputError("quota_used_up", most=buckets.policy.quota)
        return True


@dataclass(frozen=True, slots=True)
class ExportQuota:
    """Counts the files that each person asks for in this process."""

    by_person: Buckets = field(default_factory=lambda: Buckets(EXPORTS))

    def take(self, scope: Scope) -> None:
        """Count a file. Raises `InputError` (`exports_too_many`, `minutes` to wait)."""
        taken = self.by_person.take(scope.actor, scope.now.timestamp())
        if taken.wait_seconds:
            raise InputError("exports_too_many", minutes=math.ceil(taken.wait_seconds / _MINUTE))
