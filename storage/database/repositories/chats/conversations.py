"""Store buttons, questions, and the subjects of earlier messages."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, func, select, update

from ledger.questions import Question
from ledger.text.rewriting import MessageVersion
from ports.messages import Action, Subject
from ports.outbox import GONE
from ports.repositories import Confirmation, Keyboard
from storage.database.connections.prepared import change, fetch, fetch_one
from storage.database.tables import (
    WAITING,
    keyboards,
    message_entries,
    message_versions,
    outbox,
    questions,
)
from storage.database.types import AnyRow
from storage.database.upsert import insert

_o = outbox.c
_KEYBOARD = select(keyboards).where(keyboards.c.id == bindparam("keyboard"))
_ASK = insert(questions).inline()
_NEW_LAST = insert(questions)
_KEEP_LAST = _NEW_LAST.on_conflict_do_update(
    index_elements=["id"],
    set_={name: _NEW_LAST.excluded[name] for name in ("values", "asked_at")},
).inline()
_QUESTION = select(questions).where(
    questions.c.id == bindparam("question"), questions.c.ledger_id == bindparam("ledger")
)
_OPEN = (
    select(questions)
    .where(questions.c.ledger_id == bindparam("ledger"), questions.c.settled.is_(False))
    .order_by(questions.c.asked_at.desc(), questions.c.id.desc())
    .limit(bindparam("rows"))
)
_OPEN_TO = _OPEN.where(questions.c.user_id == bindparam("user"))
_LAST_OF_KIND = (
    select(questions)
    .where(
        questions.c.ledger_id == bindparam("ledger"),
        questions.c.user_id == bindparam("user"),
        questions.c.kind == bindparam("kind"),
    )
    .order_by(questions.c.asked_at.desc(), questions.c.id.desc())
    .limit(1)
)
_ASKING = (
    select(_o.chat_id, _o.message_key, _o.message_id)
    .where(_o.question_id == bindparam("question"), _o.question_id.is_not(None))
    .order_by(_o.id)
)
_SETTLE = (
    update(questions)
    .where(questions.c.id == bindparam("question"), questions.c.settled.is_(False))
    .values(settled=True)
)
_VERSION = (
    select(message_versions)
    .where(
        message_versions.c.ledger_id == bindparam("ledger"),
        message_versions.c.source == bindparam("source_"),
    )
    .with_for_update()
)
_NEW_VERSION = insert(message_versions)
_KEEP_VERSION = _NEW_VERSION.on_conflict_do_update(
    index_elements=["ledger_id", "source"],
    set_={name: _NEW_VERSION.excluded[name] for name in ("edited_at", "said")},
).inline()
# Several rows may have gone out in one message (joined confirmations), or one after another
# (edits), of which the newest counts.
_OF_MESSAGE = (
    select(_o.id, _o.message_key, _o.joined, _o.question_id, _o.receipt_id)
    .where(
        _o.chat_id == bindparam("chat"),
        _o.message_id == bindparam("message"),
        _o.message_id.is_not(None),
    )
    .order_by(_o.id.desc())
)
_UNSENT = select(_o.id, _o.message_key, _o.question_id, _o.receipt_id).where(
    _o.chat_id == bindparam("chat"),
    _o.state == WAITING,
    _o.message_id.is_(None),
    _o.keyboard_id == bindparam("keyboard"),
)
_MENTIONED = (
    select(message_entries.c.outbox_id, message_entries.c.entry_id)
    .where(message_entries.c.outbox_id.in_(bindparam("rows", expanding=True)))
    .order_by(message_entries.c.outbox_id, message_entries.c.position)
)
_QUEUED = select(_o.id).where(_o.message_key == bindparam("key"))
_pointer = outbox.alias("pointer")
_STATE = (
    select(_o.state, _o.error, _o.message_id)
    .join(_pointer, func.coalesce(_pointer.c.superseded_by, _pointer.c.id) == _o.id)
    .where(_pointer.c.message_key == bindparam("key"))
)
_OF_ENTRY = (
    select(_o.id, _o.chat_id, _o.message_key, _o.joined, _o.message_id)
    .join(message_entries, message_entries.c.outbox_id == _o.id)
    .where(message_entries.c.entry_id == bindparam("entry"))
    .order_by(_o.id.desc())
    .limit(1)
)
_ALL_OF_ENTRY = (
    select(_o.id, _o.chat_id, _o.message_key, _o.joined, _o.message_id)
    .join(message_entries, message_entries.c.outbox_id == _o.id)
    .where(message_entries.c.entry_id == bindparam("entry"))
    .order_by(_o.id.desc())
    .limit(bindparam("rows"))
)


@dataclass(frozen=True, slots=True)
class SqlConversations:
    """`ports.repositories.Conversations` on a connection."""

    connection: Connection

    def keyboard(self, keyboard_id: str) -> Keyboard | None:
        """Return the actions behind a keyboard, expired or not."""
        row = fetch_one(self.connection, _KEYBOARD, {"keyboard": keyboard_id})
        return None if row is None else _keyboard(row)

    def ask(self, question: Question) -> None:
        """Keep a question open."""
        names = Question.__dataclass_fields__
        change(self.connection, _ASK, {name: getattr(question, name) for name in names})

    def keep_last(self, question: Question) -> None:
        """Keep a question in place of an earlier one of the same id."""
        names = Question.__dataclass_fields__
        change(self.connection, _KEEP_LAST, {name: getattr(question, name) for name in names})

    def question(self, ledger_id: int, question_id: str) -> Question | None:
        """Return a question, settled or not."""
        row = fetch_one(self.connection, _QUESTION, {"question": question_id, "ledger": ledger_id})
        return None if row is None else Question(**row._asdict())

    def last_open(self, ledger_id: int, user_id: int) -> Question | None:
        """Return the newest question to a person that waits for an answer."""
        where = {"ledger": ledger_id, "user": user_id, "rows": 1}
        row = fetch_one(self.connection, _OPEN_TO, where)
        return None if row is None else Question(**row._asdict())

    def last_of_kind(self, ledger_id: int, user_id: int, kind: str) -> Question | None:
        """Return the newest question of a kind to a person, settled or not."""
        where = {"ledger": ledger_id, "user": user_id, "kind": kind}
        row = fetch_one(self.connection, _LAST_OF_KIND, where)
        return None if row is None else Question(**row._asdict())

    def list_open(self, ledger_id: int, limit: int) -> list[Question]:
        """Return questions that wait for an answer, the newest first."""
        rows = fetch(self.connection, _OPEN, {"ledger": ledger_id, "rows": limit})
        return [Question(**row._asdict()) for row in rows]

    def messages_of(self, question_id: str) -> tuple[str, ...]:
        """Return the keys of the messages that ask a question now."""
        keys = []
        for row in fetch(self.connection, _ASKING, {"question": question_id}):
            if row.message_id is None:
                keys.append(row.message_key)
                continue
            # A later edit of the message may be about something else.
            newest = self.subject(row.chat_id, row.message_id)
            if newest and newest[1].question_id == question_id:
                keys.append(newest[0])
        return tuple(dict.fromkeys(keys))

    def is_gone(self, message_key: str) -> bool:
        """Return whether a card could not be edited because its message is deleted."""
        row = fetch_one(self.connection, _STATE, {"key": message_key})
        return row is not None and row.state == "dropped" and GONE in (row.error or "")

    def message_id(self, message_key: str) -> int | None:
        """Return Telegram's id of a message of the bot, None while it is unsent."""
        row = fetch_one(self.connection, _STATE, {"key": message_key})
        return row.message_id if row is not None and row.state == "sent" else None

    def settle(self, question_id: str) -> bool:
        """Close a question; False when it was closed before."""
        return change(self.connection, _SETTLE, {"question": question_id}) == 1

    def version(self, ledger_id: int, source: str) -> MessageVersion | None:
        """Return and lock the newest version of a person's message."""
        row = fetch_one(self.connection, _VERSION, {"ledger": ledger_id, "source_": source})
        return None if row is None else MessageVersion(**row._asdict())

    def keep_version(self, version: MessageVersion) -> None:
        """Keep the newest version of a person's message, in place of the one before."""
        names = MessageVersion.__dataclass_fields__
        change(self.connection, _KEEP_VERSION, {name: getattr(version, name) for name in names})

    def subject(self, chat_id: int, message_id: int) -> tuple[str, Subject] | None:
        """Return key and subject of a message that the bot sent.

        Joined confirmations have the subjects of all of them; an edited message has that of its
        newest edit with a subject.
        """
        where = {"chat": chat_id, "message": message_id}
        rows = fetch(self.connection, _OF_MESSAGE, where)
        if not rows:
            return None
        entries = self._mentioned([row.id for row in rows])
        newest = rows[0]
        if newest.joined:
            all_of_them = [entry for row in reversed(rows) for entry in entries.get(row.id, ())]
            return newest.message_key, Subject(entry_ids=tuple(dict.fromkeys(all_of_them)))
        for row in rows:
            subject = Subject(entries.get(row.id, ()), row.question_id, row.receipt_id)
            if subject != Subject():
                return newest.message_key, subject
        return newest.message_key, Subject()

    def unsent(self, chat_id: int, keyboard_id: str) -> tuple[str, Subject] | None:
        """Return key and subject of an unsent message that has this keyboard."""
        row = fetch_one(self.connection, _UNSENT, {"chat": chat_id, "keyboard": keyboard_id})
        if row is None:
            return None
        entries = self._mentioned([row.id]).get(row.id, ())
        return row.message_key, Subject(entries, row.question_id, row.receipt_id)

    def was_queued(self, message_key: str) -> bool:
        """Return whether a message of this key was queued or sent."""
        return fetch_one(self.connection, _QUEUED, {"key": message_key}) is not None

    def confirmation(self, entry_id: str) -> Confirmation | None:
        """Return the newest message that confirms an entry, with all that it confirms."""
        row = fetch_one(self.connection, _OF_ENTRY, {"entry": entry_id})
        if row is None:
            return None
        joined = self.subject(row.chat_id, row.message_id) if row.joined else None
        entries = joined[1].entry_ids if joined else self._mentioned([row.id])[row.id]
        return Confirmation(row.chat_id, row.message_key, entries)

    def confirmations(self, entry_id: str, limit: int) -> list[Confirmation]:
        """Return the messages that show an entry now, with all that they show, newest first."""
        found: dict[tuple[int, int] | str, Confirmation] = {}
        where = {"entry": entry_id, "rows": limit * 4}
        for row in fetch(self.connection, _ALL_OF_ENTRY, where):
            if row.message_id is None:
                entries = self._mentioned([row.id])[row.id]
                found[row.message_key] = Confirmation(row.chat_id, row.message_key, entries)
                continue
            place = (row.chat_id, row.message_id)
            if place not in found and (newest := self._shown(row.chat_id, row.message_id)):
                found[place] = newest
        shown = [one for one in found.values() if entry_id in one.entry_ids]
        return shown[:limit]

    def _shown(self, chat_id: int, message_id: int) -> Confirmation | None:
        """Return what a message shows now; an edit that names no entries shows none."""
        rows = fetch(self.connection, _OF_MESSAGE, {"chat": chat_id, "message": message_id})
        if not rows:
            return None
        if rows[0].joined:
            key, subject = self.subject(chat_id, message_id) or ("", Subject())
            return Confirmation(chat_id, key, subject.entry_ids)
        entries = self._mentioned([rows[0].id]).get(rows[0].id, ())
        return Confirmation(chat_id, rows[0].message_key, entries)

    def _mentioned(self, rows: list[int]) -> dict[int, tuple[str, ...]]:
        found: dict[int, tuple[str, ...]] = {}
        for row in fetch(self.connection, _MENTIONED, {"rows": rows}):
            found[row.outbox_id] = (*found.get(row.outbox_id, ()), row.entry_id)
        return found


def _keyboard(row: AnyRow) -> Keyboard:
    actions = tuple(Action(verb, tuple(args)) for verb, args in row.actions)
    return Keyboard(row.id, row.chat_id, row.owner_id, actions, row.expires_at)
