"""Keep committed messages until Telegram has taken them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import (
    ARRAY,
    BigInteger,
    Connection,
    all_,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
    text,
    update,
)

from ports.jobs import ChatMigrated, DeleteFiles, dump_event, new_job
from ports.messages import Attachment
from ports.outbox import OutboxMessage
from ports.queue import CLOCK_STEP, InboxMessage
from storage.database.connections.backend import Backend
from storage.database.connections.prepared import (
    change,
    change_many,
    fetch,
    fetch_one,
    fetch_value,
    has_riders,
)
from storage.database.connections.riders import run
from storage.database.queues.arrivals import add_messages
from storage.database.queues.claims import wait_for_partitions
from storage.database.queues.envelopes import attachment_json
from storage.database.queues.jobs import add_jobs
from storage.database.queues.sent_journal import Note, SentJournal
from storage.database.repositories.blobs import find_kept_files
from storage.database.repositories.chats.chats import SqlChats
from storage.database.repositories.chats.moving import follow_chat
from storage.database.tables import WAITING, chats, outbox
from storage.database.types import AnyRow

_o = outbox.c
_put_off = outbox.alias("put_off")
_COLUMNS = (
    _o.id,
    _o.chat_id,
    _o.message_key,
    _o.method,
    _o.payload,
    _o.reply_to,
    _o.message_id,
    _o.kind,
    _o.tries,
    _o.created_at,
    _o.expires_at,
    _o.version,
    _o.flow,
)
# A chat waits with its message that was put off.
_DUE = (
    select(*_COLUMNS)
    .where(
        _o.state == WAITING,
        ~exists().where(
            _put_off.c.chat_id == _o.chat_id,
            _put_off.c.state == WAITING,
            _put_off.c.due_at.is_not(None),
            _put_off.c.due_at > bindparam("now"),
            _put_off.c.due_at <= bindparam("far"),
        ),
        ~exists().where(chats.c.chat_id == _o.chat_id, chats.c.muted.is_(True)),
    )
    .order_by(_o.id)
    .limit(bindparam("rows"))
)
# A list of unknown length as one value, so that the statement is compiled once.
_DUE_BY_DIALECT = {
    "sqlite": _DUE.where(_o.chat_id.not_in(text("(SELECT value FROM json_each(:skip))"))),
    "postgresql": _DUE.where(_o.chat_id != all_(bindparam("skip", type_=ARRAY(BigInteger)))),
}
_EXPIRE = (
    update(outbox)
    .where(_o.state == WAITING, _o.expires_at <= bindparam("now"))
    .values(state="expired", payload=None)
)
_SENT = (
    update(outbox)
    .where(_o.id == bindparam("row"), _o.version == bindparam("version_"), _o.state == WAITING)
    .values(
        state="sent",
        message_id=func.coalesce(bindparam("message", type_=_o.message_id.type), _o.message_id),
        joined=bindparam("joined_"),
        payload=None,
        due_at=None,
    )
)
_SENT_ALL = """
    UPDATE outbox SET state = 'sent', message_id = coalesce(left_as.message_id, outbox.message_id),
        joined = $4, payload = NULL, due_at = NULL
    FROM unnest($1::bigint[], $2::int[], $3::bigint[]) AS left_as (id, version, message_id)
    WHERE outbox.id = left_as.id AND outbox.version = left_as.version AND outbox.state = 'waiting'
