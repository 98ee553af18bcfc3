"""Store receipts and their readings."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, bindparam, delete, exists, select, update

from ledger.entries.queries import EMPTY_FILTER, EntryFilter
from ledger.entries.source_keys import position_of
from ledger.errors import NotFoundError
from ledger.money import Money, to_minor
from ledger.stored_receipts import BookedReceipt, NamedReceipt, Receipt, ReceiptPicture
from storage.database.connections.prepared import change, fetch, fetch_one
from storage.database.repositories.entries.evidence import count_receipts
from storage.database.repositories.entries.filtering import matching
from storage.database.tables import entries, receipts
from storage.database.types import AnyRow
from storage.database.upsert import insert

_r = receipts.c
_CHANGING = (
    "file_ref",
    "caption",
    "state",
    "blob_key",
    "clean_key",
    "sha256",
    "picture_print",
    "text",
    "reading",
)

_ADD = (
    insert(receipts)
    .on_conflict_do_nothing(index_elements=["ledger_id", "source"])
    .returning(receipts.c.id)
)
_MINE = (_r.id == bindparam("receipt"), _r.ledger_id == bindparam("ledger"))
_FIND = select(receipts).where(*_MINE)
_GET = _FIND.with_for_update()
_OF_SOURCE = (
    select(receipts)
    .where(_r.ledger_id == bindparam("ledger"), _r.source == bindparam("source_"))
    .with_for_update()
)
_SAVE = update(receipts).where(*_MINE).values({name: bindparam(f"b_{name}") for name in _CHANGING})
_DROP = delete(receipts).where(*_MINE, ~exists().where(entries.c.receipt_id == _r.id))
_HAS_LIVE_ENTRY = exists().where(entries.c.receipt_id == _r.id, entries.c.deleted_at.is_(None))
_PICTURES = (
    select(_r.id, _r.sha256, _r.picture_print)
    .where(_r.ledger_id == bindparam("ledger"), _HAS_LIVE_ENTRY)
    .order_by(_r.received_at.desc())
    .limit(bindparam("limit"))
)
_OF_TOTAL = (
    select(receipts)
    .where(
        _r.ledger_id == bindparam("ledger"),
        _HAS_LIVE_ENTRY.where(
            entries.c.amount_minor == bindparam("minor"), entries.c.currency == bindparam("code")
        ),
    )
    .order_by(_r.received_at.desc())
    .limit(bindparam("limit"))
)
_CHANGED = (
    select(_r.reading, entries.c.source_key, entries.c.merchant)
    .join_from(entries, receipts, entries.c.receipt_id == _r.id)
    .where(
        entries.c.ledger_id == bindparam("ledger"),
        entries.c.deleted_at.is_(None),
        entries.c.updated_at > entries.c.created_at,
        entries.c.merchant.is_not(None),
        _r.reading.is_not(None),
    )
    .order_by(entries.c.updated_at.desc())
    .limit(bindparam("limit"))
)
_BOOKED = (
    select(
        _r.reading,
        entries.c.source_key,
        entries.c.id,
        entries.c.spent_on,
        entries.c.merchant,
        entries.c.currency,
        entries.c.type,
        entries.c.search,
        entries.c.amount_minor,
        entries.c.base_minor,
        entries.c.base_currency,
    )
    .join_from(entries, receipts, entries.c.receipt_id == _r.id)
    .where(_r.reading.is_not(None))
    .order_by(entries.c.spent_on.desc(), entries.c.id.desc())
    .limit(bindparam("limit"))
)
_LATEST = matching(_BOOKED, EMPTY_FILTER)


@dataclass(frozen=True, slots=True)
class SqlReceipts:
    """`ports.repositories.Receipts` on a connection."""

    connection: Connection

    def add(self, receipt: Receipt) -> bool:
        """Insert; False when this source already has one."""
        if fetch_one(self.connection, _ADD, _row(receipt)) is None:
            return False
        count_receipts(self.connection, receipt.ledger_id)
        return True

    def get(self, ledger_id: int, receipt_id: str) -> Receipt:
        """Return and lock."""
        row = fetch_one(self.connection, _GET, {"receipt": receipt_id, "ledger": ledger_id})
        if row is None:
            raise NotFoundError("no_receipt")
        return _receipt(row)

    def find(self, ledger_id: int, receipt_id: str) -> Receipt | None:
        """Return without a lock."""
        row = fetch_one(self.connection, _FIND, {"receipt": receipt_id, "ledger": ledger_id})
        return None if row is None else _receipt(row)

    def of_source(self, ledger_id: int, source: str) -> Receipt | None:
        """Return and lock the receipt that a message sent."""
        row = fetch_one(self.connection, _OF_SOURCE, {"ledger": ledger_id, "source_": source})
        return None if row is None else _receipt(row)

    def save(self, receipt: Receipt) -> None:
        """Write back caption, state, keys, text and reading."""
        row = _row(receipt)
        values = {f"b_{name}": row[name] for name in _CHANGING}
        if (
            change(
                self.connection,
                _SAVE,
                {"receipt": receipt.id, "ledger": receipt.ledger_id, **values},
            )
            != 1
        ):
            raise NotFoundError("no_receipt")

    def drop(self, ledger_id: int, receipt_id: str) -> bool:
        """Delete a receipt; its files become orphans. False when an entry was made of it."""
        where = {"receipt": receipt_id, "ledger": ledger_id}
        if change(self.connection, _DROP, where) != 1:
            return False
        count_receipts(self.connection, ledger_id, -1)
        return True

    def pictures(self, ledger_id: int, limit: int) -> list[ReceiptPicture]:
        """Return the pictures of the latest receipts that have a live entry, newest first."""
        rows = fetch(self.connection, _PICTURES, {"ledger": ledger_id, "limit": limit})
        return [ReceiptPicture(row.id, row.sha256, row.picture_print) for row in rows]

    def of_total(self, ledger_id: int, total: Decimal, currency: str, limit: int) -> list[Receipt]:
        """Return receipts with a live entry of this amount, newest first."""
        where = {
            "ledger": ledger_id,
            "minor": to_minor(total, currency),
            "code": currency,
            "limit": limit,
        }
        return [_receipt(row) for row in fetch(self.connection, _OF_TOTAL, where)]

    def latest(
        self, ledger_id: int, limit: int, which: EntryFilter = EMPTY_FILTER
    ) -> list[BookedReceipt]:
        """Return the readings of receipts that have live entries, the latest day first."""
        where = {"ledger": ledger_id, "limit": limit}
        if which == EMPTY_FILTER:
            return [_booked(row) for row in fetch(self.connection, _LATEST, where)]
        return [_booked(row) for row in self.connection.execute(matching(_BOOKED, which), where)]

    def changed(self, ledger_id: int, limit: int) -> list[NamedReceipt]:
        """Return readings with the merchants of their live entries, those changed latest first."""
        rows = fetch(self.connection, _CHANGED, {"ledger": ledger_id, "limit": limit})
        return [
            NamedReceipt(row.reading, position_of(row.source_key), row.merchant) for row in rows
        ]


def _booked(row: AnyRow) -> BookedReceipt:
    return BookedReceipt(
        row.reading,
        position_of(row.source_key),
        row.id,
        row.spent_on,
        row.merchant or "",
        row.currency,
        row.type,
        row.search,
        row.amount_minor,
        None if row.base_minor is None else Money.of_minor(row.base_minor, row.base_currency),
    )


def _row(receipt: Receipt) -> dict[str, Any]:
    return {name: getattr(receipt, name) for name in Receipt.__dataclass_fields__}


def _receipt(row: AnyRow) -> Receipt:
    return Receipt(**row._asdict())
