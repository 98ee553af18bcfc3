"""A group became a supergroup: its ledger, its members and its unsent messages move on."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    BindParameter,
    Connection,
    Table,
    bindparam,
    delete,
    exists,
    or_,
    select,
    update,
)

from ledger.changes import Change, Operation, entry_change
from ledger.entry import Converted, Entry
from storage.database.connections.prepared import change, fetch, fetch_one, fetch_value
from storage.database.repositories.entries import SqlEntries
from storage.database.repositories.operations import SqlOperations
from storage.database.tables import (
    ai_calls,
    budgets,
    changes,
    chats,
    corrections,
    entries,
    keyboards,
    ledgers,
    members,
    operations,
    outbox,
    pushes,
    questions,
    receipts,
    schedules,
)
from storage.database.types import AnyRow
from storage.database.upsert import insert

_OLD: BindParameter[int] = bindparam("old")
_NEW: BindParameter[int] = bindparam("new")

_CHAT = select(chats).where(chats.c.chat_id == bindparam("chat")).with_for_update()
_ADD_CHAT = insert(chats).on_conflict_do_nothing(index_elements=["chat_id"])
_TAKE_LEDGER = (
    update(chats).where(chats.c.chat_id == _NEW).values(ledger_id=bindparam("ledger"), muted=False)
)
_MOVED = update(chats).where(chats.c.chat_id == _OLD).values(migrated_to=_NEW)
_UNSENT = (outbox.c.chat_id == _OLD, outbox.c.state.in_(("waiting", "drawing")))
# Message ids of the group mean nothing in the supergroup, or worse: another message.
_FOLLOW = (
    update(outbox).where(*_UNSENT, outbox.c.method == "send").values(chat_id=_NEW, reply_to=None),
    update(outbox)
    .where(*_UNSENT, outbox.c.method == "edit")
    .values(chat_id=_NEW, reply_to=None, method="send", message_id=None),
    update(outbox)
    .where(*_UNSENT, outbox.c.method == "delete")
    .values(state="dropped", error="migrated", payload=None),
    update(keyboards).where(keyboards.c.chat_id == _OLD).values(chat_id=_NEW),
    # The day's cap goes on counting.
    update(ai_calls).where(ai_calls.c.chat_id == _OLD).values(chat_id=_NEW),
)

# Merging: `old` is the ledger that goes on, `new` the one that is given up.
_CURRENCY = select(ledgers.c.currency).where(ledgers.c.id == _OLD)
_MOVE = tuple(
    update(table).where(table.c.ledger_id == _NEW).values(ledger_id=_OLD)
    for table in (entries, receipts, operations, changes, questions)
)
_live = budgets.alias("live")
# One budget for a scope and a kind of period, in the ledger's currency: the older ledger's stays.
_CLOSING = select(budgets).where(
    budgets.c.ledger_id == _NEW,
    budgets.c.removed_at.is_(None),
    or_(
        budgets.c.currency != bindparam("code"),
        exists().where(
            _live.c.ledger_id == _OLD,
            _live.c.removed_at.is_(None),
            _live.c.scope == budgets.c.scope,
            _live.c.per == budgets.c.per,
        ),
    ),
)
_CLOSE_BUDGET = (
    update(budgets)
    .where(budgets.c.id == bindparam("budget"))
    .values(removed_at=bindparam("now"), updated_at=bindparam("now"))
)
_known = corrections.alias("known")
_CONTRADICTED = select(
    corrections.c.kind, corrections.c.key, corrections.c.category, _known.c.category.label("stays")
).where(
    corrections.c.ledger_id == _NEW,
    _known.c.ledger_id == _OLD,
    _known.c.kind == corrections.c.kind,
    _known.c.key == corrections.c.key,
    _known.c.category != corrections.c.category,
)
_MOVE_BUDGETS = update(budgets).where(budgets.c.ledger_id == _NEW).values(ledger_id=_OLD)
_GIVE_UP = tuple(
    delete(table).where(table.c.ledger_id == _NEW)
    for table in (members, corrections, schedules, pushes)
)
_DROP_LEDGER = delete(ledgers).where(ledgers.c.id == _NEW)
_REHOUSE = update(chats).where(chats.c.ledger_id == _NEW).values(ledger_id=_OLD)


def migrate_chat(connection: Connection, old_id: int, new_id: int, now: datetime) -> None:
    """Let a supergroup go on with the ledger of the group it was; safe to repeat."""
    if old_id == new_id:
        return
    old = fetch_one(connection, _CHAT, {"chat": old_id})
    if old is not None and old.ledger_id is not None:
        row = {"chat_id": new_id, "kind": "group", "title": old.title}
        change(connection, _ADD_CHAT, row)
        new = fetch_one(connection, _CHAT, {"chat": new_id})
        assert new is not None, "it was just added"
        if new.ledger_id not in {None, old.ledger_id}:
            _merge(connection, old, new, now)
        change(connection, _TAKE_LEDGER, {"new": new_id, "ledger": old.ledger_id})
        change(connection, _MOVED, {"old": old_id, "new": new_id})
    for step in _FOLLOW:
        change(connection, step, {"old": old_id, "new": new_id})


def _merge(connection: Connection, old: AnyRow, new: AnyRow, now: datetime) -> None:
    """Move the rows of the newer ledger into the older one; the older one's settings hold."""
    ids = {"old": old.ledger_id, "new": new.ledger_id}
    where = {**ids, "code": fetch_value(connection, _CURRENCY, ids)}
    # All of it is a change like any other, so that the history still rebuilds the ledger.
    made = [
        *_restate(connection, where, now),
        *_close_budgets(connection, where, now),
        *_contradicted(connection, ids),
    ]
    operation = Operation(secrets.token_hex(12), ids["new"], 0, "migrate", now)
    SqlOperations(connection).record(operation, made)
    for step in _MOVE:
        change(connection, step, ids)
    change(connection, _MOVE_BUDGETS, ids)
    for table in (members, corrections, pushes):
        _copy_missing(connection, table, ids)
    for deletion in _GIVE_UP:
        change(connection, deletion, ids)
    change(connection, _REHOUSE, ids)
    change(connection, _DROP_LEDGER, ids)


