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
from typing import Any

import orjson

from ledger.entries.changes import Change, Operation, entry_change
from ledger.entries.entry import Entry
from ledger.imports.batches import IMPORTED, ImportBatch
from ledger.imports.rows import ImportRow
from ports.blobs import Blobs
from ports.failpoints import failpoint
from ports.jobs import ImportWritten, WriteImport
from ports.queue import Job
from ports.repositories import Repositories
from ports.units import UnitOfWorkFactory
from services.entries.booking import Booking
from services.entries.history import History
from services.ids import new_id
from services.importing.comparing import DOCUMENT, load_line
from services.importing.linking import link_rows
from services.importing.restoring import add_categories, find_category_id, list_changes
from services.importing.restoring_series import restore_series
from services.importing.sharing import write_in_turn
from services.scope import Scope

BATCH_ROWS = 50
"""Rows of one unit: on SQLite the writer is held for about 8 ms, for which people who type wait."""


@dataclass(frozen=True, slots=True)
class ImportWriting:
    """Writes imported rows."""

    units: UnitOfWorkFactory
    blobs: Blobs
    booking: Booking
    history: History
    clock: Callable[[], datetime]

    async def run(self, job: WriteImport, claim: Job) -> ImportWritten | None:
        """Write what is left, and return the event; None when the file was forgotten."""
        batch = await self.units.read(
            lambda repositories: repositories.imports.find(job.ledger_id, job.import_id)
        )
        if batch is None:
            return None
        if batch.state != "writing" or batch.rows_key is None:
            # A process ended between the last commit and the event, so nobody was told.
            return ImportWritten(job.ledger_id, job.import_id)
        lines = (await self.blobs.get(batch.rows_key)).splitlines()
        position = batch.position
        while position < len(lines):
            chunk = lines[position : position + BATCH_ROWS]
            # The position is stored with its rows, so a job that was killed goes on behind them.
            position = await write_in_turn(self.units, partial(self._write_some, job, chunk), claim)
        await self.units.write(partial(self._end, job), claim=claim)
        return ImportWritten(job.ledger_id, job.import_id)

    def _write_some(
        self,
        job: WriteImport,
        lines: Sequence[bytes],
        repositories: Repositories,
    ) -> int:
        """Write rows as entries; return the position reached."""
        batch = repositories.imports.get(job.ledger_id, job.import_id)
        scope = _scope_of(repositories, batch, self.clock())
        scope, changes = self._restore(scope, batch, lines)
        rows = [load_line(line) for line in lines if not line.startswith(DOCUMENT)]
        wanted = {*IMPORTED, "probable"} if batch.with_probable else IMPORTED
        chosen = [(one.source_key, one.row) for one in rows if one.status in wanted]
        # A row that was written since the preview, by another file of the same days, is passed over.
        known = repositories.entries.known_sources(scope.ledger.id, [key for key, _ in chosen])
        members = {m.name: m.user_id for m in repositories.chats.members(scope.ledger.id)}
        new = [
            (row, _build_entry(scope, key, row, members)) for key, row in chosen if key not in known
        ]
        stored = self._store(scope, [entry for _, entry in new])
        linked, linking = link_rows(scope, batch, rows) if batch.with_links else (0, [])
        made = [change for entry in stored if (change := entry_change(None, entry))]
        repositories.operations.extend(
            Operation(batch.id, scope.ledger.id, scope.actor, "import", scope.now, via=scope.via),
            [*changes, *made, *linking],
        )
        shared = zip(new, stored, strict=True)
        repositories.imports.keep_shares(
            scope.ledger.id, [(entry.id, row.shares) for (row, _), entry in shared if row.shares]
        )
        batch = replace(
            batch,
            position=batch.position + len(lines),
            written=batch.written + len(stored),
            linked=batch.linked + linked,
        )
        repositories.imports.save(batch)
        failpoint("import.before_commit")
        return batch.position

    def _restore(
        self, scope: Scope, batch: ImportBatch, lines: Sequence[bytes]
    ) -> tuple[Scope, list[Change]]:
        """Bring back the parts of an export among these lines, and categories that a CSV names."""
        changes: list[Change] = []
        for line in lines:
            if line.startswith(DOCUMENT):
                document = orjson.loads(line)
                some = list_changes(scope, document)
                scope = self.history.apply(scope, some)
                changes += [*some, *restore_series(scope, document)]
        if batch.found and batch.found.kind == "kvitto_csv":
            names = (load_line(line).row.category for line in lines)
            some = add_categories(scope, names)
            scope = self.history.apply(scope, some)
            changes += some
        return scope, changes

    def _store(self, scope: Scope, entries: Sequence[Entry]) -> list[Entry]:
        converted = [(self.booking.conversion.convert(scope, entry), ()) for entry in entries]
        categorised = self.booking.categorisation.categorise(scope, converted)
        return scope.repositories.entries.add([one.entry for one in categorised])

    def _end(self, job: WriteImport, repositories: Repositories) -> None:
        batch = repositories.imports.get(job.ledger_id, job.import_id)
        if batch.found and batch.found.layout and batch.found.fingerprint:
            repositories.imports.keep_layout(
                job.ledger_id, batch.found.fingerprint, batch.found.layout
            )
        # The files are deleted by the sweep, once no row names them.
        repositories.imports.save(replace(batch, state="done", blob_key=None, rows_key=None))


def _scope_of(repositories: Repositories, batch: ImportBatch, now: datetime) -> Scope:
    chat = repositories.chats.of_ledger(batch.ledger_id)
    return Scope(repositories, chat.ledger, batch.user_id, now, "import")


def _build_entry(scope: Scope, key: str, row: ImportRow, members: Mapping[str, int]) -> Entry:
    entry = Entry(
        id=new_id(scope.now),
        ledger_id=scope.ledger.id,
        type=row.type,
        money=row.money,
        spent_on=row.on,
        note=row.note,
        category=find_category_id(row.category, scope.settings),
        paid_by=members.get(row.paid_by, scope.actor),
        source="import",
        source_key=key,
        created_at=scope.now,
        updated_at=scope.now,
        merchant=row.merchant or None,
        tags=row.tags,
    )
    return _with_kept(entry, row.kept, scope, members) if row.kept else entry


def _with_kept(
    entry: Entry, kept: Mapping[str, Any], scope: Scope, members: Mapping[str, int]
) -> Entry:
    """Return the entry with the fields of an own JSON export; an id that is taken is not used."""
    entry_id = kept["id"]
    is_free = entry_id and not scope.repositories.entries.is_taken(entry_id)
    payer = kept["paid_by_id"]
    created, updated = (datetime.fromisoformat(kept[name]) for name in ("created_at", "updated_at"))
    return replace(
        entry,
        id=entry_id if is_free else entry.id,
        source=kept["source"],
        created_at=min(created, scope.now),
        updated_at=min(updated, scope.now),
        paid_by=payer if payer in members.values() else entry.paid_by,
        category_guessed=kept["category_guessed"],
        marks=tuple(kept["marks"]),
    )
