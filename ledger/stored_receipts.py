"""Receipts as a ledger keeps them, next to the entries made from them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from ledger.changes import Fields

ReceiptState = Literal["stored", "read", "asked", "booked", "refused", "failed"]


@dataclass(frozen=True, slots=True)
class Receipt:
    """A photographed or sent receipt. The original is kept first, whatever the reading says."""

    id: str
    ledger_id: int
    source: str
    """Where it was sent from (see `ledger.source_keys`); unique in its ledger."""
    user_id: int
    file_ref: str
    """Telegram's id of the file, for fetching it (again)."""
    file_name: str
    caption: str
    state: ReceiptState
    received_at: datetime
    """When the message was sent (the door's clock), the reading's today."""
    blob_key: str | None = None
    clean_key: str | None = None
    """The copy without metadata that is shown."""
    sha256: str | None = None
    picture_print: str | None = None
    """A print that copies of the picture share (`ledger.receipt.sameness`); None where it has none."""
    text: str = ""
    """What the reader saw, for searching."""
    reading: Fields | None = None
    """The draft as read, with evidence; None before."""


@dataclass(frozen=True, slots=True)
class NamedReceipt:
    """A receipt's entry that a person changed after it was booked, beside what was read."""

    reading: Fields
    position: int
    """Which of the reading's drafts the entry was made of."""
    merchant: str
    """Who sold, as the entry says it now."""
