"""Delete old rows: keys of handled messages, their versions, sent subjects, buttons, questions, calls.

A reader looks ids up and the writer deletes them, in small transactions, so pruning never blocks an
update for long. No statement reads a whole table: running numbers grow with time, so the search
ends at the first young row, and other tables have an index on their time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import (
    BindParameter,
    Column,
    ColumnElement,
    Connection,
    Delete,
    Select,
    Table,
    bindparam,
    delete,
    func,
    select,
    tuple_,
)

from storage.database.connections.backend import Backend
from storage.database.connections.prepared import change, fetch
from storage.database.tables import (
    PENDING,
    ai_calls,
    inbox,
    keyboards,
    login_links,
    message_versions,
    outbox,
    questions,
    replays,
    sessions,
)

MESSAGE_DAYS = 7
"""Telegram repeats an update for a day at most; a week leaves room for a restored backup."""
SUBJECT_DAYS = 90
"""The time for which a reply to a message of the bot is understood."""
QUESTION_DAYS = 90
SESSION_DAYS = 2
"""Longer than signed data is accepted, since an ended session says that its data opens nothing."""
REPLAY_DAYS = 2
"""Longer than a key counts (`services.replaying`)."""
CALL_DAYS = 400
"""Calls to paid readers: a year and the month before can be compared."""
BATCH_ROWS = 500
BATCHES_MAX = 200
"""Batches of one table and run; an hour later the next run goes on."""

_BEFORE: BindParameter[datetime] = bindparam("before")
_NO_NUMBER = 2**62
_ROWS: BindParameter[int] = bindparam("rows")


@dataclass(frozen=True, slots=True)
class _Old:
    """A table's old rows: a query for ids, and the age from which they go."""

    query: Select[Any]
    deletion: Delete
    days: int


def _old(table: Table, query: Select[Any], days: int) -> _Old:
    # Built once, since each statement that is run is kept prepared.
    ids: BindParameter[Any] = bindparam("ids", expanding=True)
    keys = tuple(table.primary_key.columns)
    key = keys[0] if len(keys) == 1 else tuple_(*keys)
    return _Old(query, delete(table).where(key.in_(ids)), days)


def _by_number(table: Table, at: Column[Any], *conditions: ColumnElement[bool]) -> Select[Any]:
    """Select old rows in the order of their running number, up to the first young one."""
    young = table.alias("young")
    first = (
        select(young.c.id).where(young.c[at.name] >= _BEFORE).order_by(young.c.id).limit(1)
    ).scalar_subquery()
    # Without a young row, everything is old.
    last = func.coalesce(first, _NO_NUMBER)
    return (
        select(table.c.id).where(table.c.id < last, *conditions).order_by(table.c.id).limit(_ROWS)
    )


def _by_time(table: Table, at: Column[Any]) -> Select[Any]:
    keys = table.primary_key.columns
    return select(*keys).where(at < _BEFORE).order_by(at).limit(_ROWS)


# A message that waited long stays for the whole time after its end, as its answer does.
_closed_before = func.coalesce(inbox.c.closed_at, inbox.c.received_at) < _BEFORE
_OLD: tuple[_Old, ...] = (
    _old(
        inbox,
        # Those that failed for good too: a person's words are not kept for longer than this.
        _by_number(inbox, inbox.c.received_at, inbox.c.state != PENDING, _closed_before),
        MESSAGE_DAYS,
    ),
    _old(
        outbox,
        _by_number(outbox, outbox.c.created_at, outbox.c.state.not_in(("waiting", "drawing"))),
        SUBJECT_DAYS,
    ),
    # Telegram lets people edit for two days. A later edit starts from what was booked.
    _old(message_versions, _by_time(message_versions, message_versions.c.edited_at), MESSAGE_DAYS),
    _old(keyboards, _by_time(keyboards, keyboards.c.expires_at), 0),
    _old(questions, _by_time(questions, questions.c.asked_at), QUESTION_DAYS),
    _old(sessions, _by_time(sessions, sessions.c.opened_at), SESSION_DAYS),
    _old(replays, _by_time(replays, replays.c.made_at), REPLAY_DAYS),
    _old(login_links, _by_time(login_links, login_links.c.expires_at), 0),
    _old(ai_calls, _by_number(ai_calls, ai_calls.c.called_at), CALL_DAYS),
)


async def prune(backend: Backend, now: datetime) -> int:
    """Delete rows that are older than their time; return their number."""
    deleted = 0
    for old in _OLD:
        where = {"before": now - timedelta(days=old.days), "rows": BATCH_ROWS}
        for _ in range(BATCHES_MAX):
            ids = await backend.read(partial(_find, old.query, where))
            if ids:
                deleted += await backend.write(partial(_delete, old.deletion, {"ids": ids}))
            if len(ids) < BATCH_ROWS:
                break
    return deleted


def _find(query: Select[Any], where: dict[str, Any], connection: Connection) -> list[Any]:
    rows = fetch(connection, query, where)
    return [row[0] if len(row) == 1 else tuple(row) for row in rows]


def _delete(statement: Delete, values: dict[str, Any], connection: Connection) -> int:
    return change(connection, statement, values)
