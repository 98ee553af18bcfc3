"""Store the pinned cards of ledgers."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete, select

from ports.repositories import PinnedCard
from storage.database.connections.prepared import change, fetch_one
from storage.database.tables import pinned_cards
from storage.database.upsert import insert

_FIND = select(pinned_cards).where(pinned_cards.c.ledger_id == bindparam("ledger"))
_NEW = insert(pinned_cards)
_PUT = _NEW.on_conflict_do_update(
    index_elements=["ledger_id"],
    set_={c.name: _NEW.excluded[c.name] for c in pinned_cards.c if c.name != "ledger_id"},
)
_REMOVE = delete(pinned_cards).where(pinned_cards.c.ledger_id == bindparam("ledger"))


@dataclass(frozen=True, slots=True)
class SqlPinnedCards:
    """`ports.repositories.Cards` on a connection."""

    connection: Connection

    def find(self, ledger_id: int) -> PinnedCard | None:
        """Return the card of a ledger."""
        row = fetch_one(self.connection, _FIND, {"ledger": ledger_id})
        return None if row is None else PinnedCard(**row._asdict())

    def put(self, card: PinnedCard) -> None:
        """Insert or replace the card of a ledger."""
        row = {
            "ledger_id": card.ledger_id,
            "message_key": card.message_key,
            "edits": card.edits,
            "fingerprint": card.fingerprint,
            "edited_at": card.edited_at,
        }
        change(self.connection, _PUT, row)

    def remove(self, ledger_id: int) -> None:
        """Forget the card of a ledger."""
        change(self.connection, _REMOVE, {"ledger": ledger_id})
