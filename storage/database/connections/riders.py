"""Save round trips to PostgreSQL: statements whose answers nobody needs ride with the next one.

A round trip costs this process more CPU than most statements cost the server, and a typed text has a
dozen statements. A rider becomes a `WITH` part of the statement behind it, or of the commit. The parts of
one statement all see the rows of before it and run in no order, so a statement that names a table of a
waiting rider lets the riders go first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.util import await_only

Rows = Sequence[Sequence[Any]]

COMPOSED_MAX = 500
"""Composed statements that are kept; the program has some 30."""
STATEMENTS_MAX = 500
"""Statements that a connection keeps prepared; the program has some 200."""

_KEPT = "kept"
_PLACE = re.compile(r"\$(\d+)")
_COUNT = re.compile(r"(?:SELECT|UPDATE|DELETE|INSERT \d+) (\d+)")


@dataclass(frozen=True, slots=True)
class Rider:
    """A statement of one table, as asyncpg takes it."""

    table: str
    sql: str
    parameters: list[Any]
    name: str = ""
    """By which riders of the same group read what this one returns."""


@dataclass(slots=True)
class _Kept:
    """Hold the riders of a connection's transaction, and its prepared statements."""

    riders: list[Rider] = field(default_factory=list)
    tables: set[str] = field(default_factory=set)
    statements: dict[str, Any] = field(default_factory=dict)

    def take(self) -> list[Rider]:
        riders, self.riders = self.riders, []
        self.tables.clear()
        return riders

    async def prepare(self, driver: Any, sql: str) -> Any:  # noqa: ANN401  # asyncpg's
        """Return a statement of this connection, the oldest of too many makes room for it."""
        statement = self.statements.get(sql)
        if statement is None:
            statement = self.statements[sql] = await driver.prepare(sql)
            if len(self.statements) > STATEMENTS_MAX:
                del self.statements[next(iter(self.statements))]
        return statement


def ride(connection: Connection, *group: Rider) -> None:
    """Let statements ride with the next one, together, or with the commit.

    None of them may write what another one of the group reads, but by its name.
    """
    waiting = _kept_of(connection)
    tables = {rider.table for rider in group}
    if not waiting.tables.isdisjoint(tables):
        flush(connection)
    waiting.riders += group
    waiting.tables |= tables


def run(
    connection: Connection,
    sql: str,
    parameters: Sequence[Any],
    tables: Iterable[str],
    *,
    alone: bool = False,
) -> tuple[Rows, int]:
    """Run a statement that names these tables; return its rows and how many were touched.

    One that is `alone` is the only statement of its transaction, so it needs neither BEGIN nor COMMIT.
    """
    waiting = _kept_of(connection)
    if waiting.riders:
        if waiting.tables.isdisjoint(tables):
            return _run(connection, *_compose(waiting.take(), sql, parameters), alone=alone)
        flush(connection)
    return _run(connection, sql, parameters, alone=alone)


def flush(connection: Connection, *, last: bool = False) -> None:
    """Run the riders that wait; as the `last` statement they may be the only one."""
    riders = _kept_of(connection).take()
    if riders:
        end = riders[-1]
        _run(connection, *_compose(riders[:-1], end.sql, end.parameters), alone=last)


def forget(connection: Connection) -> None:
    """Forget the riders of a transaction that is not committed."""
    _kept_of(connection).take()


def begin_with(connection: Connection, sql: str) -> int:
    """Begin a transaction and run a statement without parameters in one round trip.

    Returns how many rows the statement answered with.
    """
    adapted: Any = connection.connection.dbapi_connection
    if adapted._transaction is not None:  # noqa: SLF001  # as in `_run`
        return _run(connection, sql, ())[1]
    connection.begin()
    return _count(await_only(_begin_asyncpg(adapted, sql)))


def _kept_of(connection: Connection) -> _Kept:
    info = connection.info
    kept = info.get(_KEPT)
    if kept is None:
        kept = info[_KEPT] = _Kept()
    assert isinstance(kept, _Kept)
    return kept


def _compose(riders: Sequence[Rider], sql: str, parameters: Sequence[Any]) -> tuple[str, list[Any]]:
    parts = tuple((rider.name, rider.sql, len(rider.parameters)) for rider in riders)
    values = [value for rider in riders for value in rider.parameters]
    return _join(parts, sql), [*values, *parameters]


@lru_cache(maxsize=COMPOSED_MAX)
def _join(parts: tuple[tuple[str, str, int], ...], sql: str) -> str:
    """Return one statement of all; each part's parameters are numbered behind those before it."""
    written, ahead = [], 0
    for number, (name, part, count) in enumerate(parts):
        written.append(f"{name or f'rider_{number}'} AS ({_renumber(part, ahead)})")
        ahead += count
    return f"WITH {', '.join(written)} {_renumber(sql, ahead)}" if written else sql


def _renumber(sql: str, ahead: int) -> str:
    return _PLACE.sub(lambda found: f"${int(found[1]) + ahead}", sql)


def _run(
    connection: Connection, sql: str, parameters: Sequence[Any], *, alone: bool = False
) -> tuple[Rows, int]:
    if not (alone or connection.in_transaction()):
        # So that SQLAlchemy knows that there is something to commit.
        connection.begin()
    adapted: Any = connection.connection.dbapi_connection
    kept = _kept_of(connection)
    if not alone and adapted._transaction is None:  # noqa: SLF001  # as its own cursor does
        await_only(adapted._start_transaction())  # noqa: SLF001
    rows, status = await_only(_run_asyncpg(kept, adapted.driver_connection, sql, parameters))
    return rows, _count(status)


def _count(status: str | None) -> int:
    """Return the rows that a command tag counts, -1 where it counts none."""
    counted = _COUNT.match(status or "")
    return int(counted[1]) if counted else -1


async def _run_asyncpg(
    kept: _Kept,
    driver: Any,  # noqa: ANN401  # asyncpg's connection
    sql: str,
    parameters: Sequence[Any],
) -> tuple[Rows, str | None]:
    statement = await kept.prepare(driver, sql)
    rows: Rows = await statement.fetch(*parameters)
    return rows, statement.get_statusmsg()


async def _begin_asyncpg(adapted: Any, sql: str) -> str | None:  # noqa: ANN401  # as above
    driver = adapted.driver_connection
    adapted._transaction = Begun(driver)  # noqa: SLF001  # ended by SQLAlchemy's commit or rollback
    status: str | None = await driver.execute(f"BEGIN; {sql}")
    return status


@dataclass(frozen=True, slots=True)
class Begun:
    """A transaction that is begun, with the methods of asyncpg's that SQLAlchemy calls."""

    driver: Any

    async def commit(self) -> None:
        """Commit."""
        await self.driver.execute("COMMIT")

    async def rollback(self) -> None:
        """Roll back."""
        await self.driver.execute("ROLLBACK")
