"""Spool entries into a CSV file a month, some thousand rows at a time.

Each batch is a read of its own, so that no snapshot stays open for minutes: on PostgreSQL that
would keep every queue's dead rows alive. An entry that is changed meanwhile is in the files as it
was before or after; the next night's files hold it anyway.
"""

from __future__ import annotations

import asyncio
import csv
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import bindparam, select

from ledger.categories import find_category
from ledger.money import from_minor, plain
from storage.analytics.description import COLUMNS, MONTH
from storage.database.connections.backend import Backend
from storage.database.connections.prepared import fetch
from storage.database.tables import entries
from storage.database.types import AnyRow

ROWS = 2000

_e = entries.c
_PAGE = (
    select(
        _e.id,
        _e.ledger_id,
        _e.spent_on,
        _e.type,
        _e.category,
        _e.currency,
        _e.amount_minor,
        _e.base_currency,
        _e.base_minor,
        _e.source,
        _e.created_at,
        _e.updated_at,
        _e.deleted_at,
    )
    .where(_e.id > bindparam("after"))
    .order_by(_e.id)
    .limit(ROWS)
)


async def spool_entries(backend: Backend, folder: Path) -> int:
    """Write `month=YYYY-MM.csv` files into a folder; return the count of rows."""
    after, count = "", 0
    while rows := await backend.read(lambda c, a=after: fetch(c, _PAGE, {"after": a})):  # type: ignore[misc]  # a bound default
        after = rows[-1].id
        # Left out here, since a page of deleted rows alone would look like the end.
        live = [row for row in rows if row.deleted_at is None]
        await asyncio.to_thread(_append, folder, live)
        count += len(live)
    return count


def _append(folder: Path, rows: Sequence[AnyRow]) -> None:
    months: dict[str, list[list[Any]]] = defaultdict(list)
    for row in rows:
        months[f"{row.spent_on:%Y-%m}"].append(_line(row))
    for month, lines in months.items():
        path = folder / f"{MONTH}={month}.csv"
        # Opened for each batch, since a history of decades has more months than a process has files.
        is_new = not path.exists()
        with path.open("a", newline="") as file:
            writer = csv.writer(file)
            if is_new:
                writer.writerow([column.name for column in COLUMNS])
            writer.writerows(lines)


def _line(row: AnyRow) -> list[Any]:
    base = row.base_minor
    return [
        row.id,
        row.ledger_id,
        row.spent_on.isoformat(),
        row.type,
        row.category if find_category(row.category) else "own",
        row.currency,
        plain(from_minor(row.amount_minor, row.currency), row.currency),
        row.base_currency or "",
        "" if base is None else plain(from_minor(base, row.base_currency), row.base_currency),
        row.source,
        f"{row.created_at:%Y-%m-%dT%H:%M:%SZ}",
        f"{row.updated_at:%Y-%m-%dT%H:%M:%SZ}",
    ]
