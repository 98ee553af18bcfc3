"""Deletes what is no longer needed: keys of handled updates, subjects of sent messages, old buttons.

Ids are read outside the writer and deleted in small transactions, so pruning never blocks an update
for long.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import BindParameter, Connection, Delete, Select, Table, bindparam, delete, select

from storage.database.connections.backend import Backend
from storage.database.connections.prepared import change, fetch
from storage.database.tables import ai_calls, inbox, keyboards, outbox, questions

ARRIVAL_DAYS = 7
"""Telegram repeats an update for a day at most; a week leaves room for a restored backup."""
SUBJECT_DAYS = 90
"""How long a reply to a message of the bot is understood."""
QUESTION_DAYS = 90
CALL_DAYS = 400
"""Calls to paid readers: a year and the month before can be compared."""
BATCH_ROWS = 500

_TABLES = (inbox, outbox, keyboards, questions, ai_calls)
# Built once: a statement that is built per run would be compiled and kept per run.
_DELETE: dict[str, Delete] = {
    table.name: delete(table).where(table.c.id.in_(bindparam("ids", expanding=True)))
    for table in _TABLES
}
_BEFORE: BindParameter[datetime] = bindparam("before")
_OLD: tuple[tuple[Table, Select[Any], timedelta], ...] = (
    (
        inbox,
        select(inbox.c.id).where(inbox.c.state == "done", inbox.c.received_at < _BEFORE),
        timedelta(days=ARRIVAL_DAYS),
    ),
    (
        outbox,
        select(outbox.c.id).where(
            outbox.c.state.not_in(("waiting", "drawing")), outbox.c.created_at < _BEFORE
        ),
        timedelta(days=SUBJECT_DAYS),
    ),
    (keyboards, select(keyboards.c.id).where(keyboards.c.expires_at < _BEFORE), timedelta()),
    (
        questions,
        select(questions.c.id).where(questions.c.asked_at < _BEFORE),
        timedelta(days=QUESTION_DAYS),
    ),
    (
        ai_calls,
        select(ai_calls.c.id).where(ai_calls.c.called_at < _BEFORE),
        timedelta(days=CALL_DAYS),
    ),
)


async def prune(backend: Backend, now: datetime) -> int:
    """Delete what is older than its time; return how many rows went."""
    gone = 0
    for table, query, age in _OLD:
        before = {"before": now - age}

        def look(
            connection: Connection, query: Select[Any] = query, before: dict[str, Any] = before
        ) -> list[Any]:
            return [row.id for row in fetch(connection, query, before)]

        ids = await backend.read(look)
        for start in range(0, len(ids), BATCH_ROWS):
            values = {"ids": ids[start : start + BATCH_ROWS]}
            gone += await backend.write(partial(_delete, _DELETE[table.name], values))
    return gone


def _delete(statement: Delete, values: dict[str, Any], connection: Connection) -> int:
    return change(connection, statement, values)
