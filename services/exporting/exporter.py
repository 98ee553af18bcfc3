"""Export a ledger from one snapshot into files of the blob store, which are then sent."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ledger.errors import InputError
from ledger.formats.known import FORMATS
from ports.answers import Exported
from ports.blobs import Blobs
from ports.documents import DocumentKind, DocumentWriter
from ports.repositories import Repositories
from ports.units import UnitOfWorkFactory
from services.exporting.archive import write_archives
from services.exporting.assembling import (
    FILE_BYTES_MAX,
    ExportFile,
    assemble,
    join,
    name_file,
)
from services.exporting.request import ExportRequest
from services.exporting.spooling import Spooled, spool
from services.scope import Scope

FOLDER_PREFIX = "kvitto-export-"
"""Folders of exports that were killed are found by it, and deleted."""

_MEDIA_TYPES = {one.suffix: one.media_type for one in FORMATS.values()} | {
    ".gz": "application/gzip"
}
_DOCUMENTS: dict[str, DocumentKind] = {"xlsx": "xlsx", "pdf": "pdf"}


@dataclass(frozen=True, slots=True)
class Exporter:
    """Writes exports by the plugs for pictures and documents."""

    units: UnitOfWorkFactory
    blobs: Blobs
    documents: DocumentWriter
    file_bytes_max: int = FILE_BYTES_MAX

    async def run(
        self, ledger_id: int, request: ExportRequest, *, now: datetime
    ) -> tuple[Exported, ...]:
        """Export a ledger into the blob store; runs as a job, safe to repeat.

        Raises:
            InputError: the file would be too large (`export_too_large`, `export_too_many`).
            NotFoundError: There is no such ledger.
            UnavailableError: The blob store cannot store, or the process that draws died.
        """
        with tempfile.TemporaryDirectory(prefix=FOLDER_PREFIX) as folder:
            files = await self.write(ledger_id, request, Path(folder), now=now)
            if any(file.path.stat().st_size > self.file_bytes_max for file in files):
                raise InputError("export_too_large", format=request.format)
            kept: list[Exported] = []
            try:
                for file in files:
                    kept.append(await self._keep(file))  # noqa: PERF401 - what is kept counts
            except BaseException:
                # Cancelled where the chat was forgotten: its files must not outlive it.
                await self.delete([one.blob_key for one in kept])
                raise
            return tuple(kept)

    async def delete(self, keys: Sequence[str]) -> None:
        """Delete files that were kept. Raises `UnavailableError`."""
        for key in keys:
            await self.blobs.delete(key)

    async def write(
        self, ledger_id: int, request: ExportRequest, folder: Path, *, now: datetime
    ) -> tuple[ExportFile, ...]:
        """Write the files into a folder, of any size; raises as `run`."""

        def read(repositories: Repositories) -> Spooled:
            chat = repositories.chats.of_ledger(ledger_id)
            return spool(Scope(repositories, chat.ledger, 0, now), chat.title, request, folder)

        # A snapshot, not a unit: writers go on while a large ledger is written.
        spooled = await self.units.read(read)
        match spooled.format.made:
            case "document":
                return (await self._draw(spooled, folder),)
            case "archive":
                limit = self.file_bytes_max
                return await write_archives(spooled, self.blobs, folder, file_bytes_max=limit)
            case "text":
                return await asyncio.to_thread(
                    assemble, spooled, folder, file_bytes_max=self.file_bytes_max
                )

    async def _draw(self, spooled: Spooled, folder: Path) -> ExportFile:
        """Have a document drawn of the spooled rows."""
        suffix, whole = spooled.format.suffix, spooled.whole
        rows = await asyncio.to_thread(join, spooled, spooled.bodies, folder)
        target = folder / f"drawn{suffix}"
        await self.documents.write(_DOCUMENTS[spooled.format.name], rows.path, target)
        name = name_file(spooled, whole, suffix)
        return ExportFile(target, name, whole.rows, spooled.days(whole))

    async def _keep(self, file: ExportFile) -> Exported:
        data = await asyncio.to_thread(file.path.read_bytes)
        media_type = _MEDIA_TYPES.get(file.path.suffix, "application/octet-stream")
        key = await self.blobs.put(data, media_type=media_type)
        return Exported(key, file.file_name, file.rows, file.period, file.about)
