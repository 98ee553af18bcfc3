"""Declare the repository of receipts."""

from __future__ import annotations

from decimal import Decimal
from typing import Protocol

from ledger.entries.queries import EMPTY_FILTER, EntryFilter
from ledger.stored_receipts import BookedReceipt, NamedReceipt, Receipt, ReceiptPicture


class Receipts(Protocol):
    """Receipts and their readings."""

    def add(self, receipt: Receipt) -> bool:
        """Insert; False when this source already has one (a repeated update)."""

    def get(self, ledger_id: int, receipt_id: str) -> Receipt:
        """Return and lock."""

    def find(self, ledger_id: int, receipt_id: str) -> Receipt | None:
        """Return without a lock."""

    def of_source(self, ledger_id: int, source: str) -> Receipt | None:
        """Return and lock the receipt that a message sent (`ledger.entries.source_keys`)."""

    def save(self, receipt: Receipt) -> None:
        """Write back caption, state, keys, text and reading."""

    def drop(self, ledger_id: int, receipt_id: str) -> bool:
        """Delete a receipt; its files become orphans. False when an entry was made of it."""

    def pictures(self, ledger_id: int, limit: int) -> list[ReceiptPicture]:
        """Return the pictures of the latest receipts that have a live entry, newest first."""

    def of_total(self, ledger_id: int, total: Decimal, currency: str, limit: int) -> list[Receipt]:
        """Return receipts with a live entry of this amount, newest first."""

    def changed(self, ledger_id: int, limit: int) -> list[NamedReceipt]:
        """Return readings with the merchants of their live entries, those changed latest first.

        Only entries that were changed since they were booked.
        """

    def latest(
        self, ledger_id: int, limit: int, which: EntryFilter = EMPTY_FILTER
    ) -> list[BookedReceipt]:
        """Return the readings of receipts that have live entries, the latest day first."""
