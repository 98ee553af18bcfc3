"""Keep evidence of rows: counts and digests, by which a check finds rows that are lost or altered.

Rows that nothing else names could be lost, doubled or altered together with their history, and
every other check would still be content. So each operation has a number without gaps and a digest
of its changes, and a row per ledger counts what was added and holds the digest of the settings.
Kvitto writes both in the same transaction; a hand that edits rows does not.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import blake2b

from sqlalchemy import Connection, bindparam, delete, select, update

from ledger.entries.changes import Change, Fields, Operation
from ledger.periods.days import utc
from ledger.settings import Settings, settings_fields
from storage.database.connections.prepared import change, fetch_one, fetch_value
from storage.database.tables import evidence, operations
from storage.database.types import dump_json, storable
from storage.database.upsert import insert

DIGEST_BYTES = 8
"""Against accidents and careless hands, not against forgers, who could write the digest, too."""

_e = evidence.c
_NEW = insert(evidence)
_NUMBER = _NEW.on_conflict_do_update(
    index_elements=["ledger_id"], set_={"operations": _e.operations + 1}
).returning(_e.operations)
_COUNT_RECEIPTS = _NEW.on_conflict_do_update(
    index_elements=["ledger_id"], set_={"receipts": _e.receipts + _NEW.excluded.receipts}
)
_SEAL = _NEW.on_conflict_do_update(
    index_elements=["ledger_id"], set_={"settings_digest": _NEW.excluded.settings_digest}
)
_LOCK = select(_e.ledger_id).where(_e.ledger_id == bindparam("ledger")).with_for_update()
_FIND = select(evidence).where(_e.ledger_id == bindparam("ledger"))
# In one statement, since a number may stand once in a ledger at any moment.
_MOVE = (
    update(operations)
    .where(operations.c.ledger_id == bindparam("given_up"))
    .values(ledger_id=bindparam("kept"), number=operations.c.number + bindparam("ahead"))
)
_MERGED = (
    update(evidence)
    .where(_e.ledger_id == bindparam("kept"))
    .values(
        operations=_e.operations + bindparam("operations_"),
        receipts=_e.receipts + bindparam("receipts_"),
    )
)
_DROP = delete(evidence).where(_e.ledger_id == bindparam("ledger"))


def number_operation(connection: Connection, ledger_id: int) -> int:
    """Count an operation of a ledger and return its number, from 1 on."""
    number: int = fetch_value(connection, _NUMBER, {"ledger_id": ledger_id, "operations": 1})
    return number


def lock_history(connection: Connection, ledger_id: int) -> None:
    """Let other units wait that would add to this ledger's history."""
    fetch_one(connection, _LOCK, {"ledger": ledger_id})


def count_receipts(connection: Connection, ledger_id: int, by: int = 1) -> None:
    """Note that a ledger has one receipt more, or fewer."""
    change(connection, _COUNT_RECEIPTS, {"ledger_id": ledger_id, "receipts": by})


def seal_settings(connection: Connection, ledger_id: int, settings: Settings) -> None:
    """Keep the digest of the settings that are stored in the same transaction."""
    digest = digest_settings(settings_fields(settings))
    change(connection, _SEAL, {"ledger_id": ledger_id, "settings_digest": digest})


def move_operations(connection: Connection, kept_id: int, given_up_id: int) -> None:
    """Number a ledger's operations behind those of the ledger that takes them over."""
    kept = fetch_one(connection, _FIND, {"ledger": kept_id})
    given_up = fetch_one(connection, _FIND, {"ledger": given_up_id})
    assert kept is not None, "every ledger has its row"
    assert given_up is not None, "every ledger has its row"
    ids = {"given_up": given_up_id, "kept": kept_id}
    change(connection, _MOVE, {**ids, "ahead": kept.operations})
    counts = {"operations_": given_up.operations, "receipts_": given_up.receipts}
    change(connection, _MERGED, {"kept": kept_id, **counts})
    change(connection, _DROP, {"ledger": given_up_id})


def digest_settings(fields: Fields) -> str:
    """Return the digest of settings, whatever their order."""
    return _digest([dump_json(dict(sorted(fields.items())))]).hexdigest()


def digest_operation(operation: Operation, changes: Iterable[Change]) -> str:
    """Return the digest of an operation with its changes.

    Its ledger and its number are left out, because merged ledgers change both. It is a sum, so that
    a long operation can be extended without reading what it holds.
    """
    return digest_stored(_head_of(operation), map(_stored, changes))


def extend_digest(digest: str | None, changes: Iterable[Change]) -> str | None:
    """Return the digest of an operation that gets more changes; None where it never had one."""
    return None if digest is None else _sum(int(digest, 16), map(_stored, changes))


def digest_stored(head: Sequence[str], changes: Iterable[Sequence[str]]) -> str:
    """Return the same digest from fields as they are stored, in any order of the changes.

    The head is made by `head_of`; a change is subject, its id, and the JSON before and after.
    """
    return _sum(0, (head, *changes))


def head_of(named: Sequence[str], undoes: str | None, via: str | None) -> Sequence[str]:
    """Return the fields of an operation as a digest has them.

    `named` is its id, user and verb, and its moment by `write_moment`.
    """
    # The way is left out where it was not kept yet, so that older digests stay right.
    return (*named, undoes or "", *([via] if via else []))


def _head_of(one: Operation) -> Sequence[str]:
    named = (one.id, str(one.user_id), one.verb, write_moment(one.at))
    return head_of(named, one.undoes, one.via)


def write_moment(at: datetime) -> str:
    """Write a moment as a digest has it."""
    return utc(at).isoformat(timespec="microseconds")


def _stored(change: Change) -> Sequence[str]:
    before, after = dump_json(change.before), dump_json(change.after)
    return change.subject, storable(change.subject_id), before, after


def _sum(start: int, parts: Iterable[Sequence[str]]) -> str:
    total = start + sum(int.from_bytes(_digest(part).digest()) for part in parts)
    return f"{total % (1 << 8 * DIGEST_BYTES):0{2 * DIGEST_BYTES}x}"


def _digest(parts: Iterable[str]) -> blake2b:
    return blake2b("\x1f".join(parts).encode(), digest_size=DIGEST_BYTES)
