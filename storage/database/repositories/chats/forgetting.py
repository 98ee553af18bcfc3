"""Delete all rows of a ledger, which nothing but `/forget` does."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    BindParameter,
    Connection,
    Text,
    bindparam,
    cast,
    delete,
    literal,
    or_,
    select,
    update,
)

from storage.database.connections.prepared import change, fetch
from storage.database.tables import (
    ai_calls,
    alerts,
    api_tokens,
    budgets,
    calendar_feeds,
    changes,
    chats,
    corrections,
    entries,
    entry_shares,
    evidence,
    import_layouts,
    import_links,
    imports,
    inbox,
    insight_marks,
    jobs,
    keyboards,
    ledgers,
    login_links,
    mail_addresses,
    members,
    message_entries,
    message_versions,
    offsets,
    operations,
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
    sessions,
    webhooks,
)
from storage.database.upsert import insert

FORGOTTEN = "forgotten:"
"""Prefix of the notes of chats whose last traces are still to be erased."""

_LEDGER: BindParameter[int] = bindparam("ledger")
_CHATS = select(chats.c.chat_id).where(chats.c.ledger_id == _LEDGER).scalar_subquery()
_BUDGETS = select(budgets.c.id).where(budgets.c.ledger_id == _LEDGER).scalar_subquery()
_ROWS = select(outbox.c.id).where(outbox.c.chat_id.in_(_CHATS)).scalar_subquery()

_BLOBS = (
    select(receipts.c.blob_key, receipts.c.clean_key).where(receipts.c.ledger_id == _LEDGER),
    select(imports.c.blob_key, imports.c.rows_key).where(imports.c.ledger_id == _LEDGER),
)
_UNSENT = select(outbox.c.payload).where(
    outbox.c.chat_id.in_(_CHATS), outbox.c.state.in_(("waiting", "drawing"))
)
# Messages that are still to be handled stay, because the one that asked for this is among them.
_FORGET_DEAD = (
    update(inbox)
    .where(inbox.c.partition.in_(_CHATS), inbox.c.state == "dead")
    .values(state="done", body=None)
)
# Spent sums stay, because the caps need them, but lose their chat.
_DISOWN_CALLS = update(ai_calls).where(ai_calls.c.chat_id.in_(_CHATS)).values(chat_id=0)
# What is still under way names the chat, until `upkeep.traces` has erased it.
_NOTE = insert(offsets).from_select(
    ["name", "value"],
    select(literal(FORGOTTEN).concat(cast(chats.c.chat_id, Text)), chats.c.chat_id).where(
        or_(chats.c.ledger_id == _LEDGER, chats.c.migrated_to.in_(_CHATS))
    ),
)
_NOTE_ONCE = _NOTE.on_conflict_do_nothing(index_elements=["name"])
# In this order, because of the foreign keys.
_STEPS = (
    _NOTE_ONCE,
    delete(message_entries).where(message_entries.c.outbox_id.in_(_ROWS)),
    delete(outbox).where(outbox.c.chat_id.in_(_CHATS)),
    delete(keyboards).where(keyboards.c.chat_id.in_(_CHATS)),
    delete(jobs).where(jobs.c.partition.in_(_CHATS)),
    _FORGET_DEAD,
    _DISOWN_CALLS,
    delete(questions).where(questions.c.ledger_id == _LEDGER),
    delete(message_versions).where(message_versions.c.ledger_id == _LEDGER),
    delete(changes).where(changes.c.ledger_id == _LEDGER),
    delete(operations).where(operations.c.ledger_id == _LEDGER),
    delete(import_links).where(import_links.c.ledger_id == _LEDGER),
    delete(entry_shares).where(entry_shares.c.ledger_id == _LEDGER),
    delete(imports).where(imports.c.ledger_id == _LEDGER),
    delete(import_layouts).where(import_layouts.c.ledger_id == _LEDGER),
    delete(evidence).where(evidence.c.ledger_id == _LEDGER),
    delete(entries).where(entries.c.ledger_id == _LEDGER),
    delete(receipts).where(receipts.c.ledger_id == _LEDGER),
    delete(alerts).where(alerts.c.budget_id.in_(_BUDGETS)),
    delete(budgets).where(budgets.c.ledger_id == _LEDGER),
    delete(corrections).where(corrections.c.ledger_id == _LEDGER),
    delete(own_rates).where(own_rates.c.ledger_id == _LEDGER),
    delete(series).where(series.c.ledger_id == _LEDGER),
    delete(refused_series).where(refused_series.c.ledger_id == _LEDGER),
    delete(insight_marks).where(insight_marks.c.ledger_id == _LEDGER),
    delete(calendar_feeds).where(calendar_feeds.c.ledger_id == _LEDGER),
    delete(schedules).where(schedules.c.ledger_id == _LEDGER),
    delete(pinned_cards).where(pinned_cards.c.ledger_id == _LEDGER),
    delete(pushes).where(pushes.c.ledger_id == _LEDGER),
    delete(mail_addresses).where(mail_addresses.c.ledger_id == _LEDGER),
    delete(webhooks).where(webhooks.c.ledger_id == _LEDGER),
    delete(replays).where(replays.c.ledger_id == _LEDGER),
    delete(api_tokens).where(api_tokens.c.ledger_id == _LEDGER),
    # A private chat has the id of its person; no person has the id of a group.
    delete(sessions).where(sessions.c.user_id.in_(_CHATS)),
    delete(login_links).where(login_links.c.user_id.in_(_CHATS)),
    delete(members).where(members.c.ledger_id == _LEDGER),
    delete(chats).where(or_(chats.c.ledger_id == _LEDGER, chats.c.migrated_to.in_(_CHATS))),
    delete(ledgers).where(ledgers.c.id == _LEDGER),
)


def forget_ledger(connection: Connection, ledger_id: int) -> list[str]:
    """Delete a ledger with all that hangs on it; return the keys of its files."""
    where = {"ledger": ledger_id}
    pairs = [pair for query in _BLOBS for pair in fetch(connection, query, where)]
    keys = {key for pair in pairs for key in pair if key}
    keys.update(attached_keys(row.payload for row in fetch(connection, _UNSENT, where)))
    for step in _STEPS:
        change(connection, step, where)
    return sorted(keys)


def attached_keys(payloads: Iterable[dict[str, Any] | None]) -> set[str]:
    """Return the blob keys of the files that unsent messages carry."""
    found = (payload["attachment"] for payload in payloads if payload and "attachment" in payload)
    return {attachment["blob_key"] for attachment in found}
