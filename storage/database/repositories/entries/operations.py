"""Store operations and their changes, an append-only history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, exists, func, select, update

from ledger.entries.changes import (
    BY_CLOCK,
    Change,
    ChangedEntry,
    Operation,
    RecordedOperation,
    kind_of,
)
from storage.database.connections.prepared import (
    change,
    change_many,
    fetch,
    fetch_one,
    fetch_value,
    has_riders,
)
from storage.database.connections.riders import Rider, ride
from storage.database.repositories.entries.evidence import (
    digest_operation,
    extend_digest,
    lock_history,
    number_operation,
)
from storage.database.tables import changes, operations
from storage.database.types import AnyRow, storable, write_json
from storage.database.upsert import insert

_a = operations.c
_COLUMNS = (_a.id, _a.ledger_id, _a.user_id, _a.verb, _a.at, _a.undoes, _a.via)

_OPERATION = insert(operations).inline()
_MADE = select(_a.digest).where(_a.id == bindparam("operation")).with_for_update()
_EXTEND = (
    update(operations).where(_a.id == bindparam("operation")).values(digest=bindparam("digest_"))
)
_CHANGES = insert(changes).inline()
_RIDING_NUMBER = """
    INSERT INTO evidence (ledger_id, operations) VALUES ($1, 1)
    ON CONFLICT (ledger_id) DO UPDATE SET operations = evidence.operations + 1
    RETURNING operations
"""
_RIDING_OPERATION = """
    INSERT INTO operations (id, ledger_id, user_id, verb, at, undoes, via, digest, number)
    SELECT $1, $2, $3, $4, $5, $6, $7, $8, numbered.operations FROM numbered
"""
_RIDING_CHANGES = """
    INSERT INTO changes (operation_id, ledger_id, subject, subject_id, before, after)
    SELECT $1, $2, made.subject, made.subject_id, made.before::json, made.after::json
    FROM numbered, unnest($3::text[], $4::text[], $5::text[], $6::text[])
        WITH ORDINALITY AS made (subject, subject_id, before, after, place)
    ORDER BY made.place
