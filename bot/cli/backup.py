"""Back up and restore database and receipts as one file, while the bot runs."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bot.ops.clock import utc_now
from bot.setup.plugs import build_blobs
from bot.setup.settings import read_settings
from ledger.errors import InputError
from storage import open_database
from storage.backup import BackupCounts, restore_backup, write_backup


def backup(file: Path) -> int:
    """Write a consistent backup of everything.

    Raises:
        InputError: the file cannot be written there.
        UnavailableError: database or receipts cannot be read.
    """
    target = file.absolute()
    if not target.parent.is_dir():
        raise InputError("no_such_folder", remedy=f"{target.parent} is no folder")
    if target.is_dir():
        raise InputError("no_file", remedy=f"{target} is a folder; name a file in it")

    async def work() -> BackupCounts:
        settings = read_settings()
        async with open_database(settings.database_url.get_secret_value()) as database:
            return await write_backup(database, build_blobs(settings), target, now=utc_now())

    counts = asyncio.run(work())
    print(f"{file}: {counts.rows} rows, {counts.files} receipts")
    return 0


def restore(file: Path) -> int:
    """Bring a backup back into an empty database.

    Raises:
        InputError: the file does not exist or is not a backup, or the database is not empty.
        UnavailableError: database or store cannot be written.
    """
    if not file.is_file():
        raise InputError("no_such_file", remedy=f"{file} is no file")
    settings = read_settings()
    url = settings.database_url.get_secret_value()
    counts = asyncio.run(restore_backup(url, build_blobs(settings), file))
    print(f"{file}: {counts.rows} rows, {counts.files} receipts are back")
    return 0
