"""Store categories that chats taught."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, select

from ports.categorising import Correction
from storage.database.connections.prepared import change, fetch, fetch_one
from storage.database.tables import corrections
from storage.database.types import AnyRow
from storage.database.upsert import insert

_c = corrections.c
_COLUMNS = (_c.kind, _c.key, _c.category)
_FIND = select(*_COLUMNS).where(
    _c.ledger_id == bindparam("ledger"), _c.key.in_(bindparam("keys", expanding=True))
)
# Note and merchant of one entry, on the path of every update: a list costs twice as much.
_FIND_TWO = select(*_COLUMNS).where(
    _c.ledger_id == bindparam("ledger"), _c.key.in_((bindparam("first"), bindparam("second")))
)
_LIST = (
    select(*_COLUMNS)
    .where(_c.ledger_id == bindparam("ledger"))
    .order_by(_c.learned_at, _c.kind, _c.key)
)
_ONE = (
    _c.ledger_id == bindparam("ledger"),
    _c.kind == bindparam("kind_"),
    _c.key == bindparam("key_"),
)
_BEFORE = select(*_COLUMNS).where(*_ONE).with_for_update()
_NEW = insert(corrections)
_PUT = _NEW.on_conflict_do_update(
    index_elements=["ledger_id", "kind", "key"],
    set_={"category": _NEW.excluded.category, "learned_at": _NEW.excluded.learned_at},
)
_REMOVE = delete(corrections).where(*_ONE)


@dataclass(frozen=True, slots=True)
class SqlCorrections:
    """`ports.repositories.Corrections` on a connection."""

    connection: Connection

    def find(self, ledger_id: int, keys: Sequence[tuple[str, str]]) -> list[Correction]:
        """Return the corrections for these (kind, key) pairs."""
        if not keys:
            return []
        wanted, words = set(keys), [key for _, key in keys]
        if len(words) > 2:  # noqa: PLR2004
            rows = fetch(self.connection, _FIND, {"ledger": ledger_id, "keys": words})
        else:
            two = {"ledger": ledger_id, "first": words[0], "second": words[-1]}
            rows = fetch(self.connection, _FIND_TWO, two)
        found = map(_correction, rows)
        return [each for each in found if (each.kind, each.key) in wanted]

    def list_all(self, ledger_id: int) -> list[Correction]:
        """Return all corrections, oldest first."""
        return [_correction(row) for row in fetch(self.connection, _LIST, {"ledger": ledger_id})]

    def put(self, ledger_id: int, correction: Correction, now: datetime) -> Correction | None:
        """Learn; return the correction that this key had before."""
        where = {"ledger": ledger_id, "kind_": correction.kind, "key_": correction.key}
        before = fetch_one(self.connection, _BEFORE, where)
        row = {
            "ledger_id": ledger_id,
            "kind": correction.kind,
            "key": correction.key,
            "category": correction.category,
            "learned_at": now,
        }
        change(self.connection, _PUT, row)
        return None if before is None else _correction(before)

    def remove(self, ledger_id: int, kind: str, key: str) -> None:
        """Unlearn."""
        change(self.connection, _REMOVE, {"ledger": ledger_id, "kind_": kind, "key_": key})


def _correction(row: AnyRow) -> Correction:
    return Correction(row.kind, row.key, row.category)
