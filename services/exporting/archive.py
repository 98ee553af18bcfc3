"""Pack entries with the pictures of their receipts, as proof for taxes or a warranty.

An archive holds `entries.csv`, the pictures, and `index.csv`, which names the picture of each entry.
One that would be too large for Telegram is continued in another, whole in itself.
"""

from __future__ import annotations

import asyncio
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from ledger.errors import NotFoundError
from ledger.formats.table import COLUMNS, guarded
from ledger.formats.writer import Part, csv_line, inert_line, one_line
from ports.blobs import Blobs
from services.exporting.assembling import FILE_BYTES_MAX, ExportFile, name_file
from services.exporting.spooling import Spooled

ENTRIES, INDEX, FOLDER = "entries.csv", "index.csv", "receipts"
_INDEX = ("file", "date", "merchant", "note", "amount", "currency", "id")
_FORBIDDEN = re.compile(r'[\\/:*?"<>|]')
"""Characters that no file on Windows may have."""
_NAME_MAX = 60
_KINDS: tuple[tuple[bytes, int, str], ...] = (
    (b"\xff\xd8\xff", 0, ".jpg"),
    (b"\x89PNG", 0, ".png"),
    (b"%PDF", 0, ".pdf"),
    (b"WEBP", 8, ".webp"),
    (b"ftyp", 4, ".heic"),
)
"""Signature, its position, and the ending of a file's name."""

Row = dict[str, str]


@dataclass(slots=True)
class Archive:
    """One archive being written."""

    path: Path
    part: Part
    packed: zipfile.ZipFile
    pictures: dict[str, str] = field(default_factory=dict)
    """Names in the archive by blob key; entries of one receipt share its picture."""
    size: int = 0
    lines: list[str] = field(default_factory=lambda: [csv_line(COLUMNS)])
    index: list[str] = field(default_factory=lambda: [csv_line(_INDEX)])

    def add_picture(self, key: str, stem: str, data: bytes) -> None:
        """Store a picture under a name that no other has."""
        suffix = suffix_of(data)
        name, number = f"{FOLDER}/{stem}{suffix}", 2
        while name in self.pictures.values():
            name, number = f"{FOLDER}/{stem} ({number}){suffix}", number + 1
        # Pictures are compressed already.
        self.packed.writestr(name, data, compress_type=zipfile.ZIP_STORED)
        self.pictures[key] = name
        self.size += len(data)

    def add_row(self, row: Row, picture: str) -> None:
        """Add an entry to both tables."""
        self.part.rows += 1
        self.part.last = date.fromisoformat(row["date"])
        self.lines.append(csv_line(guarded(tuple(row[name] for name in COLUMNS))))
        self.index.append(inert_line((picture, *(row[name] for name in _INDEX[1:]))))
        self.size += len(self.lines[-1]) + len(self.index[-1])

    def close(self) -> None:
        """Write the tables."""
        with self.packed as packed:
            packed.writestr(ENTRIES, "".join(self.lines))
            packed.writestr(INDEX, "".join(self.index))


async def write_archives(
    spooled: Spooled, blobs: Blobs, folder: Path, *, file_bytes_max: int = FILE_BYTES_MAX
) -> tuple[ExportFile, ...]:
    """Write the archives of an export. Raises `UnavailableError` when pictures cannot be fetched."""
    archives: list[Archive] = []
    for row in _rows(spooled):
        key = spooled.receipts.get(row["id"], "")
        data = await _fetch(blobs, key) if key and not _has(archives, key) else b""
        if not archives or (archives[-1].size + len(data) > file_bytes_max):
            on = date.fromisoformat(row["date"])
            archives.append(_begin(folder, len(archives), Part("", on, on)))
        current = archives[-1]
        if data:
            await asyncio.to_thread(current.add_picture, key, name_picture(row), data)
        current.add_row(row, current.pictures.get(key, ""))
    if not archives:
        archives.append(_begin(folder, 0, spooled.whole))
    for archive in archives:
        await asyncio.to_thread(archive.close)
    return tuple(_named(spooled, archives))


def name_picture(row: Row) -> str:
    """Return `2026-11-19 EDEKA 21.44 EUR`, as a person would name the file of a receipt."""
    words = row["merchant"] or row["note"] or row["category"]
    plain = one_line(_FORBIDDEN.sub(" ", words))[:_NAME_MAX].strip(" .")
    return " ".join(filter(None, (row["date"], plain, row["amount"], row["currency"])))


def suffix_of(data: bytes) -> str:
    """Return the ending of a file by its first bytes."""
    for signature, position, suffix in _KINDS:
        if data[position : position + len(signature)] == signature:
            return suffix
    return ".bin"


def _rows(spooled: Spooled) -> Iterator[Row]:
    """Yield the spooled entries, with the names of the chat's own categories."""
    names = spooled.writer.facts.categories
    for _, body in spooled.bodies:
        with body.open(encoding="utf-8") as lines:
            for line in lines:
                row: Row = dict(zip(COLUMNS, json.loads(line), strict=True))
                yield row | {"category": names.get(row["category"], row["category"])}


def _has(archives: list[Archive], key: str) -> bool:
    return bool(archives) and key in archives[-1].pictures


async def _fetch(blobs: Blobs, key: str) -> bytes:
    try:
        return await blobs.get(key)
    except NotFoundError:
        # A picture that is lost leaves its entry in the tables, without a file.
        return b""


def _begin(folder: Path, number: int, part: Part) -> Archive:
    path = folder / f"{number}.zip"
    return Archive(path, part, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED))


def _named(spooled: Spooled, archives: list[Archive]) -> Iterator[ExportFile]:
    """Yield the files; several have the days of their own entries and a number."""
    if len(archives) == 1:
        part = archives[0].part
        name = name_file(spooled, part, ".zip")
        yield ExportFile(archives[0].path, name, part.rows, spooled.days(part))
        return
    for number, archive in enumerate(archives, start=1):
        part = archive.part
        name = name_file(spooled, part, f"-{number}.zip")
        yield ExportFile(archive.path, name, part.rows, spooled.days(part))
