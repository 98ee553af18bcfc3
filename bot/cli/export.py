"""Write a chat's ledger to a file for the operator (`kvitto export CHAT_ID`)."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
import tempfile
from pathlib import Path

from bot.ops.clock import utc_now
from bot.setup.settings import read_settings
from ledger.errors import InputError, NotFoundError
from ports.repositories import Repositories
from services.reporting.export import Format, parse_format, write
from services.scope import Scope
from storage import open_database


def export(chat_id: int, form: str, out: Path | None) -> int:
    """Write the ledger of a chat; with several files (a large CSV is one a year), a folder.

    Raises:
        InputError: the format is unknown, or `out` cannot be written.
        NotFoundError: no such chat has a ledger.
    """
    kind = parse_format(form)
    url = read_settings().database_url.get_secret_value()
    with tempfile.TemporaryDirectory(prefix="kvitto-export-") as folder:

        async def work() -> list[tuple[Path, str]]:
            async with open_database(url) as database:
                return await database.units.read(
                    lambda repositories: _write(repositories, chat_id, kind, Path(folder))
                )

        files = asyncio.run(work())
        try:
            hand_out(files, out)
        except BrokenPipeError:
            # The reader of standard output has enough, which is not an error.
            raise
        except OSError as error:
            remedy = f"{out or 'standard output'}: {error.strerror}"
            raise InputError("file_unwritable", remedy=remedy) from error
    return 0


def _write(
    repositories: Repositories, chat_id: int, kind: Format, folder: Path
) -> list[tuple[Path, str]]:
    """Write the files into a folder; return each with the name that a person sees."""
    place = repositories.chats.find(chat_id)
    if place is None:
        raise NotFoundError("no_such_chat", remedy="no ledger has this chat id")
    files = write(Scope(repositories, place.chat.ledger, 0, utc_now()), kind, None, folder)
    return [(file.path, file.file_name) for file in files]


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
