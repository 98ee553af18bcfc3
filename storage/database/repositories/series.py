"""Store series of entries that come again, and the offers that were refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, bindparam, select, update

from ledger.recurring.fields import SeriesRow, series_fields, series_of_fields
from ledger.recurring.series import Series
from storage.database.connections.prepared import change, fetch, fetch_one
from storage.database.tables import refused_series, series
from storage.database.types import AnyRow
from storage.database.upsert import insert

_s = series.c
_LIST = (
    select(series)
    .where(_s.ledger_id == bindparam("ledger"), _s.removed_at.is_(None))
    .order_by(_s.id)
)
_LOCK = _LIST.with_for_update()
_MINE = (_s.id == bindparam("series_"), _s.ledger_id == bindparam("ledger"))
_FIND = select(series).where(*_MINE)
_NEW = insert(series)
_PUT = _NEW.on_conflict_do_update(
    index_elements=["id"],
    set_={
        name: _NEW.excluded[name] for name in ("fields", "booked_to", "updated_at", "removed_at")
    },
    where=_s.ledger_id == _NEW.excluded.ledger_id,
)
_REMOVE = (
    update(series).where(*_MINE).values(removed_at=bindparam("now"), updated_at=bindparam("now"))
)
_ADVANCE = update(series).where(*_MINE).values(booked_to=bindparam("to"))
_REFUSED = select(refused_series.c.key).where(refused_series.c.ledger_id == bindparam("ledger"))
_REFUSE = insert(refused_series).on_conflict_do_nothing().inline()


@dataclass(frozen=True, slots=True)
class SqlSeries:
    """`ports.repositories.SeriesTable` on a connection."""

    connection: Connection

    def list_all(self, ledger_id: int) -> list[Series]:
        """Return the series of a ledger that are not removed, the oldest first."""
        return _all(fetch(self.connection, _LIST, {"ledger": ledger_id}))

    def lock_all(self, ledger_id: int) -> list[Series]:
        """Return and lock them."""
        return _all(fetch(self.connection, _LOCK, {"ledger": ledger_id}))

    def find(self, ledger_id: int, series_id: str, *, removed: bool = False) -> Series | None:
        """Return a series; one that was removed only on request."""
        row = fetch_one(self.connection, _FIND, {"series_": series_id, "ledger": ledger_id})
        return None if row is None or (row.removed_at and not removed) else series_of(row)

    def put(self, one: Series, now: datetime) -> None:
        """Insert or replace the series of this id (revives a removed one)."""
        row = {
            "id": one.id,
            "ledger_id": one.ledger_id,
            "fields": series_fields(one),
            "booked_to": one.booked_to,
            "created_at": one.created_at,
            "updated_at": now,
            "removed_at": None,
        }
        change(self.connection, _PUT, row)

    def remove(self, ledger_id: int, series_id: str, now: datetime) -> None:
        """Mark a series as removed."""
        change(self.connection, _REMOVE, {"series_": series_id, "ledger": ledger_id, "now": now})

    def advance(self, one: Series, booked_to: date) -> None:
        """Keep the day before which all occurrences are dealt with."""
        where = {"series_": one.id, "ledger": one.ledger_id, "to": booked_to}
        change(self.connection, _ADVANCE, where)

    def refused(self, ledger_id: int) -> frozenset[str]:
        """Return the keys of offers that were refused."""
        rows = fetch(self.connection, _REFUSED, {"ledger": ledger_id})
        return frozenset(row.key for row in rows)

    def refuse(self, ledger_id: int, key: str) -> None:
        """Keep forever that an offer was refused."""
        change(self.connection, _REFUSE, {"ledger_id": ledger_id, "key": key})


def _all(rows: Sequence[AnyRow]) -> list[Series]:
    return [series_of(row) for row in rows]


def series_of(row: AnyRow) -> Series:
    """Return a row as a series."""
    known = SeriesRow(row.id, row.ledger_id, row.created_at, row.booked_to)
    return series_of_fields(known, row.fields)