"""
# The content was exchanged while the older one was on its way: the newer one is an edit now. Where the
# older one left among others, the newer one stays a message of its own, as an edit would replace them all.
_OVERTAKEN = (
    update(outbox)
    .where(
        _o.id == bindparam("row"),
        _o.version != bindparam("version_"),
        _o.message_id.is_(None),
        bindparam("message", type_=_o.message_id.type).is_not(None),
    )
    .values(
        message_id=bindparam("message"),
        method=case((_o.method == "send", "edit"), else_=_o.method),
        state=case((_o.state == "cancelled", "waiting"), else_=_o.state),
    )
)
# A person deleted the message of an edit, so its content was sent as a new message, which is what all rows
# of the old one are about now. Otherwise each later change would edit both and send one more.
_MOVED = (
    update(outbox)
    .where(_o.chat_id == bindparam("chat"), _o.message_id == bindparam("gone"))
    .values(message_id=bindparam("message"))
)
_LATER = (
    update(outbox)
    .where(_o.id == bindparam("row"), _o.state == WAITING)
    .values(due_at=bindparam("until"), tries=_o.tries + bindparam("counted"))
)
_DROP = (
    update(outbox)
    .where(_o.id == bindparam("row"), _o.version == bindparam("version_"), _o.state == WAITING)
    .values(state="dropped", error=bindparam("reason"), payload=None, due_at=None)
)
_DROP_PUSHES = (
    update(outbox)
    .where(
        _o.chat_id == bindparam("chat"),
        or_(_o.kind == "push", _o.kind == "card"),
        or_(_o.state == WAITING, _o.state == "drawing"),
    )
    .values(state="dropped", error="muted", payload=None, drawing=None)
)
_DRAWN = (
    select(_o.id, _o.payload).where(_o.drawing == bindparam("key_"), _o.drawing.is_not(None))
).with_for_update()
_RELEASE = (
    update(outbox)
    .where(_o.id == bindparam("row"))
    .values(
        state=case((_o.state == "drawing", "waiting"), else_=_o.state),
        drawing=None,
        payload=bindparam("new"),
    )
)
_NOTED = select(*_COLUMNS).where(_o.id == bindparam("row"), _o.message_key == bindparam("key_"))
_COUNT = select(func.count()).select_from(outbox).where(_o.state == WAITING)


@dataclass(frozen=True, slots=True)
class SqlOutbox:
    """`ports.outbox.Outbox` over a database."""

    backend: Backend
    journal: SentJournal | None = None

    async def recover(self) -> int:
        """Mark what a killed process noted as sent; return how many messages it noted."""
        if self.journal is None or not (notes := self.journal.read()):
            return 0

        def find(connection: Connection) -> list[tuple[Note, OutboxMessage]]:
            rows = (
                (note, fetch_one(connection, _NOTED, {"row": note.row, "key_": note.message_key}))
                for note in notes
            )
            return [(note, _outbox_message(row)) for note, row in rows if row is not None]

        found = await self.backend.read_queue(find)
        for is_joined in (False, True):
            results = [
                (replace(message, version=note.version, target_id=note.target_id), note.message_id)
                for note, message in found
                if note.is_joined == is_joined
            ]
            await self._mark(results, joined=is_joined)
        self.journal.clear()
        return len(notes)

    def note_sent(self, messages: Sequence[OutboxMessage], message_id: int | None) -> None:
        """Note messages that left as one, until they are marked as sent."""
        if self.journal is not None:
            self.journal.add(messages, message_id)

    async def pending(
        self, *, now: datetime, limit: int, skip: frozenset[int], per_chat: int = 20
    ) -> list[OutboxMessage]:
        """Return messages that may go now, in order per chat, of chats not in `skip`."""
        rows = await self.backend.read_queue(lambda c: _fetch_due(c, now, limit, skip))
        if any(row.expires_at is not None and row.expires_at <= now for row in rows):
            await self.backend.write(lambda c: change(c, _EXPIRE, {"now": now}))
        taken: dict[int, int] = {}
        messages = []
        for row in rows:
            if row.expires_at is not None and row.expires_at <= now:
                continue
            taken[row.chat_id] = taken.get(row.chat_id, 0) + 1
            if taken[row.chat_id] <= per_chat:
                messages.append(_outbox_message(row))
        return messages

    async def sent(self, results: Sequence[tuple[OutboxMessage, int | None]]) -> None:
        """Mark messages as sent with their message ids; bodies are blanked, subjects stay."""
        await self._mark(results, joined=False)
        self._settle(len(results))

    async def joined(self, messages: Sequence[OutboxMessage], message_id: int | None) -> None:
        """Mark several confirmations as sent in one message, which then is about all of them."""
        results = [(outbox_message, message_id) for outbox_message in messages]
        await self._mark(results, joined=len(messages) > 1)
        self._settle(len(results))

    def _settle(self, count: int) -> None:
        if self.journal is not None:
            self.journal.settle(count)

    async def _mark(
        self,
        results: Sequence[tuple[OutboxMessage, int | None]],
        *,
        joined: bool,
    ) -> None:
        rows = [
            {
                "row": outbox_message.id,
                "version_": outbox_message.version,
                "message": message_id,
                "joined_": joined,
            }
            for outbox_message, message_id in results
        ]
        moved = [
            {"chat": message.chat_id, "gone": message.target_id, "message": message_id}
            for message, message_id in results
            if message.target_id is not None
            and message_id not in {None, message.target_id}
            # A text that is too long for its file's caption is a message of its own, and both are there.
            and not message.blob_key
        ]
        keys = [key for message, _ in results if (key := message.blob_key)]

        def mark(connection: Connection) -> None:
            if (
                _mark_sent(connection, rows, alone=not keys and not moved) != len(rows)
                and not joined
            ):
                change_many(connection, _OVERTAKEN, rows)
            if moved:
                change_many(connection, _MOVED, moved)
            if keys:
                _delete_sent_files(connection, keys)

        if rows:
            # Before a process dies, soon; with the power it may be lost: then it goes out twice.
            await self.backend.write_relaxed(mark)

    async def later(
        self, outbox_message: OutboxMessage, *, until: datetime, count_try: bool
    ) -> None:
        """Put a message off; its chat waits with it."""
        values = {"row": outbox_message.id, "until": until, "counted": int(count_try)}
        await self.backend.write(lambda c: change(c, _LATER, values))

    async def drop(self, outbox_message: OutboxMessage, *, error: str) -> None:
        """Give a message up; content that replaced it meanwhile is still tried."""
        values = {"row": outbox_message.id, "version_": outbox_message.version, "reason": error}
        await self.backend.write(lambda c: change(c, _DROP, values))

    async def release(self, message_key: str, attachment: Attachment | None) -> None:
        """Let a message go whose picture is drawn; without one it goes as text."""

        def release(connection: Connection) -> None:
            row = fetch_one(connection, _DRAWN, {"key_": message_key})
            if row is None or row.payload is None:
                return
            payload = dict(row.payload)
            if attachment is not None:
                payload["attachment"] = attachment_json(
                    attachment.blob_key, attachment.file_name, attachment.as_photo
                )
            change(connection, _RELEASE, {"row": row.id, "new": payload})

        await self.backend.write(release)

    async def mute(self, chat_id: int) -> None:
        """Drop unsent pushes of a chat that is closed to us (403); keep answers for its return."""

        def mute(connection: Connection) -> None:
            wait_for_partitions(connection, chat_id, chat_id)
            SqlChats(connection).mute(chat_id, muted=True)
            change(connection, _DROP_PUSHES, {"chat": chat_id})

        await self.backend.write(mute)

    async def migrate(self, old_id: int, new_id: int, *, now: datetime) -> None:
        """Redirect what is unsent to the supergroup, and leave an event that moves the ledger."""
        event = dump_event(ChatMigrated(old_id, new_id))
        message = InboxMessage(f"migrated:{old_id}:{new_id}", new_id, event, "event")

        def migrate(connection: Connection) -> None:
            wait_for_partitions(connection, old_id, new_id)
            follow_chat(connection, old_id, new_id)
            add_messages(connection, [message], now)

        await self.backend.write(migrate)

    async def count(self) -> int:
        """Return how many messages are unsent."""
        return await self.backend.read_queue(lambda c: fetch_value(c, _COUNT, alone=True))


def _fetch_due(
    connection: Connection, now: datetime, limit: int, skip: frozenset[int]
) -> Sequence[AnyRow]:
    name = connection.dialect.name
    chats_in_work = orjson.dumps(list(skip)).decode() if name == "sqlite" else list(skip)
    # A longer wait that Telegram asked for is kept by the process that was asked, on a clock of its own.
    where = {"now": now, "far": now + CLOCK_STEP, "rows": limit, "skip": chats_in_work}
    return fetch(connection, _DUE_BY_DIALECT[name], where, alone=True)


def _mark_sent(connection: Connection, rows: Sequence[dict[str, Any]], *, alone: bool) -> int:
    """Mark rows of their versions as sent; return how many were, -1 where that is not known."""
    if not has_riders(connection):
        return change_many(connection, _SENT, rows)
    columns = [[row[name] for row in rows] for name in ("row", "version_", "message")]
    values = [*columns, rows[0]["joined_"]]
    return run(connection, _SENT_ALL, values, ("outbox",), alone=alone)[1]


def _outbox_message(row: AnyRow) -> OutboxMessage:
    return OutboxMessage(
        id=row.id,
        chat_id=row.chat_id,
        message_key=row.message_key,
        method=row.method,
        payload=row.payload or {},
        reply_to=row.reply_to,
        target_id=row.message_id,
        kind=row.kind,
        tries=row.tries,
        created_at=row.created_at,
        expires_at=row.expires_at,
        version=row.version,
        flow=row.flow or "",
    )


def _delete_sent_files(connection: Connection, keys: Sequence[str]) -> None:
    """Start a job that deletes files which only a sent message needed; receipts keep theirs."""
    own = find_kept_files(connection, keys)
    gone = tuple(key for key in keys if key not in own)
    if gone:
        add_jobs(connection, [new_job(DeleteFiles(gone), f"sent:{gone[0]}")])
