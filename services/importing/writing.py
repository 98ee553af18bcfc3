"""Write the rows of an import as entries, in batches that survive a kill.

Each batch is a unit of its own, so people who type wait for one batch at most; entries, history and
the position reached are committed together. All batches belong to one operation, which is the
import's id.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from ledger.categories import IDS
from ledger.entries.changes import Operation, entry_change
from ledger.entries.entry import Entry
from ledger.imports.batches import IMPORTED, ImportBatch
from ledger.imports.rows import ImportRow
from ledger.settings import Settings
from ports.blobs import Blobs
from ports.jobs import ImportWritten, WriteImport
from ports.queue import Job
from ports.repositories import Repositories
from ports.units import UnitOfWorkFactory
from services.entries.booking import Booking
from services.ids import new_id
from services.importing.comparing import StoredRow, load_line
from services.importing.linking import link_rows
from services.scope import Scope

BATCH_ROWS = 100
"""Rows of one unit: on SQLite the writer is held for about 20 ms."""


@dataclass(frozen=True, slots=True)
class ImportWriting:
    """Writes imported rows."""

    units: UnitOfWorkFactory
    blobs: Blobs
    booking: Booking
    clock: Callable[[], datetime]

    async def run(self, job: WriteImport, claim: Job) -> ImportWritten | None:
        """Write what is left, and return the event; None when all was written before."""
        batch = await self.units.read(
            lambda repositories: repositories.imports.find(job.ledger_id, job.import_id)
        )
        if batch is None or batch.state != "writing" or batch.rows_key is None:
            return None
        lines = (await self.blobs.get(batch.rows_key)).splitlines()
        position = batch.position
        while position < len(lines):
            chunk = [load_line(line) for line in lines[position : position + BATCH_ROWS]]
            async with self.units.open(now=self.clock(), claim=claim) as unit:
                # The position is stored with its rows, so a job that was killed goes on behind
                # them.
                position = await unit.run(partial(self._write_some, job, chunk))
        async with self.units.open(now=self.clock(), claim=claim) as unit:
            await unit.run(lambda repositories: self._end(repositories, job))
        return ImportWritten(job.ledger_id, job.import_id)

    def _write_some(
        self,
        job: WriteImport,
        rows: Sequence[StoredRow],
        repositories: Repositories,
    ) -> int:
        """Write rows as entries; return the position reached."""
        batch = repositories.imports.get(job.ledger_id, job.import_id)
        scope = _scope_of(repositories, batch, self.clock())
        wanted = {*IMPORTED, "probable"} if batch.with_probable else IMPORTED
        chosen = [(one.source_key, one.row) for one in rows if one.status in wanted]
        # A row that was written since the preview, by another file of the same days, is passed over.
        known = repositories.entries.known_sources(scope.ledger.id, [key for key, _ in chosen])
        members = {m.name: m.user_id for m in repositories.chats.members(scope.ledger.id)}
        new = [
            (row, _build_entry(scope, key, row, members)) for key, row in chosen if key not in known
        ]
        stored = self._store(scope, [entry for _, entry in new])
        linked, changes = link_rows(scope, batch, rows) if batch.with_links else (0, [])
        repositories.operations.extend(
            Operation(batch.id, scope.ledger.id, scope.actor, "import", scope.now),
            [change for entry in stored if (change := entry_change(None, entry))] + changes,
        )
        shared = zip(new, stored, strict=True)
        repositories.imports.keep_shares(
            scope.ledger.id, [(entry.id, row.shares) for (row, _), entry in shared if row.shares]
        )
        batch = replace(
            batch,
            position=batch.position + len(rows),
            written=batch.written + len(stored),
            linked=batch.linked + linked,
        )
        repositories.imports.save(batch)
        return batch.position

    def _store(self, scope: Scope, entries: Sequence[Entry]) -> list[Entry]:
        converted = [(self.booking.conversion.convert(scope, entry), ()) for entry in entries]
        categorised = self.booking.categorisation.categorise(scope, converted)
        return scope.repositories.entries.add([one.entry for one in categorised])

    def _end(self, repositories: Repositories, job: WriteImport) -> None:
        batch = repositories.imports.get(job.ledger_id, job.import_id)
        if batch.found and batch.found.layout and batch.found.fingerprint:
            repositories.imports.keep_layout(
                job.ledger_id, batch.found.fingerprint, batch.found.layout
            )
        # The files are deleted by the sweep, once no row names them.
        repositories.imports.save(replace(batch, state="done", blob_key=None, rows_key=None))


def _scope_of(repositories: Repositories, batch: ImportBatch, now: datetime) -> Scope:
    chat = repositories.chats.of_ledger(batch.ledger_id)
    return Scope(repositories, chat.ledger, batch.user_id, now)


def _build_entry(scope: Scope, key: str, row: ImportRow, members: Mapping[str, int]) -> Entry:
    return Entry(
        id=new_id(scope.now),
        ledger_id=scope.ledger.id,
        type=row.type,
        money=row.money,
        spent_on=row.on,
        note=row.note,
        category=_find_category(row.category, scope.settings),
        paid_by=members.get(row.paid_by, scope.actor),
        source="import",
        source_key=key,
        created_at=scope.now,
        updated_at=scope.now,
        merchant=row.merchant or None,
        tags=row.tags,
    )


def _find_category(name: str, settings: Settings) -> str:
    """Return the id of a category that the chat has, an empty text for another name."""
    if name in IDS:
        return name
    folded = name.casefold()
    return next((own.id for own in settings.categories if own.name.casefold() == folded), "")
