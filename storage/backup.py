"""Back up and restore everything as one file, while the bot runs.

The file is a `.tar.gz`: `manifest.json`, then the receipts (`files/<key>`), then a JSON line per
row (`tables/<table>.jsonl`). All rows are of one snapshot. Files never change and are named by
rows, so they are copied after the snapshot: one that is gone by then was forgotten by its owner.

A backup can be restored into either kind of database and store. One of an earlier version is
loaded into the schema of that version and then migrated. Restoring refuses a database that
holds anything. Pushes that were waiting are not sent again (at most once); answers are.
"""

from __future__ import annotations

import asyncio
import io
import os
import tarfile
import tempfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from gzip import BadGzipFile
from pathlib import Path
from typing import IO, Any

import orjson
from sqlalchemy import Connection

from ledger.errors import InputError, NotFoundError
from ports.blobs import Blobs
from storage.database.database import Database, open_database
from storage.database.repositories.blobs import referenced_blobs
from storage.database.upkeep.dump import (
    dump_tables,
    is_empty,
    load_table,
    reflect_tables,
    set_numbers,
)
from storage.migrations import HEAD, build_schema, find_schema, migrate

FORMAT = 1
LEVEL = 3
"""Of compression: photos do not shrink, rows do at any level."""
FILE_BYTES_MAX = 64 << 20
"""Largest file that a restore takes out of a backup into memory."""


@dataclass(frozen=True, slots=True)
class BackupCounts:
    """Counts of rows and files in a backup."""

    rows: int
    files: int


async def write_backup(
    database: Database, blobs: Blobs, path: Path, *, now: datetime
) -> BackupCounts:
    """Write a backup; the file appears under its name only when it is complete.

    Raises:
        UnavailableError: the database or the files cannot be read.
    """
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".kvitto-backup-") as name:
        folder = Path(name)

        def dump(connection: Connection) -> tuple[dict[str, Any], set[str]]:
            return dump_tables(connection, folder), referenced_blobs(connection)

        dumped, keys = await database.backend.read(dump)
        manifest = {"format": FORMAT, "schema": HEAD, "made_at": now, "files": len(keys), **dumped}
        part = folder / "backup.part"
        with tarfile.open(part, "w:gz", compresslevel=LEVEL) as tar:
            _add(tar, "manifest.json", orjson.dumps(manifest))
            files = 0
            for key in sorted(keys):
                files += await _add_blob(tar, blobs, key)
            for table in dumped["rows"]:
                source = folder / f"{table}.jsonl"
                await asyncio.to_thread(tar.add, source, f"tables/{table}.jsonl")
        await asyncio.to_thread(_put_in_place, part, path)
    return BackupCounts(sum(dumped["rows"].values()), files)


async def restore_backup(url: str, blobs: Blobs, path: Path) -> BackupCounts:
    """Restore into an empty database.

    Raises:
        InputError: the file is not a backup of Kvitto (`backup_unreadable`), of a newer version
            (`backup_newer`), or the database holds something (`restore_not_empty`).
        UnavailableError: the database or the store of files cannot be written.
    """
    try:
        schema = str(_read_manifest(path)["schema"])
        if await find_schema(url) is not None:
            async with open_database(url, up_to_date=False) as database:
                if not await database.backend.read(is_empty):
                    raise InputError("restore_not_empty")
        await build_schema(url, schema)
        async with open_database(url, up_to_date=False) as database:
            counts = await _restore(database, blobs, path)
    except (tarfile.TarError, EOFError, zlib.error, ValueError, KeyError, BadGzipFile) as error:
        raise InputError("backup_unreadable") from error
    await migrate(url)
    return counts


def _read_manifest(path: Path) -> dict[str, Any]:
    with tarfile.open(path, "r:gz") as tar:
        manifest: dict[str, Any] = orjson.loads(_content(tar, tar.next(), "manifest.json"))
    if manifest["format"] > FORMAT or manifest["schema"] > HEAD:
        raise InputError("backup_newer")
    return manifest


async def _restore(database: Database, blobs: Blobs, path: Path) -> BackupCounts:
    with tarfile.open(path, "r:gz") as tar:
        manifest = orjson.loads(_content(tar, tar.next(), "manifest.json"))
        keys: dict[str, str] = {}
        member = tar.next()
        while member is not None and member.name.startswith("files/"):
            key = member.name.removeprefix("files/")
            data = _content(tar, member, member.name)
            keys[key] = await blobs.put(data, media_type="application/octet-stream")
            member = tar.next()

        def load(connection: Connection) -> int:
            rewrite, tables = _rewriter(keys), reflect_tables(connection)
            try:
                rows = sum(
                    load_table(connection, tables[name], lines, rewrite)
                    for name, lines in _tables(tar, member)
                )
            except (OSError, zlib.error) as error:
                # Of the file, not of the database: trying again would not help.
                raise InputError("backup_unreadable") from error
            if rows != sum(manifest["rows"].values()):
                raise InputError("backup_unreadable")
            set_numbers(connection, tables, manifest["numbers"])
            return rows

        return BackupCounts(await database.backend.write(load), len(keys))


def _rewriter(keys: dict[str, str]) -> Callable[[str, dict[str, Any]], dict[str, Any]]:
    """Return a function that gives rows the new keys of files and drops waiting pushes."""

    def rewrite(table: str, row: dict[str, Any]) -> dict[str, Any]:
        if table == "receipts":
            for column in ("blob_key", "clean_key"):
                row[column] = keys.get(row[column], row[column])
        elif table == "outbox" and row["payload"]:
            attachment = row["payload"].get("attachment")
            if attachment:
                attachment["blob_key"] = keys.get(attachment["blob_key"], attachment["blob_key"])
            if row["kind"] == "push":
                row |= {"state": "dropped", "error": "restored", "payload": None, "drawing": None}
        elif table == "pushes":
            # One that was claimed and not composed yet waited as well.
            row["due_at"] = None
        return row

    return rewrite


def _tables(
    tar: tarfile.TarFile, member: tarfile.TarInfo | None
) -> Iterator[tuple[str, IO[bytes]]]:
    """Yield each table's name and lines."""
    while member is not None:
        file = tar.extractfile(member)
        if file is None:
            raise InputError("backup_unreadable")
        yield member.name.removeprefix("tables/").removesuffix(".jsonl"), file
        member = tar.next()


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo | None, name: str) -> bytes:
    file = tar.extractfile(member) if member is not None and member.name == name else None
    if member is None or file is None or member.size > FILE_BYTES_MAX:
        raise InputError("backup_unreadable")
    return file.read()


def _add(tar: tarfile.TarFile, name: str, data: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode = len(data), 0o600
    tar.addfile(info, io.BytesIO(data))


async def _add_blob(tar: tarfile.TarFile, blobs: Blobs, key: str) -> bool:
    try:
        data = await blobs.get(key)
    except NotFoundError:
        return False
    await asyncio.to_thread(_add, tar, f"files/{key}", data)
    return True


def _put_in_place(part: Path, path: Path) -> None:
    part.chmod(0o600)
    with part.open("rb") as file:
        os.fsync(file.fileno())
    part.replace(path)
