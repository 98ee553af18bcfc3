"""Find the files that rows name: receipts, imports, and attachments of unsent messages."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import BindParameter, Connection, bindparam, select, union

from storage.database.connections.prepared import fetch
from storage.database.repositories.chats.forgetting import attached_keys
from storage.database.tables import imports, outbox, receipts

_KEPT = (
    select(receipts.c.blob_key, receipts.c.clean_key),
    select(imports.c.blob_key, imports.c.rows_key),
)
_UNSENT = select(outbox.c.payload).where(outbox.c.state.in_(("waiting", "drawing")))
_KEYS: BindParameter[list[str]] = bindparam("keys", expanding=True)
_NAMED = union(
    select(receipts.c.blob_key.label("key")).where(receipts.c.blob_key.in_(_KEYS)),
    select(receipts.c.clean_key.label("key")).where(receipts.c.clean_key.in_(_KEYS)),
    select(imports.c.blob_key.label("key")).where(imports.c.blob_key.in_(_KEYS)),
    select(imports.c.rows_key.label("key")).where(imports.c.rows_key.in_(_KEYS)),
)


def find_referenced(connection: Connection, keys: Sequence[str]) -> set[str]:
    """Return those of these keys that a row names."""
    unsent = attached_keys(row.payload for row in fetch(connection, _UNSENT))
    return find_kept_files(connection, keys) | unsent.intersection(keys)


def find_kept_files(connection: Connection, keys: Sequence[str]) -> set[str]:
    """Return those of these keys that a receipt or an import names."""
    rows = connection.execute(_NAMED, {"keys": list(keys)})
    return {row.key for row in rows}


def referenced_blobs(connection: Connection) -> set[str]:
    """Return every key that a row names."""
    found = {key for query in _KEPT for pair in fetch(connection, query) for key in pair if key}
    return found | attached_keys(row.payload for row in fetch(connection, _UNSENT))
