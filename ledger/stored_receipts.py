"""Define receipts as a ledger keeps them, next to their entries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from ledger.entries.changes import Fields
from ledger.entries.entry import EntryType
from ledger.money import Money

ReceiptState = Literal["stored", "read", "asked", "booked", "refused", "failed"]


@dataclass(frozen=True, slots=True)
class Receipt:
    """A photographed or sent receipt. The original is stored before it is read."""

    id: str
    ledger_id: int
    source: str
    """The source (see `ledger.entries.source_keys`), unique in its ledger."""
    user_id: int
    file_ref: str
    """Telegram's id of the file, for fetching it (again)."""
    file_name: str
    caption: str
    state: ReceiptState
    received_at: datetime
    """The time when the message was sent, whose day is the reading's today."""
    blob_key: str | None = None
    clean_key: str | None = None
    """The copy without metadata that is shown."""
    sha256: str | None = None
    picture_print: str | None = None
    """A print that copies of the picture share (`ledger.receipt.sameness`); None where it has none."""
    text: str = ""
    """The text of the reading, for searching."""
    reading: Fields | None = None
    """The draft as read, with evidence; None before."""


@dataclass(frozen=True, slots=True)
class ReceiptPicture:
    """The marks by which the picture of a booked receipt is told from others."""

    receipt_id: str
    sha256: str | None
    picture_print: str | None


@dataclass(frozen=True, slots=True)
class NamedReceipt:
    """The merchant as read and as a person corrected it on the receipt's entry."""

    reading: Fields
    position: int
    """The position of the entry's draft in the reading, from 0."""
    merchant: str
    """The merchant of the entry now."""


@dataclass(frozen=True, slots=True)
class BookedReceipt:
    """The reading of a receipt that was booked, with its entry."""

    reading: Fields
    position: int
    """The position of the entry's draft in the reading, from 0."""
    entry_id: str
    spent_on: date
    merchant: str
    currency: str
    type: EntryType
    searched: str
    """The folded note, shop and tags of the entry (`ledger.entries.searching`)."""
    amount_minor: int
    base: Money | None
    """The amount in the ledger's currency; None while no rate is known."""
