"""Store which insights were told or refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import Connection, bindparam, delete, select

from ledger.insights.insight import InsightMark
from storage.database.connections.prepared import change, fetch
from storage.database.tables import insight_marks
from storage.database.upsert import insert

_m = insight_marks.c
_LIST = select(_m.kind, _m.object, _m.month, _m.bucket).where(_m.ledger_id == bindparam("ledger"))
_ADD = insert(insight_marks).on_conflict_do_nothing().inline()
_REMOVE = delete(insight_marks).where(
    _m.ledger_id == bindparam("ledger"),
    _m.kind == bindparam("kind_"),
    _m.object == bindparam("object_"),
    _m.month == bindparam("month_"),
)


@dataclass(frozen=True, slots=True)
class SqlInsightMarks:
    """`ports.repositories.InsightMarks` on a connection."""

    connection: Connection

    def list_all(self, ledger_id: int) -> list[InsightMark]:
        """Return what was told or refused in a ledger."""
        rows = fetch(self.connection, _LIST, {"ledger": ledger_id})
        return [InsightMark(row.kind, row.object, row.month, row.bucket) for row in rows]

    def add(self, ledger_id: int, marks: Sequence[InsightMark]) -> None:
        """Keep marks; those that are there stay as they are."""
        for mark in marks:
            change(self.connection, _ADD, {"ledger_id": ledger_id, **asdict(mark)})

    def remove(self, ledger_id: int, mark: InsightMark) -> None:
        """Forget a mark."""
        where = {
            "ledger": ledger_id,
            "kind_": mark.kind,
            "object_": mark.object,
            "month_": mark.month,
        }
        change(self.connection, _REMOVE, where)
