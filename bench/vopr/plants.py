"""Plant bugs, to show that the simulation finds them."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import TypeVar

from ledger.imports.batches import ImportBatch
from ports.outbox import OutboxMessage
from ports.queue import Delivery, InboxMessage, Job
from ports.repositories import Repositories
from storage import Database
from storage.database.queues.inbox import SqlInbox
from storage.database.queues.outbox import SqlOutbox
from storage.database.repositories.all import SqlRepositories
from storage.database.repositories.imports import SqlImports
from storage.database.units import SqlUnits

T = TypeVar("T")
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


class _UncountingImports(SqlImports):
    """Does not keep how many rows were written."""

    def save(self, batch: ImportBatch) -> None:
        super().save(replace(batch, written=0) if batch.state == "writing" else batch)


class _UncountingRepositories(SqlRepositories):
    @property
    def imports(self) -> SqlImports:
        return _UncountingImports(self.connection)


@dataclass(frozen=True, slots=True)
class _UncountingUnits(SqlUnits):
    """Commits the rows of an import without their number."""

    async def write(
        self, work: Callable[[Repositories], T], *, claim: Delivery | Job | None = None
    ) -> T:
        def work_uncounting(repositories: Repositories) -> T:
            assert isinstance(repositories, SqlRepositories)
            return work(_UncountingRepositories(repositories.connection))

        return await super(_UncountingUnits, self).write(work_uncounting, claim=claim)


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
        "no_count": lambda database: replace(
            database, units=_UncountingUnits(database.units.backend, database.units.claims)
        ),
    }
)
"""Bugs by name."""
