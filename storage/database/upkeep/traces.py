"""Erase the last rows that name a forgotten chat, once its messages are handled and sent.

The answer to `/forget`, the key of its update and the chat's partition outlive the ledger for as
long as they are under way. A chat that has begun a new ledger meanwhile keeps its rows.
"""

from __future__ import annotations

from functools import partial

from sqlalchemy import (
    BindParameter,
    Connection,
    bindparam,
    delete,
    exists,
    or_,
    select,
    text,
    update,
)

from storage.database.connections.backend import Backend
from storage.database.connections.prepared import change, fetch, fetch_one
from storage.database.repositories.chats.forgetting import FORGOTTEN
from storage.database.tables import chats, inbox, jobs, keyboards, offsets, outbox, partitions

_CHAT: BindParameter[int] = bindparam("chat")
_NOTES = select(offsets.c.value).where(offsets.c.name.startswith(FORGOTTEN))
_HAS_LEDGER = exists().where(chats.c.chat_id == _CHAT, chats.c.ledger_id.is_not(None))
_IS_UNDER_WAY = or_(
    exists().where(inbox.c.partition == _CHAT, inbox.c.state != "done"),
    exists().where(outbox.c.chat_id == _CHAT, outbox.c.state.in_(("waiting", "drawing"))),
    exists().where(jobs.c.partition == _CHAT),
)
_STATE = select(_HAS_LEDGER.label("has_ledger"), _IS_UNDER_WAY.label("is_under_way"))
# An update that Telegram repeats must find its key, so the row stays without its chat.
_ERASURES = (
    update(inbox).where(inbox.c.partition == _CHAT).values(partition=0),
    delete(outbox).where(outbox.c.chat_id == _CHAT),
    delete(keyboards).where(keyboards.c.chat_id == _CHAT),
    delete(partitions).where(partitions.c.id == _CHAT),
)
_DROP_NOTE = delete(offsets).where(offsets.c.name.startswith(FORGOTTEN), offsets.c.value == _CHAT)
# A message that arrives now has found the partition that is about to go, and would never be claimed.
_LOCK = text("LOCK TABLE partitions IN SHARE ROW EXCLUSIVE MODE")


async def erase_traces(backend: Backend) -> int:
    """Erase what names forgotten chats; return how many chats are done."""
    found = await backend.read(lambda connection: fetch(connection, _NOTES))
    done = [await backend.write(partial(_erase, row.value)) for row in found]
    return sum(done)


def _erase(chat_id: int, connection: Connection) -> bool:
    if connection.dialect.name != "sqlite":
        connection.execute(_LOCK)
    where = {"chat": chat_id}
    state = fetch_one(connection, _STATE, where)
    assert state is not None, "it has no condition"
    if not state.has_ledger:
        if state.is_under_way:
            return False
        for erasure in _ERASURES:
            change(connection, erasure, where)
    change(connection, _DROP_NOTE, where)
    return True
