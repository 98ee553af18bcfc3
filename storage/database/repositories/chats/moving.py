"""Move a group's rows to its supergroup, and merge two ledgers."""

from __future__ import annotations

from sqlalchemy import BindParameter, Connection, Table, bindparam, delete, or_, select, update

from storage.database.connections.prepared import change, fetch_one
from storage.database.repositories.chats.moving_work import move_work
from storage.database.repositories.entries.evidence import move_operations
from storage.database.tables import (
    ai_calls,
    api_tokens,
    budgets,
    calendar_feeds,
    changes,
    chats,
    corrections,
    entries,
    entry_shares,
    import_layouts,
    import_links,
    imports,
    insight_marks,
    keyboards,
    ledgers,
    mail_addresses,
    members,
    message_versions,
    outbox,
    own_rates,
    pinned_cards,
    pushes,
    questions,
    receipts,
    refused_series,
    replays,
    schedules,
    series,
    webhooks,
)
from storage.database.upsert import insert

_OLD: BindParameter[int] = bindparam("old")
_NEW: BindParameter[int] = bindparam("new")

_CHAT = select(chats).where(chats.c.chat_id == bindparam("chat")).with_for_update()
_ADD_CHAT = insert(chats).on_conflict_do_nothing(index_elements=["chat_id"])
_TAKE_LEDGER = (
    update(chats).where(chats.c.chat_id == _NEW).values(ledger_id=bindparam("ledger"), muted=False)
)
# The supergroup gets a card of its own: the old one is a message that nobody can edit.
_DROP_CARD = delete(pinned_cards).where(pinned_cards.c.ledger_id == bindparam("ledger"))
_MOVED = update(chats).where(chats.c.chat_id == _OLD).values(migrated_to=_NEW)
_UNSENT = (outbox.c.chat_id == _OLD, outbox.c.state.in_(("waiting", "drawing")))
# Message ids of the group mean nothing in the supergroup, or worse: another message.
_FOLLOW = (
    # Cards too, before their edits would become messages of their own.
    update(outbox)
    .where(*_UNSENT, or_(outbox.c.method == "delete", outbox.c.kind == "card"))
    .values(state="dropped", error="migrated", payload=None),
    update(outbox).where(*_UNSENT, outbox.c.method == "send").values(chat_id=_NEW, reply_to=None),
    update(outbox)
    .where(*_UNSENT, outbox.c.method == "edit")
    .values(chat_id=_NEW, reply_to=None, method="send", message_id=None),
    update(keyboards).where(keyboards.c.chat_id == _OLD).values(chat_id=_NEW),
    # The day's cap goes on counting.
    update(ai_calls).where(ai_calls.c.chat_id == _OLD).values(chat_id=_NEW),
)

# Merging: `old` is the ledger that goes on, `new` the one that is given up.
_MOVE = tuple(
    update(table).where(table.c.ledger_id == _NEW).values(ledger_id=_OLD)
    for table in (
        entries,
        entry_shares,
        receipts,
        changes,
        questions,
        budgets,
        series,
        message_versions,
        imports,
        api_tokens,
        webhooks,
    )
)
_HAS_MAIL = select(mail_addresses.c.user_id).where(mail_addresses.c.ledger_id == _OLD)
# A code is made for its ledger, so an address that waits for one is registered again.
_MOVE_MAIL = (
    update(mail_addresses)
    .where(
        mail_addresses.c.ledger_id == _NEW,
        mail_addresses.c.confirmed_at.is_not(None),
        mail_addresses.c.user_id.not_in(_HAS_MAIL),
    )
    .values(ledger_id=_OLD)
)
_GIVE_UP = tuple(
    delete(table).where(table.c.ledger_id == _NEW)
    for table in (
        members,
        corrections,
        own_rates,
        refused_series,
        insight_marks,
        calendar_feeds,
        # Those of people who have another one in the ledger that goes on.
        mail_addresses,
        schedules,
        pushes,
        import_layouts,
        import_links,
        pinned_cards,
        # Their ids name the ledger that is given up.
        replays,
    )
)
_DROP_LEDGER = delete(ledgers).where(ledgers.c.id == _NEW)
_REHOUSE = update(chats).where(chats.c.ledger_id == _NEW).values(ledger_id=_OLD)


def follow_chat(connection: Connection, old_id: int, new_id: int) -> None:
    """Redirect unsent messages, buttons and the day's calls to the supergroup."""
    for step in _FOLLOW:
        change(connection, step, {"old": old_id, "new": new_id})


def migrate_chat(connection: Connection, old_id: int, new_id: int) -> int | None:
    """Let a supergroup go on with the ledger of the group it was; safe to repeat.

    Return the id of the ledger that the supergroup had begun of its own, which is left without a
    chat; None where there is none.
    """
    if old_id == new_id:
        return None
    given_up: int | None = None
    old = fetch_one(connection, _CHAT, {"chat": old_id})
    if old is not None and old.ledger_id is not None:
        row = {"chat_id": new_id, "kind": "group", "title": old.title}
        change(connection, _ADD_CHAT, row)
        new = fetch_one(connection, _CHAT, {"chat": new_id})
        assert new is not None, "it was just added"
        if new.ledger_id != old.ledger_id:
            given_up = new.ledger_id
        change(connection, _TAKE_LEDGER, {"new": new_id, "ledger": old.ledger_id})
        change(connection, _MOVED, {"old": old_id, "new": new_id})
        change(connection, _DROP_CARD, {"ledger": old.ledger_id})
    follow_chat(connection, old_id, new_id)
    return given_up


def merge_ledgers(connection: Connection, kept_id: int, given_up_id: int) -> None:
    """Move every row of one ledger into another and delete it; its settings are dropped."""
    ids = {"old": kept_id, "new": given_up_id}
    move_operations(connection, kept_id, given_up_id)
    move_work(connection, kept_id, given_up_id)
    for step in (*_MOVE, _MOVE_MAIL):
        change(connection, step, ids)
    for table in (members, corrections, own_rates, refused_series, insight_marks, pushes):
        _copy_missing(connection, table, ids)
    for deletion in _GIVE_UP:
        change(connection, deletion, ids)
    change(connection, _REHOUSE, ids)
    change(connection, _DROP_LEDGER, ids)


def _copy_missing(connection: Connection, table: Table, ids: dict[str, int]) -> None:
    """Copy rows whose key the older ledger does not have yet."""
    rows = connection.execute(select(table).where(table.c.ledger_id == _NEW), ids).mappings().all()
    values = [{**row, "ledger_id": ids["old"]} for row in rows]
    if values:
        connection.execute(insert(table).on_conflict_do_nothing(), values)