"""
_MINE = (_a.ledger_id == bindparam("ledger"), _a.user_id == bindparam("user"))
_LAST_DONE = (
    select(*_COLUMNS)
    .where(*_MINE, _a.undoes.is_(None), _a.undone.is_(False))
    .order_by(_a.seq.desc())
    .limit(1)
)
_LAST_BY_HAND = _LAST_DONE.where(_a.verb != BY_CLOCK)
_undo = operations.alias("undo")
_fresh = operations.alias("fresh")
# Redo goes back the way undo came: the act that was taken back last is made again first, and
# only as long as nothing new was done since.
_LAST_UNDONE = (
    select(*_COLUMNS)
    .join(_undo, _undo.c.undoes == _a.id)
    .where(
        *_MINE,
        _a.undone.is_(True),
        _undo.c.verb == "undo",
        ~exists().where(
            _fresh.c.ledger_id == _a.ledger_id,
            _fresh.c.user_id == _a.user_id,
            _fresh.c.undoes.is_(None),
            _fresh.c.verb != BY_CLOCK,
            _fresh.c.seq > _undo.c.seq,
        ),
    )
    .order_by(_undo.c.seq.desc())
    .limit(1)
)
_OF_OPERATION = (
    select(changes.c.subject, changes.c.subject_id, changes.c.before, changes.c.after)
    .where(changes.c.operation_id == bindparam("operation"))
    .order_by(changes.c.id)
)
_SOME = _OF_OPERATION.limit(bindparam("rows")).offset(bindparam("skip"))
_LAST_CHANGED_BY = (
    select(_a.user_id)
    .join_from(changes, operations, _a.id == changes.c.operation_id)
    .where(
        changes.c.ledger_id == bindparam("ledger"),
        changes.c.subject == bindparam("kind"),
        changes.c.subject_id == bindparam("subject_id_"),
        _a.user_id.not_in(bindparam("but", expanding=True)),
    )
    .order_by(changes.c.id.desc())
    .limit(1)
)
_MARK = (
    update(operations).where(_a.id == bindparam("operation")).values(undone=bindparam("undone_"))
)
_OF_SUBJECT = (
    select(changes.c.subject, changes.c.subject_id, changes.c.before, changes.c.after)
    .where(
        changes.c.ledger_id == bindparam("ledger"),
        changes.c.subject == bindparam("kind"),
        changes.c.subject_id == bindparam("subject_id_"),
    )
    .order_by(changes.c.id)
)
_ENTRIES_SINCE = (
    select(changes.c.id, changes.c.subject_id, changes.c.before, changes.c.after, _a.at)
    .join_from(changes, operations, _a.id == changes.c.operation_id)
    .where(
        changes.c.ledger_id == bindparam("ledger"),
        changes.c.id > bindparam("number_"),
        changes.c.subject == "entry",
    )
    .order_by(changes.c.id)
    .limit(bindparam("rows"))
)
_AFTER = (
    select(*_COLUMNS, _a.number, _a.undone)
    .where(_a.ledger_id == bindparam("ledger"), _a.number > bindparam("number_"))
    .order_by(_a.number)
    .limit(bindparam("rows"))
)
_FIRST_SINCE = (
    select(func.min(changes.c.id))
    .join_from(changes, operations, _a.id == changes.c.operation_id)
    .where(_a.ledger_id == bindparam("ledger"), _a.at >= bindparam("moment"))
)
_LAST_NUMBER = select(func.max(changes.c.id)).where(changes.c.ledger_id == bindparam("ledger"))
_SETTINGS_SINCE = (
    select(changes.c.subject, changes.c.subject_id, changes.c.before, changes.c.after)
    .join_from(changes, operations, _a.id == changes.c.operation_id)
    .where(
        changes.c.ledger_id == bindparam("ledger"),
        changes.c.subject == "settings",
        changes.c.subject_id == bindparam("subject_id_"),
        _a.at > bindparam("moment"),
    )
    .order_by(changes.c.id)
)
_AUTHOR = (
    select(_a.user_id)
    .join_from(changes, operations, _a.id == changes.c.operation_id)
    .where(
        changes.c.ledger_id == bindparam("ledger"),
        changes.c.subject == "entry",
        changes.c.subject_id == bindparam("entry"),
    )
    .order_by(changes.c.id)
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class SqlOperations:
    """`ports.repositories.Operations` on a connection."""

    connection: Connection

    def record(self, operation: Operation, changes: Sequence[Change]) -> None:
        """Append an operation; one without changes is kept only when it undoes another."""
        if not changes and operation.undoes is None:
            return
        digest = digest_operation(operation, changes)
        if has_riders(self.connection):
            ride(self.connection, *_riders_of(operation, changes, digest))
            return
        number = number_operation(self.connection, operation.ledger_id)
        change(self.connection, _OPERATION, _row(operation) | {"number": number, "digest": digest})
        self._append(operation, changes)

    def extend(self, operation: Operation, changes: Sequence[Change]) -> None:
        """Append changes to an operation, which is made with the first of them."""
        if not changes:
            return
        # As `record` does by its number: the changes of a ledger are written in the order of commits.
        lock_history(self.connection, operation.ledger_id)
        made = fetch_one(self.connection, _MADE, {"operation": operation.id})
        if made is None:
            self.record(operation, changes)
            return
        digest = extend_digest(made.digest, changes)
        change(self.connection, _EXTEND, {"operation": operation.id, "digest_": digest})
        self._append(operation, changes)

    def _append(self, operation: Operation, changes: Sequence[Change]) -> None:
        rows = [
            {
                "operation_id": operation.id,
                "ledger_id": operation.ledger_id,
                "subject": change.subject,
                "subject_id": change.subject_id,
                "before": change.before,
                "after": change.after,
            }
            for change in changes
        ]
        if rows:
            change_many(self.connection, _CHANGES, rows)

    def last(
        self, ledger_id: int, user_id: int, *, undone: bool, by_hand: bool = False
    ) -> Operation | None:
        """Return this user's newest operation that is done (for undo) or undone last (for redo)."""
        done = _LAST_BY_HAND if by_hand else _LAST_DONE
        query = _LAST_UNDONE if undone else done
        where = {"ledger": ledger_id, "user": user_id}
        row = fetch_one(self.connection, query, where)
        return None if row is None else _operation(row)

    def changes(self, operation_id: str) -> list[Change]:
        """Return the changes of an operation, in order."""
        return [
            _change(row)
            for row in fetch(self.connection, _OF_OPERATION, {"operation": operation_id})
        ]

    def changes_from(self, operation_id: str, skip: int, limit: int) -> list[Change]:
        """Return some changes of an operation, in order."""
        where = {"operation": operation_id, "skip": skip, "rows": limit}
        return [_change(row) for row in fetch(self.connection, _SOME, where)]

    def last_changed_by(
        self, ledger_id: int, subject: str, subject_id: str, but: Sequence[int]
    ) -> int | None:
        """Return the user who changed something last, apart from these users."""
        where = {"ledger": ledger_id, "kind": subject, "subject_id_": subject_id, "but": list(but)}
        found: int | None = fetch_value(self.connection, _LAST_CHANGED_BY, where)
        return found

    def mark(self, operation_id: str, *, undone: bool) -> None:
        """Mark an operation as undone, or as done again."""
        change(self.connection, _MARK, {"operation": operation_id, "undone_": undone})

    def of_subject(self, ledger_id: int, subject: str, subject_id: str) -> list[Change]:
        """Return the history of one thing, oldest first."""
        where = {"ledger": ledger_id, "kind": subject, "subject_id_": subject_id}
        return [_change(row) for row in fetch(self.connection, _OF_SUBJECT, where)]

    def list_after(self, ledger_id: int, number: int, limit: int) -> list[RecordedOperation]:
        """Return the operations behind a number, in order."""
        where = {"ledger": ledger_id, "number_": number, "rows": limit}
        return [
            RecordedOperation(
                row.number,
                _operation(row[:-2]),
                row.undone,
                tuple(self.changes(row.id)),
            )
            for row in fetch(self.connection, _AFTER, where)
        ]

    def entries_since(self, ledger_id: int, number: int, limit: int) -> list[ChangedEntry]:
        """Return the entries of the changes behind a number, in order; one may stand twice."""
        where = {"ledger": ledger_id, "number_": number, "rows": limit}
        rows = fetch(self.connection, _ENTRIES_SINCE, where)
        return [
            ChangedEntry(row.id, row.subject_id, row.at, kind_of(row.before, row.after))
            for row in rows
        ]

    def number_before(self, ledger_id: int, moment: datetime) -> int:
        """Return the number of the last change before a moment; 0 where there is none."""
        where = {"ledger": ledger_id, "moment": moment}
        found: int | None = fetch_value(self.connection, _FIRST_SINCE, where)
        if found is not None:
            return found - 1
        return self.last_number(ledger_id)

    def last_number(self, ledger_id: int) -> int:
        """Return the number of the last change; 0 where there is none."""
        last: int | None = fetch_value(self.connection, _LAST_NUMBER, {"ledger": ledger_id})
        return last or 0

    def settings_since(self, ledger_id: int, moment: datetime) -> list[Change]:
        """Return the changes of a ledger's settings after a moment, oldest first."""
        where = {"ledger": ledger_id, "subject_id_": str(ledger_id), "moment": moment}
        return [_change(row) for row in fetch(self.connection, _SETTINGS_SINCE, where)]

    def author_of(self, ledger_id: int, entry_id: str) -> int | None:
        """Return the user who wrote an entry first."""
        where = {"ledger": ledger_id, "entry": entry_id}
        found: int | None = fetch_value(self.connection, _AUTHOR, where)
        return found


