"""Store an `Outgoing` as an outbox row, with its keyboard, subject and picture job.

Every `Outgoing` has a row under its message key. One that edits a message which is still unsent gives
its content to the row of that message, which keeps its place in the queue; the row of the new
key is then only a pointer (`superseded`), so both keys go on naming the same message. A message
that was sent is edited by a row of its own; an edit of that edit, while unsent, replaces it too. A
message that was refused or forgotten cannot be edited, nor one of joined confirmations by what is
not about all of them, nor one of a group that is a supergroup now, so the content is sent again. The keyboard of a replaced content expires at
once, so a press from an old screen changes nothing.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    Connection,
    and_,
    bindparam,
    delete,
    func,
    literal_column,
    or_,
    select,
    update,
)

from ports.jobs import DrawPicture, new_job
from ports.messages import Action, Button, Json, Outgoing
from ports.outbox import OutboxMessage, Queued
from ports.queue import NewJob
from storage.database.connections.prepared import (
    change,
    change_later,
    change_many,
    fetch,
    fetch_one,
    has_riders,
)
from storage.database.connections.riders import Rider, ride
from storage.database.tables import WAITING, keyboards, message_entries, outbox
from storage.database.types import AnyRow
from storage.database.upsert import insert

KEYBOARD_DAYS = 90
"""The time for which the buttons of a message work."""
QUESTION_DAYS = 30
"""The time for which the buttons of a question work."""

_o = outbox.c
_UNSENT = _o.state.in_(("waiting", "drawing"))
_SEEN = (
    _o.id,
    _o.chat_id,
    _o.state,
    _o.method,
    _o.version,
    _o.message_id,
    _o.joined,
    _o.keyboard_id,
)
_before = outbox.alias("before")
_AFTER = (
    select(func.max(_before.c.id))
    .where(
        _before.c.state == WAITING,
        # SQLAlchemy leaves the table's name out of columns that an INSERT returns.
        _before.c.chat_id == literal_column("outbox.chat_id"),
        _before.c.id < literal_column("outbox.id"),
    )
    .scalar_subquery()
)
# A key that is known was said before, so a repeated greeting or refusal is dropped.
_ADD = (
    insert(outbox)
    .on_conflict_do_nothing(index_elements=["message_key"])
    .returning(_o.id, _AFTER.label("after"))
)
_KEYBOARD = insert(keyboards).inline()
# Not the time of now, which comes once more where the machine's clock is set back.
_LONG_PAST = datetime(2000, 1, 1, tzinfo=UTC)
_RETIRE = (
    update(keyboards).where(keyboards.c.id == bindparam("keyboard")).values(expires_at=_LONG_PAST)
)
_RETIRE_OTHERS = (
    update(keyboards)
    .where(
        keyboards.c.id.in_(
            select(_o.keyboard_id).where(
                _o.chat_id == bindparam("chat"),
                _o.message_id == bindparam("message"),
                _o.message_id.is_not(None),
                _o.keyboard_id.is_not(None),
                _o.id != bindparam("row"),
            )
        )
    )
    .values(expires_at=_LONG_PAST)
)
_MENTION = insert(message_entries).on_conflict_do_nothing()
_MENTION_ALL = """
    INSERT INTO message_entries (entry_id, outbox_id, position)
    SELECT entry_id, $2, number - 1
    FROM unnest($1::text[]) WITH ORDINALITY AS mentioned (entry_id, number)
    ON CONFLICT DO NOTHING
"""
_UNMENTION = delete(message_entries).where(message_entries.c.outbox_id == bindparam("row"))
_pointer = outbox.alias("pointer")
_NAMED = (
    select(*_SEEN)
    .join(
        _pointer,
        or_(
            and_(_pointer.c.superseded_by.is_(None), _pointer.c.id == _o.id),
            _pointer.c.superseded_by == _o.id,
        ),
    )
    .where(_pointer.c.message_key == bindparam("key_"))
    # Locked, so that no sender takes the row while its content is replaced.
    .with_for_update(of=outbox)
)
_NAMED_IN = (
    select(message_entries.c.entry_id)
    .join(outbox, _o.id == message_entries.c.outbox_id)
    .where(
        _o.chat_id == bindparam("chat"),
        _o.message_id == bindparam("message"),
        _o.joined.is_(True),
    )
)
_SAME_MESSAGE = (
    select(*_SEEN)
    .where(
        _o.chat_id == bindparam("chat"),
        _o.message_id == bindparam("message"),
        _o.message_id.is_not(None),
        _UNSENT,
    )
    .order_by(_o.id.desc())
    .limit(1)
    .with_for_update()
)
_CHANGED = (
    "method",
    "state",
    "version",
    "drawing",
    "payload",
    "keyboard_id",
    "question_id",
    "receipt_id",
    "expires_at",
    "flow",
)
_REPLACE = (
    update(outbox)
    .where(_o.id == bindparam("row"))
    .values({name: bindparam(f"b_{name}") for name in _CHANGED})
)


@dataclass(frozen=True, slots=True)
class Posted:
    """The job that draws a message's picture, and the row that can be sent as it is."""

    jobs: tuple[NewJob, ...] = ()
    queued: Queued | None = None


