"""Which files rows speak of: receipts, and attachments of unsent messages."""

from __future__ import annotations

from sqlalchemy import Connection, select

from storage.database.connections.prepared import fetch
from storage.database.repositories.forgetting import attached_keys
from storage.database.tables import outbox, receipts

_RECEIPTS = select(receipts.c.blob_key, receipts.c.clean_key)
_UNSENT = select(outbox.c.payload).where(outbox.c.state.in_(("waiting", "drawing")))


def referenced_blobs(connection: Connection) -> set[str]:
    """Return every key that a row names."""
    found = {key for pair in fetch(connection, _RECEIPTS) for key in pair if key}
    return found | attached_keys(row.payload for row in fetch(connection, _UNSENT))
