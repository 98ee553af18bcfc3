"""Find damage in stored data without repairing it (`kvitto check --ledger`).

Findings are values: a kind and the id of the row. They hold no words and no amounts, so they may
be logged and printed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text
from sqlalchemy.exc import DatabaseError

from storage.database.upkeep.counts import find_missing_rows
from storage.database.upkeep.replay import find_wrong_entries, find_wrong_history
from storage.database.upkeep.row_checks import CHECKS
from storage.database.upkeep.unreadable import find_unreadable

FILE_FINDINGS_MAX = 100
"""Lines of SQLite's own report that are read."""


@dataclass(frozen=True, slots=True)
class Damage:
    """One finding: its kind (`entry_without_ledger`) and the id of its row."""

    what: str
    where: str


def find_damage(connection: Connection, now: datetime) -> list[Damage]:
    """Look at everything, in one snapshot."""
    # Of rows that share an id, such as alerts of a budget, each is found.
    return list(dict.fromkeys(Damage(what, where) for what, where in _find(connection, now)))


def _find(connection: Connection, now: datetime) -> Iterator[tuple[str, str]]:
    if connection.dialect.name == "sqlite":
        pages = list(_find_wrong_pages(connection))
        yield from pages
        if any(kind == "file_damaged" for kind, _ in pages):
            return  # what is read from such a file proves nothing
    unreadable = list(find_unreadable(connection))
    yield from unreadable
    if unreadable:
        return  # the checks below would stop at the first such row
    yield from find_wrong_entries(connection, now)
    for checks in CHECKS:
        yield from checks.find(connection)
    yield from find_wrong_history(connection)
    yield from find_missing_rows(connection, now)


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