def post(connection: Connection, outgoing: Outgoing, now: datetime, flow: str = "") -> Posted:
    """Write the rows of an outgoing message, as a part of a flow."""
    earlier = _earlier(connection, outgoing) if outgoing.edits else None
    content = {} if outgoing.deletes else _content(connection, outgoing, now)
    content["flow"] = flow or None
    if earlier is not None and earlier.state in {"waiting", "drawing"}:
        _replace(connection, earlier, outgoing, content)
        if earlier.keyboard_id:
            change(connection, _RETIRE, {"keyboard": earlier.keyboard_id})
        _point(connection, earlier, outgoing, now)
        queued = None
    else:
        queued = _append(connection, earlier, outgoing, content, now)
    if outgoing.reply.picture is None or outgoing.deletes:
        return Posted(queued=queued)
    return Posted((_drawing(outgoing),))


def _earlier(connection: Connection, outgoing: Outgoing) -> AnyRow | None:
    """Find the row that an edit is about, an unsent one if there is any.

    None where the message may not show this: joined confirmations stay joined, whatever edited them since
    and even while that edit is unsent.
    """
    row = fetch_one(connection, _NAMED, {"key_": outgoing.edits})
    if row is None or row.message_id is None:
        return row
    if row.chat_id != outgoing.chat_id:
        # The id of a group's message is that of another message in its supergroup.
        return None
    where = {"chat": row.chat_id, "message": row.message_id}
    named = {one.entry_id for one in fetch(connection, _NAMED_IN, where)}
    if not named <= set(outgoing.subject.entry_ids):
        return None
    return fetch_one(connection, _SAME_MESSAGE, where) or row


def _content(connection: Connection, outgoing: Outgoing, now: datetime) -> dict[str, Any]:
    """Write the keyboard; return the columns that make up the content of a row."""
    reply, subject = outgoing.reply, outgoing.subject
    keyboard = _keyboard_id(now)
    actions: list[Action] = []
    rows: list[Json] = [
        [_button(button, keyboard, actions) for button in row] for row in reply.buttons
    ]
    payload: dict[str, Json] = {"text": reply.text, "owner": outgoing.owner_id}
    if rows:
        payload["buttons"] = rows
    if reply.attachment is not None:
        payload["attachment"] = attachment_json(
            reply.attachment.blob_key, reply.attachment.file_name, reply.attachment.as_photo
        )
    if outgoing.silent:
        payload["silent"] = True
    if reply.keeps_picture:
        payload["keeps_picture"] = True
    if reply.line is not None:
        line = _button(reply.line.button, keyboard, actions)
        payload["line"] = {"text": reply.line.text, **line}
    if actions:
        days = QUESTION_DAYS if subject.question_id else KEYBOARD_DAYS
        values = {
            "id": keyboard,
            "chat_id": outgoing.chat_id,
            "owner_id": outgoing.owner_id,
            "actions": [[action.name, list(action.args)] for action in actions],
            "expires_at": now + timedelta(days=days),
        }
        change_later(connection, _KEYBOARD, values)
    return {
        "payload": payload,
        "keyboard_id": keyboard if actions else None,
        "question_id": subject.question_id,
        "receipt_id": subject.receipt_id,
        "drawing": outgoing.message_key if reply.picture else None,
        "expires_at": outgoing.expires_at,
    }


def _keyboard_id(now: datetime) -> str:
    """Return an id that nobody guesses (96 bits); the time in front keeps new rows together."""
    return f"{int(now.timestamp()):x}{secrets.token_urlsafe(12)}"


