"""Plant bugs, to show that the simulation finds them."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

from ports.outbox import OutboxMessage
from ports.queue import InboxMessage
from storage import Database
from storage.database.queues.inbox import SqlInbox
from storage.database.queues.outbox import SqlOutbox

Plant = Callable[[Database], Database]

_NUMBERS = itertools.count()


@dataclass(frozen=True, slots=True)
class _InboxWithoutKeys(SqlInbox):
    """Stores an update again each time that it comes."""

    async def add(
        self, inbox_messages: Sequence[InboxMessage], *, now: datetime, offset: int | None = None
    ) -> int:
        renamed = [replace(one, key=f"{one.key}#{next(_NUMBERS)}") for one in inbox_messages]
        return await super(_InboxWithoutKeys, self).add(renamed, now=now, offset=offset)


@dataclass(frozen=True, slots=True)
class _ForgetfulInbox(SqlInbox):
    """Tells Telegram that updates are stored before they are, and then stores nine pages of ten."""

    async def add(
        self, inbox_messages: Sequence[InboxMessage], *, now: datetime, offset: int | None = None
    ) -> int:
        if next(_NUMBERS) % 10 == 0:
            return len(inbox_messages)
        return await super(_ForgetfulInbox, self).add(inbox_messages, now=now, offset=offset)


@dataclass(frozen=True, slots=True)
class _EagerOutbox(SqlOutbox):
    """Notes a message as sent when it is only read."""

    async def pending(
        self, *, now: datetime, limit: int, skip: frozenset[int], per_chat: int = 20
    ) -> list[OutboxMessage]:
        found = await super(_EagerOutbox, self).pending(
            now=now, limit=limit, skip=skip, per_chat=per_chat
        )
        for message in found:
            self.note_sent([message], None)
        return found


PLANTS: Mapping[str, Plant] = MappingProxyType(
    {
        "no_key": lambda database: replace(
            database,
            inbox=_InboxWithoutKeys(
                database.inbox.backend, database.inbox.claims, database.inbox.gatherer
            ),
        ),
        "early_confirm": lambda database: replace(
            database,
            inbox=_ForgetfulInbox(
                database.inbox.backend, database.inbox.claims, database.inbox.gatherer
            ),
        ),
        "early_mark": lambda database: replace(
            database, outbox=_EagerOutbox(database.outbox.backend, database.outbox.journal)
        ),
    }
)
"""Bugs by name."""
