"""Read an imported file in a job, and compare its rows with the ledger.

It is done at least once, so each step checks the stored state first. The file is stored before
anything else happens, and nothing of the ledger changes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from ledger.chats import Chat
from ledger.errors import InputError, UnavailableError
from ledger.imports.batches import ImportBatch, ImportState
from ports.blobs import Blobs
from ports.files import Files
from ports.jobs import ImportRead, ReadImport, UnreadFile
from ports.queue import Job
from ports.reading import FileRefusal
from ports.repositories import Repositories
from ports.statements import FileKnowledge, ReadFile, StatementReader
from ports.units import UnitOfWorkFactory
from services.importing.comparing import compare, find_ledger_side, key_rows


@dataclass(frozen=True, slots=True)
class ImportReading:
    """Fetches, keeps and reads imported files. Raises `UnavailableError` where trying again is right."""

    units: UnitOfWorkFactory
    blobs: Blobs
    files: Files
    reader: StatementReader
    clock: Callable[[], datetime]

    async def run(self, job: ReadImport, claim: Job) -> ImportRead | None:
        """Return the event for the chat; None when the file was forgotten."""
        found = await self.units.read(lambda repositories: _find(repositories, job))
        if found is None:
            return None
        batch, chat, knowledge = found
        if batch.state != "reading":
            # A process ended between the last commit and the event, so nobody was told.
            return ImportRead(job.ledger_id, job.import_id)
        try:
            batch, data = await self._keep(batch, claim)
        except InputError as error:
            return ImportRead(job.ledger_id, job.import_id, UnreadFile(error.message_id))
        read = await self.reader.read(data, replace(knowledge, answers=dict(batch.answers)))
        if isinstance(read, FileRefusal):
            if read.temporary:
                raise UnavailableError(read.message_id)
            return ImportRead(job.ledger_id, job.import_id, UnreadFile(read.message_id))
        await self._compare(batch, chat, read, claim)
        return ImportRead(job.ledger_id, job.import_id)

    async def _keep(self, batch: ImportBatch, claim: Job) -> tuple[ImportBatch, bytes]:
        if batch.blob_key:
            return batch, await self.blobs.get(batch.blob_key)
        data = await self.files.fetch(batch.file_ref)
        key = await self.blobs.put(data, media_type="application/octet-stream")
        batch = replace(batch, blob_key=key)
        await self._save(batch, claim)
        return batch, data

    async def _compare(self, batch: ImportBatch, chat: Chat, read: ReadFile, claim: Job) -> None:
        # In threads but for the statements, or a long file would keep everybody waiting.
        rows = await asyncio.to_thread(key_rows, read)
        side = await self.units.read(
            lambda repositories: find_ledger_side(repositories, chat.ledger.id, rows)
        )
        found, lines = await asyncio.to_thread(compare, read, rows, side)
        key = await self.blobs.put(lines, media_type="application/jsonl")
        state: ImportState = "asking" if found.choices else "ready"
        await self._save(replace(batch, rows_key=key, found=found, state=state), claim)

    async def _save(self, batch: ImportBatch, claim: Job) -> None:
        # The unit is refused when another process has the job by now.
        async with self.units.open(now=self.clock(), claim=claim) as unit:
            await unit.run(lambda repositories: _save_unless_decided(repositories, batch))


def _find(
    repositories: Repositories, job: ReadImport
) -> tuple[ImportBatch, Chat, FileKnowledge] | None:
    batch = repositories.imports.find(job.ledger_id, job.import_id)
    if batch is None:
        return None
    chat = repositories.chats.of_ledger(job.ledger_id)
    today, currency = chat.ledger.today(batch.created_at), chat.settings.currency
    return batch, chat, FileKnowledge(today, currency, repositories.imports.layouts(job.ledger_id))


def _save_unless_decided(repositories: Repositories, batch: ImportBatch) -> None:
    current = repositories.imports.find(batch.ledger_id, batch.id)
    if current is not None and current.state == "reading":
        repositories.imports.save(batch)
