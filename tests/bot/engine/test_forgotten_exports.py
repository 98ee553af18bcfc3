"""A ledger that is forgotten while its export is written leaves no file behind."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.engine.documents import DocumentProcess
from bot.engine.job_types import JobType, list_runners, without_claim
from bot.engine.jobs import JobRunner
from bot.engine.runners import ExportWriter
from bot.ops.clock import utc_now
from ledger.settings import Settings
from ports.jobs import DeleteFiles, ExportedFile, ExportWritten, WriteExport, new_job
from replies import job_results
from services.exporting.exporter import Exporter
from storage import Database
from storage.blobs.disk import DiskBlobs
from tests.handlers.stage import ANN, open_stage

CHAT = 7


@dataclass(frozen=True, slots=True)
class ForgettingBlobs(DiskBlobs):
    """Forgets the ledger as soon as a file of it is stored."""

    database: Database | None = None
    stored: asyncio.Event = field(default_factory=asyncio.Event)

    async def put(self, data: bytes, *, media_type: str) -> str:
        key = await DiskBlobs.put(self, data, media_type=media_type)
        assert self.database is not None
        async with self.database.units.open(now=utc_now()) as unit:
            await unit.run(lambda repositories: repositories.chats.forget(1))
        self.stored.set()
        return key


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


async def test_a_ledger_forgotten_behind_its_export_takes_the_file_along(
    database: Database, tmp_path: Path
) -> None:
    folder = tmp_path / "files"
    blobs = ForgettingBlobs(folder, database=database)
    writer = ExportWriter(Exporter(database.units, blobs, DocumentProcess()), utc_now)
    kind = JobType(
        WriteExport,
        without_claim(writer.run),
        {ExportWritten: job_results.export_written},
        discard=writer.discard,
    )
    async with database.units.open(now=utc_now()) as unit:
        settings = Settings("EUR", "UTC", "en")
        await unit.run(lambda r: r.chats.add(CHAT, "private", "Ann", settings, utc_now()))
        unit.start(new_job(WriteExport(1, "csv"), "export-1", partition=CHAT))
    wake = asyncio.Event()
    runner = JobRunner(database.jobs, list_runners([kind]), wake, wake, wake)
    running = asyncio.create_task(runner.run())
    async with asyncio.timeout(60):
        await blobs.stored.wait()
    await runner.stop(20)
    await running
    assert folder.exists()
    assert files_in(folder) == []
    assert await database.inbox.count() == 0


async def test_a_file_of_a_forgotten_ledger_never_comes_into_the_new_one(
    database: Database,
) -> None:
    results: Any = {ExportWritten: job_results.export_written}
    async with open_stage(database, results=results) as stage:
        await stage.say("coffee 4.50")
        event = ExportWritten((ExportedFile("k", "kvitto.csv", 3),), ledger_id=999)
        assert await stage.event(event, ANN) == []
        assert [one.values for one in await stage.jobs() if one.kind == DeleteFiles.kind] == [
            {"keys": ["k"]}
        ]
