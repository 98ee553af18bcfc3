"""`kvitto check --ledger`: looks for damage in what is stored; finds, never repairs.

Findings are values: a kind and the id of the row. They hold no words and no amounts, so they may
be logged and printed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, text
from sqlalchemy.exc import DatabaseError

from ports.blobs import Blobs
from storage.database.damage import find_wrong_rows
from storage.database.database import Database
from storage.database.replay import find_wrong_history

FILE_FINDINGS_MAX = 100
"""Lines of SQLite's own report that are read."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One damaged thing: what is wrong (`entry_without_ledger`), and where."""

    kind: str
    id: str


async def check_ledger(database: Database, blobs: Blobs | None = None) -> list[Finding]:
    """Look at everything, in one snapshot; with `blobs` also for pictures that are missing.

    Raises:
        UnavailableError: the database or the store of files cannot be read.
    """
    found = await database.backend.read(lambda connection: list(_find(connection)))
    findings = [Finding(kind, name) for kind, name in found]
    if blobs is not None:
        stored = {key async for key in blobs.keys()}  # noqa: SIM118  # a method, not a dict
        missing = await database.referenced_blobs() - stored
        findings += [Finding("file_missing", key) for key in sorted(missing)]
    return findings


def _find(connection: Connection) -> Iterator[tuple[str, str]]:
    if connection.dialect.name == "sqlite":
        pages = list(_find_wrong_pages(connection))
        yield from pages
        if any(kind == "file_damaged" for kind, _ in pages):
            return  # what is read from such a file proves nothing
    yield from find_wrong_rows(connection)
    yield from find_wrong_history(connection)


def _find_wrong_pages(connection: Connection) -> Iterator[tuple[str, str]]:
    """Ask SQLite whether its pages, indexes and references are whole."""
    try:
        lines = connection.execute(text(f"PRAGMA integrity_check({FILE_FINDINGS_MAX})")).scalars()
        wrong = [str(number) for number, line in enumerate(lines) if line != "ok"]
    except DatabaseError:
        wrong = ["unreadable"]
    yield from (("file_damaged", name) for name in wrong)
    if not wrong:
        for row in connection.execute(text("PRAGMA foreign_key_check")):
            yield "reference_broken", f"{row[0]}:{row[1]}"