def attachment_json(blob_key: str, file_name: str, as_photo: bool) -> dict[str, Json]:  # noqa: FBT001
    """Write an attachment as a payload holds it."""
    return {"blob_key": blob_key, "file_name": file_name, "as_photo": as_photo}


def _button(button: Button, keyboard: str, actions: list[Action]) -> dict[str, Json]:
    """Write a button; its action goes to the keyboard, its place there into the button."""
    if button.web_app is not None:
        return {"label": button.label, "web_app": button.web_app}
    if button.action is None:
        return {"label": button.label, "url": button.url}
    actions.append(button.action)
    return {"label": button.label, "data": f"{keyboard}:{len(actions) - 1}"}


def _append(
    connection: Connection,
    earlier: AnyRow | None,
    outgoing: Outgoing,
    content: dict[str, Any],
    now: datetime,
) -> Queued | None:
    """Write a row of its own, for a new message or an edit of one that was sent."""
    target_id = None if earlier is None else earlier.message_id
    method = "send"
    state = "drawing" if content.get("drawing") else "waiting"
    if outgoing.deletes:
        # A message that was never sent, or was joined with others, cannot be deleted.
        method, state = "delete", "waiting" if target_id else "dropped"
    elif target_id:
        method = "edit"
    row = {
        "message_key": outgoing.message_key,
        "chat_id": outgoing.chat_id,
        "method": method,
        "state": state,
        "message_id": target_id,
        "reply_to": outgoing.reply_to,
        "kind": outgoing.kind,
        "created_at": now,
        **content,
    }
    added = fetch_one(connection, _ADD, row)
    if added is None:
        return None
    _mention(connection, added.id, outgoing)
    if row["message_id"] is not None:
        message = {"chat": outgoing.chat_id, "message": row["message_id"], "row": added.id}
        change(connection, _RETIRE_OTHERS, message)
    return Queued(_stored(added.id, row), added.after) if state == "waiting" else None


def _stored(row_id: int, row: dict[str, Any]) -> OutboxMessage:
    """Return a new row as `Outbox.pending` would."""
    return OutboxMessage(
        id=row_id,
        chat_id=row["chat_id"],
        message_key=row["message_key"],
        method=row["method"],
        payload=row.get("payload") or {},
        reply_to=row["reply_to"],
        target_id=row["message_id"],
        kind=row["kind"],
        tries=0,
        created_at=row["created_at"],
        expires_at=row.get("expires_at"),
        flow=row["flow"] or "",
    )


def _replace(
    connection: Connection, earlier: AnyRow, outgoing: Outgoing, content: dict[str, Any]
) -> None:
    """Give an unsent row another content; its version tells a sender who has the older one."""
    method, state = earlier.method, "drawing" if content.get("drawing") else "waiting"
    if outgoing.deletes:
        # A first message that is on its way just now is deleted when its id becomes known.
        method, state = "delete", "waiting" if earlier.message_id else "cancelled"
    values = {
        "b_method": method,
        "b_state": state,
        "b_version": earlier.version + 1,
        **{f"b_{name}": content.get(name) for name in _CHANGED[3:]},
    }
    change(connection, _REPLACE, {"row": earlier.id, **values})
    change(connection, _UNMENTION, {"row": earlier.id})
    _mention(connection, earlier.id, outgoing)


def _point(connection: Connection, earlier: AnyRow, outgoing: Outgoing, now: datetime) -> None:
    """Keep the new key as another name of the row whose content it replaced."""
    row = {
        "message_key": outgoing.message_key,
        "chat_id": earlier.chat_id,
        "method": earlier.method,
        "state": "superseded",
        "superseded_by": earlier.id,
        "kind": outgoing.kind,
        "created_at": now,
    }
    change(connection, _ADD, row)


def _mention(connection: Connection, row: int, outgoing: Outgoing) -> None:
    entries: Sequence[str] = outgoing.subject.entry_ids
    if not entries:
        return
    if has_riders(connection):
        ride(connection, Rider("message_entries", _MENTION_ALL, [list(entries), row]))
        return
    values = [
        {"entry_id": entry, "outbox_id": row, "position": place}
        for place, entry in enumerate(entries)
    ]
    change_many(connection, _MENTION, values)


def _drawing(outgoing: Outgoing) -> NewJob:
    """Order the picture; `Outbox.release` sends the message off when it is drawn, or without it."""
    picture = outgoing.reply.picture
    assert picture is not None
    job = DrawPicture(outgoing.message_key, picture.drawing, picture.values)
    return new_job(job, outgoing.message_key)
