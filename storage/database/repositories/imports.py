"""Store imported files, the layouts of their kind, and the shares that they name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from ledger.errors import NotFoundError
from ledger.imports.batches import Found, ImportBatch
from ledger.statements import Layout
from ports.stored_values import dump_value, load_value
from storage.database.connections.prepared import change, change_many, fetch, fetch_one
from storage.database.tables import entries, entry_shares, import_layouts, import_links, imports
from storage.database.types import AnyRow
from storage.database.upsert import insert

_i = imports.c
_FIXED = {"id", "ledger_id", "source", "user_id", "file_ref", "file_name", "created_at"}
_CHANGING = tuple(column.name for column in _i if column.name not in _FIXED)

_ADD = (
    insert(imports).on_conflict_do_nothing(index_elements=["ledger_id", "source"]).returning(_i.id)
)
_MINE = (_i.id == bindparam("import"), _i.ledger_id == bindparam("ledger"))
_FIND = select(imports).where(*_MINE)
_GET = _FIND.with_for_update()
_SAVE = update(imports).where(*_MINE).values({name: bindparam(f"b_{name}") for name in _CHANGING})
_LAYOUTS = select(import_layouts.c.fingerprint, import_layouts.c.layout).where(
    import_layouts.c.ledger_id == bindparam("ledger")
)
_NEW_LAYOUT = insert(import_layouts)
_KEEP_LAYOUT = _NEW_LAYOUT.on_conflict_do_update(
    index_elements=["ledger_id", "fingerprint"], set_={"layout": _NEW_LAYOUT.excluded.layout}
)
_l = import_links.c
_LINKS = (
    select(_l.source_key, _l.entry_id)
    .join_from(import_links, imports, _i.id == _l.import_id)
    .join(entries, entries.c.id == _l.entry_id)
    .where(
        _l.ledger_id == bindparam("ledger"),
        _l.source_key.in_(bindparam("keys", expanding=True)),
        _i.state.not_in(["undoing", "undone"]),
        entries.c.deleted_at.is_(None),
    )
)
_NEW_LINK = insert(import_links)
_LINK = _NEW_LINK.on_conflict_do_update(
    index_elements=["ledger_id", "source_key"],
    set_={name: _NEW_LINK.excluded[name] for name in ("entry_id", "import_id")},
).inline()
_KEEP_SHARES = insert(entry_shares).on_conflict_do_nothing(index_elements=["entry_id"]).inline()
_SHARES = select(entry_shares.c.entry_id, entry_shares.c.shares).where(
    entry_shares.c.ledger_id == bindparam("ledger")
)


@dataclass(frozen=True, slots=True)
class SqlImports:
    """`ports.repositories.Imports` on a connection."""

    connection: Connection

    def add(self, batch: ImportBatch) -> bool:
        """Insert; False when this source has one already."""
        return fetch_one(self.connection, _ADD, _row(batch)) is not None

    def find(self, ledger_id: int, import_id: str) -> ImportBatch | None:
        """Return without a lock."""
        row = fetch_one(self.connection, _FIND, {"import": import_id, "ledger": ledger_id})
        return None if row is None else _batch(row)

    def get(self, ledger_id: int, import_id: str) -> ImportBatch:
        """Return and lock."""
        row = fetch_one(self.connection, _GET, {"import": import_id, "ledger": ledger_id})
        if row is None:
            raise NotFoundError("no_import")
        return _batch(row)

    def save(self, batch: ImportBatch) -> None:
        """Write back everything that can change."""
        values = {f"b_{name}": value for name, value in _row(batch).items() if name in _CHANGING}
        where = {"import": batch.id, "ledger": batch.ledger_id}
        change(self.connection, _SAVE, {**where, **values})

    def layouts(self, ledger_id: int) -> dict[str, Layout]:
        """Return the layouts of earlier files by the fingerprint of their headers."""
        rows = fetch(self.connection, _LAYOUTS, {"ledger": ledger_id})
        return {row.fingerprint: Layout.from_json(row.layout) for row in rows}

    def keep_layout(self, ledger_id: int, fingerprint: str, layout: Layout) -> None:
        """Remember the layout of files with this header."""
        row = {"ledger_id": ledger_id, "fingerprint": fingerprint, "layout": layout.to_json()}
        change(self.connection, _KEEP_LAYOUT, row)

    def links(self, ledger_id: int, source_keys: Sequence[str]) -> dict[str, str]:
        """Return entry ids by source key; those of undone imports do not count."""
        where = {"ledger": ledger_id, "keys": list(source_keys)}
        rows = self.connection.execute(_LINKS, where)
        return {row.source_key: row.entry_id for row in rows}

    def link(self, batch: ImportBatch, links: Sequence[tuple[str, str]]) -> None:
        """Insert or replace."""
        rows = [
            {"ledger_id": batch.ledger_id, "source_key": key, "entry_id": entry_id}
            | {"import_id": batch.id}
            for key, entry_id in links
        ]
        if rows:
            change_many(self.connection, _LINK, rows)

    def keep_shares(
        self, ledger_id: int, shares: Sequence[tuple[str, Sequence[tuple[str, str]]]]
    ) -> None:
        """Keep the shares of entries by entry id; an entry that has some keeps them."""
        rows = [
            {"entry_id": entry_id, "ledger_id": ledger_id, "shares": [list(one) for one in several]}
            for entry_id, several in shares
        ]
        if rows:
            change_many(self.connection, _KEEP_SHARES, rows)

    def list_shares(self, ledger_id: int) -> dict[str, tuple[tuple[str, str], ...]]:
        """Return names and amounts by entry id."""
        rows = fetch(self.connection, _SHARES, {"ledger": ledger_id})
        return {row.entry_id: tuple((name, amount) for name, amount in row.shares) for row in rows}


def _row(batch: ImportBatch) -> dict[str, Any]:
    row = {field: getattr(batch, field) for field in ImportBatch.__dataclass_fields__}
    found = batch.found
    return {
        **row,
        "answers": dict(batch.answers),
        "found": dump_value(found) if found else None,
    }


def _batch(row: AnyRow) -> ImportBatch:
    values = row._asdict()
    found = values["found"]
    return ImportBatch(**{**values, "found": load_value(Found, found) if found else None})