def _riders_of(operation: Operation, changes: Sequence[Change], digest: str) -> tuple[Rider, ...]:
    """Return what `record` does as statements that ride.

    The rows read the number, so their own running numbers are given after the ledger's lock is held, and
    the changes of a ledger stand in the order of commits.
    """
    one = operation
    made = [one.id, one.ledger_id, one.user_id, one.verb, one.at, one.undoes, one.via, digest]
    rows = [
        [storable(change.subject) for change in changes],
        [storable(change.subject_id) for change in changes],
        [write_json(change.before) for change in changes],
        [write_json(change.after) for change in changes],
    ]
    return (
        Rider("evidence", _RIDING_NUMBER, [one.ledger_id], "numbered"),
        Rider("operations", _RIDING_OPERATION, made),
        Rider("changes", _RIDING_CHANGES, [one.id, one.ledger_id, *rows]),
    )


def _row(operation: Operation) -> dict[str, Any]:
    at: datetime = operation.at
    return {
        "id": operation.id,
        "ledger_id": operation.ledger_id,
        "user_id": operation.user_id,
        "verb": operation.verb,
        "at": at,
        "undoes": operation.undoes,
        "via": operation.via,
    }


def _operation(row: Sequence[Any]) -> Operation:
    return Operation(*row)


def _change(row: AnyRow) -> Change:
    return Change(row.subject, row.subject_id, row.before, row.after)
