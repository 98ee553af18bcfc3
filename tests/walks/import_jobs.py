"""The jobs that read, write and undo imported files, done in this process."""

from __future__ import annotations

from typing import Any

import orjson

from ai.statements.reading import open_file
from ledger.imports.rows import ImportRow, to_values
from ports.blobs import Blobs
from ports.jobs import (
    Event,
    ImportRead,
    ImportReversed,
    ImportWritten,
    ReadImport,
    ReverseImport,
    WriteImport,
    load_job,
)
from ports.queue import Job
from ports.statements import FileKnowledge, ReadFile
from replies import importing
from services.bundle import build_services
from services.importing.reading import ImportReading
from services.importing.reversing import ImportReversing
from services.importing.writing import ImportWriting
from tests.handlers.stage import Stage
from tests.services.setup import DEFAULTS, categoriser

RESULTS: dict[type[Any], Any] = {
    ImportRead: importing.import_read,
    ImportWritten: importing.import_written,
    ImportReversed: importing.import_reversed,
}


class NamedFiles:
    """Files of people, whose ids are their texts."""

    async def fetch(self, file_id: str) -> bytes:
        """Return the text that the id is."""
        return file_id.encode()


class StatementReaderHere:
    """The reader of statements without a process for each file."""

    async def read(self, data: bytes, knowledge: FileKnowledge) -> ReadFile:
        """Read a file that is in order."""
        opened = open_file(data, knowledge)
        found = [row for row in opened.rows if isinstance(row, ImportRow)]
        rows = b"\n".join(orjson.dumps(to_values(row)) for row in found)
        choices = opened.statement.choices
        return ReadFile(opened.kind, rows, len(found), choices=choices)


class ImportJobs:
    """Does the jobs of imports; others are left out."""

    def __init__(self, stage: Stage, blobs: Blobs) -> None:
        units = stage.database.units
        services = build_services(categoriser(), DEFAULTS)
        booking, history = services.capture.booking, services.history

        def clock() -> Any:  # noqa: ANN401
            return stage.now

        self.reading = ImportReading(units, blobs, NamedFiles(), StatementReaderHere(), clock)
        self.writing = ImportWriting(units, blobs, booking, history, clock)
        self.reversing = ImportReversing(units, booking.conversion, history, clock)

    async def run(self, job: Job) -> Event | None:
        """Do a job; return its event, None of one that is no import's."""
        values, chat = job.values, job.partition
        if job.kind == ReadImport.kind:
            return await self.reading.run(load_job(ReadImport, values, chat), job)
        if job.kind == WriteImport.kind:
            return await self.writing.run(load_job(WriteImport, values, chat), job)
        if job.kind == ReverseImport.kind:
            return await self.reversing.run(load_job(ReverseImport, values, chat), job)
        return None
