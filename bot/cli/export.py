"""Write a chat's ledger to a file for the operator (`kvitto export CHAT_ID`)."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
import tempfile
from pathlib import Path

from bot.engine.documents import DocumentProcess
from bot.ops.clock import utc_now
from bot.setup.plugs import build_blobs
from bot.setup.settings import Settings, read_settings
from ledger.errors import InputError, NotFoundError
from ports.repositories import Repositories
from services.exporting.assembling import ExportFile
from services.exporting.exporter import FOLDER_PREFIX, Exporter
from services.exporting.request import ExportRequest, parse_format
from storage import open_database


def export(chat_id: int, form: str, out: Path | None) -> int:
    """Write the ledger of a chat; with several files (a large CSV is one a year), a folder.

    Raises:
        InputError: the format is unknown, or `out` cannot be written.
        NotFoundError: no such chat has a ledger.
    """
    request = ExportRequest(parse_format(form))
    settings = read_settings()
    with tempfile.TemporaryDirectory(prefix=FOLDER_PREFIX) as folder:
        files = asyncio.run(_write(settings, chat_id, request, Path(folder)))
        if out is None and any(file.path.suffix != ".gz" for file in files[1:]):
            # Packed years may follow each other in one stream; files of programs may not.
            remedy = f"{form} makes {len(files)} files; name a folder with --out"
            raise InputError("file_unwritable", remedy=remedy)
        try:
            hand_out([(file.path, file.file_name) for file in files], out)
        except BrokenPipeError:
            # The reader of standard output has enough, which is not an error.
            raise
        except OSError as error:
            remedy = f"{out or 'standard output'}: {error.strerror}"
            raise InputError("file_unwritable", remedy=remedy) from error
    return 0


async def _write(
    settings: Settings, chat_id: int, request: ExportRequest, folder: Path
) -> tuple[ExportFile, ...]:
    """Write the files into a folder."""
    async with open_database(settings.database_url.get_secret_value()) as database:
        ledger_id = await database.units.read(lambda found: _find_ledger(found, chat_id))
        exporter = Exporter(database.units, build_blobs(settings), DocumentProcess())
        return await exporter.write(ledger_id, request, folder, now=utc_now())


def _find_ledger(repositories: Repositories, chat_id: int) -> int:
    """Return the id of a chat's ledger. Raises `NotFoundError`."""
    place = repositories.chats.find(chat_id)
    if place is None:
        raise NotFoundError("no_such_chat", remedy="no ledger has this chat id")
    return place.chat.ledger.id


def hand_out(files: list[tuple[Path, str]], out: Path | None) -> None:
    """Write files to `out` (a folder where there are several), or to standard output."""
    if out is None:
        for path, _ in files:
            with path.open("rb") as file:
                shutil.copyfileobj(file, sys.stdout.buffer)
    elif len(files) == 1 and not out.is_dir():
        _copy(files[0][0], out)
    else:
        out.mkdir(mode=0o700, parents=True, exist_ok=True)
        for path, name in files:
            _copy(path, out / name)


def _copy(source: Path, target: Path) -> None:
    """Copy a file so that only its owner can read it, and replace an older one."""
    target.unlink(missing_ok=True)
    number = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with source.open("rb") as read, os.fdopen(number, "wb") as written:
        shutil.copyfileobj(read, written)
