"""Write files of a ledger and send them while they are read from the disk."""

from __future__ import annotations

import asyncio
import tempfile
import zipfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from urllib.parse import quote
from weakref import WeakValueDictionary

from aiohttp import web

from ledger.formats.known import FORMATS
from services.exporting.assembling import ExportFile
from services.exporting.exporter import FOLDER_PREFIX, Exporter
from services.exporting.request import ExportRequest
from services.scope import Scope
from web.api.calls import Call, Reply
from web.api.entry_models import filter_of
from web.api.models.exports import ExportQuery
from web.problems import ProblemError

EXPORTS_MAX = 2
"""Exports at once; each takes a core for the length of a large ledger."""
FILES_MAX = 16
"""Files on the disk at once, until each is sent; a slow reader occupies one of them and no core."""
LEDGER_FILES_MAX = 4
"""Those of one ledger, so that its slow readers keep no other chat waiting."""
WAIT_SECONDS = 20
CHUNK_BYTES = 1 << 18
CHUNK_SECONDS = 30
"""Time for the reader to take a chunk, some 9 kB a second; a slower one is cut off.

Nothing bounds the time of a whole file, as a large one takes long on a good line too.
"""
# Other exports are cut to the size of file that Telegram takes.
_NO_LIMIT = 1 << 62
ZIP = "application/zip"

_writers = asyncio.Semaphore(EXPORTS_MAX)
_files = asyncio.Semaphore(FILES_MAX)
# Weak, so that a ledger is in it only while one of its exports is under way.
_files_of: WeakValueDictionary[int, asyncio.Semaphore] = WeakValueDictionary()


async def export(call: Call[ExportQuery, None]) -> Reply:
    """Send the entries that a filter lets through as a file; several files are packed in one."""

    def read(scope: Scope) -> tuple[int, ExportRequest]:
        return scope.ledger.id, ExportRequest(call.query.format, filter_of(scope, call.query))

    ledger_id, asked = await call.read(read)
    backend = call.backend
    exporter = Exporter(backend.units, backend.blobs, backend.documents, file_bytes_max=_NO_LIMIT)
    write = partial(exporter.write, ledger_id, asked, now=call.now)

    async def send(request: web.Request) -> web.StreamResponse:
        async with _slot(slots_of(ledger_id)), _slot(_files):
            with tempfile.TemporaryDirectory(prefix=FOLDER_PREFIX) as folder:
                async with _slot(_writers):
                    file = await _join(await write(folder=Path(folder)))
                return await _send(request, file, FORMATS[asked.format].media_type)

    return Reply(stream=send)


def slots_of(ledger_id: int) -> asyncio.Semaphore:
    """Return the slots of a ledger, which whoever uses them keeps alive."""
    return _files_of.setdefault(ledger_id, asyncio.Semaphore(LEDGER_FILES_MAX))


@asynccontextmanager
async def _slot(slots: asyncio.Semaphore) -> AsyncIterator[None]:
    """Hold a slot until the block ends. Raises `ProblemError` (503) when none becomes free."""
    try:
        async with asyncio.timeout(WAIT_SECONDS):
            await slots.acquire()
    except TimeoutError:
        detail = "Other exports are under way. Try again in a moment."
        headers = {"Retry-After": str(WAIT_SECONDS)}
        raise ProblemError(503, "exports_busy", detail, headers=headers) from None
    try:
        yield
    finally:
        slots.release()


async def _join(files: Sequence[ExportFile]) -> ExportFile:
    """Pack several files into one; a single one is sent as it is."""
    if len(files) == 1:
        return files[0]
    return await asyncio.to_thread(_pack, files)


def _pack(files: Sequence[ExportFile]) -> ExportFile:
    target = files[0].path.with_name("packed.zip")
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for file in files:
            packed.write(file.path, file.file_name)
    name = f"{Path(files[0].file_name).stem}.zip"
    return ExportFile(target, name, files[0].rows, files[0].period)


async def _send(request: web.Request, file: ExportFile, media_type: str) -> web.StreamResponse:
    kind = ZIP if file.path.suffix == ".zip" else media_type
    # The title of a chat may be in any script, so the name is written as RFC 8187 has it.
    named = f"attachment; filename*=UTF-8''{quote(file.file_name)}"
    response = web.StreamResponse(headers={"Content-Disposition": named})
    response.content_type = kind
    response.content_length = file.path.stat().st_size
    await response.prepare(request)
    try:
        with file.path.open("rb") as opened:
            while chunk := await asyncio.to_thread(opened.read, CHUNK_BYTES):
                async with asyncio.timeout(CHUNK_SECONDS):
                    await response.write(chunk)
        # The end waits as well, where the reader has not taken what came last.
        async with asyncio.timeout(CHUNK_SECONDS):
            await response.write_eof()
    except TimeoutError:
        # The reader sees by the missing bytes that the file is not whole.
        if request.transport is not None:
            request.transport.abort()
    return response