def _restate(connection: Connection, where: dict[str, Any], now: datetime) -> Iterator[Change]:
    """State the amounts of entries in the currency of the ledger that they come to.

    An amount in that currency counts as typed; any other has no known rate yet.
    """
    repositories = SqlEntries(connection)
    for before in repositories.with_wrong_base(where["new"], where["code"]):
        after = replace(before, base=_base(before, where["code"]), updated_at=now)
        restated = entry_change(before, after)
        if restated is not None:
            repositories.save(after)
            yield restated


def _close_budgets(
    connection: Connection, where: dict[str, Any], now: datetime
) -> Iterator[Change]:
    for row in fetch(connection, _CLOSING, where):
        change(connection, _CLOSE_BUDGET, {"budget": row.id, "now": now})
        fields = {name: getattr(row, name) for name in ("scope", "limit_minor", "currency", "per")}
        yield Change("budget", row.id, fields, None)


def _contradicted(connection: Connection, ids: dict[str, int]) -> Iterator[Change]:
    """Note what the newer ledger had learned otherwise: the older one's word holds."""
    for row in fetch(connection, _CONTRADICTED, ids):
        before, after = {"category": row.category}, {"category": row.stays}
        yield Change("correction", f"{row.kind}:{row.key}", before, after)


def _base(entry: Entry, currency: str) -> Converted | None:
    if entry.money.currency != currency:
        return None
    return Converted(entry.money, Decimal(1), entry.spent_on)


def _copy_missing(connection: Connection, table: Table, ids: dict[str, int]) -> None:
    """Copy rows whose key the older ledger does not have yet."""
    rows = connection.execute(select(table).where(table.c.ledger_id == _NEW), ids).mappings().all()
    values = [{**row, "ledger_id": ids["old"]} for row in rows]
    if values:
        connection.execute(insert(table).on_conflict_do_nothing(), values)
