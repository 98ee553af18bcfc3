"""Store the moments at which something of a ledger is due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import (
    ARRAY,
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Text,
    any_,
    bindparam,
    cast,
    delete,
    func,
    or_,
    select,
    update,
)

from ledger.settings import PUSH_KINDS
from ports.repositories import DuePushes, DueSchedule
from storage.database.connections.prepared import change, fetch
from storage.database.repositories.chats.chats import load_settings
from storage.database.tables import ledgers, pushes, schedules
from storage.database.upsert import insert

_s = schedules.c
_IS_PUSH = or_(*(_s.kind == kind for kind in PUSH_KINDS))
_DUE = (
    select(_s.id, _s.ledger_id, _s.kind, _s.subject_id, _s.due_at)
    .where(_s.due_at <= bindparam("now"), ~_IS_PUSH)
    .order_by(_s.due_at, _s.id)
    .limit(bindparam("rows"))
)
_LAST = (
    select(func.max(pushes.c.period_key))
    .where(pushes.c.ledger_id == _s.ledger_id, pushes.c.kind == _s.kind)
    .scalar_subquery()
)
# Grouped where the rows are, since most chats of an hour differ in nothing but their ids.
_due = (
    select(
        _s.id,
        _s.ledger_id,
        _s.kind,
        _s.due_at,
        cast(ledgers.c.settings, Text).label("settings"),
        _LAST.label("last_period"),
    )
    .join(ledgers, ledgers.c.id == _s.ledger_id)
    .where(_s.due_at <= bindparam("now"), _IS_PUSH)
    .order_by(_s.due_at, _s.id)
    .limit(bindparam("rows"))
    .with_for_update(skip_locked=True, of=schedules)
    .cte("due")
)
_SAME = (_due.c.kind, _due.c.due_at, _due.c.settings, _due.c.last_period)
_DUE_PUSHES = {
    dialect: select(
        *_SAME,
        collect(_due.c.id).label("ids"),
        collect(_due.c.ledger_id).label("ledger_ids"),
    )
    .group_by(*_SAME)
    .order_by(_due.c.due_at)
    for dialect, collect in (
        ("sqlite", func.json_group_array),
        ("postgresql", func.array_agg),
    )
}
_NEW = insert(schedules)
_PLAN = _NEW.on_conflict_do_update(
    index_elements=["ledger_id", "kind", "subject_id"], set_={"due_at": _NEW.excluded.due_at}
)
_UNPLAN = delete(schedules).where(
    _s.ledger_id == bindparam("ledger"),
    _s.kind == bindparam("kind_"),
    _s.subject_id == bindparam("subject"),
)


def among(column: Column[int]) -> dict[str, ColumnElement[bool]]:
    """Return the condition of each dialect that a column is among the ids of the value `ids`.

    The list is one value (`listed`), so a statement is compiled once whatever its length.
    """
    each = func.json_each(bindparam("ids", type_=Text)).table_valued("value")
    return {
        "sqlite": column.in_(select(each.c.value)),
        "postgresql": column == any_(bindparam("ids", type_=ARRAY(BigInteger))),
    }


def listed(ids: Sequence[int], dialect: str) -> str | list[int]:
    """Return ids as the one value that `among` compares with."""
    return orjson.dumps(list(ids)).decode() if dialect == "sqlite" else list(ids)


_PLAN_MANY = {
    dialect: update(schedules).where(chosen).values(due_at=bindparam("due"))
    for dialect, chosen in among(_s.id).items()
}


@dataclass(frozen=True, slots=True)
class SqlSchedules:
    """`ports.repositories.Schedules` on a connection."""

    connection: Connection

    def due(self, now: datetime, limit: int) -> list[DueSchedule]:
        """Return the schedules whose time has come, apart from pushes, longest waiting first."""
        rows = fetch(self.connection, _DUE, {"now": now, "rows": limit})
        return [DueSchedule(**row._asdict()) for row in rows]

    def due_pushes(self, now: datetime, limit: int) -> list[DuePushes]:
        """Return and lock pushes whose time has come, those of other processes left out."""
        query = _DUE_PUSHES[self.connection.dialect.name]
        rows = fetch(self.connection, query, {"now": now, "rows": limit})
        return [
            DuePushes(
                kind=row.kind,
                due_at=row.due_at,
                settings=load_settings(row.settings),
                last_period=row.last_period,
                schedule_ids=_numbers(row.ids),
                ledger_ids=_numbers(row.ledger_ids),
            )
            for row in rows
        ]

    def plan(
        self, ledger_id: int, kind: str, due_at: datetime | None, *, subject_id: str = ""
    ) -> None:
        """Set when this is due next; None deletes the schedule."""
        if due_at is None:
            where = {"ledger": ledger_id, "kind_": kind, "subject": subject_id}
            change(self.connection, _UNPLAN, where)
            return
        row = {"ledger_id": ledger_id, "kind": kind, "subject_id": subject_id, "due_at": due_at}
        change(self.connection, _PLAN, row)

    def plan_many(self, schedule_ids: Sequence[int], due_at: datetime) -> None:
        """Set when these are due next, in one statement."""
        dialect = self.connection.dialect.name
        where: dict[str, Any] = {"ids": listed(schedule_ids, dialect), "due": due_at}
        change(self.connection, _PLAN_MANY[dialect], where)


def _numbers(collected: str | list[int]) -> tuple[int, ...]:
    """Return numbers that SQLite collects as JSON and PostgreSQL as an array."""
    return tuple(orjson.loads(collected) if isinstance(collected, str) else collected)
