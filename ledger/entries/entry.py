"""Define an entry, which is one expense or income of one day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from ledger.money import Money
from ledger.rates.values import RateKind

EntryType = Literal["expense", "income", "transfer"]
"""`transfer` moves money between one's own pockets (a settlement): it never counts as spending."""

Source = Literal["text", "receipt", "recurring", "import", "api"]

Mark = Literal["merchant", "date", "currency", "amount"]
"""A field that may be wrong: of a receipt, or the amount of a bill that varies."""


@dataclass(frozen=True, slots=True)
class Converted:
    """An amount in the ledger's currency, with the rate that made it (1 for the same currency)."""

    money: Money
    rate: Decimal
    rate_on: date
    """The day that the rate was published for; of a chat's own rate the day from which it counts."""
    kind: RateKind = "daily"


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the ledger. Deletion is a mark: `deleted_at` is set, the row stays for undo."""

    id: str
    ledger_id: int
    type: EntryType
    money: Money
    """As typed or printed, always positive."""
    spent_on: date
    """A day in the ledger's time zone."""
    note: str
    """The person's own words; for a receipt its caption, else empty."""
    category: str
    """A category id (`eating_out`) or the id of one of the chat's own categories; `""`: none yet."""
    paid_by: int
    """Telegram user id of the member who paid."""
    source: Source
    source_key: str
    """Unique in its ledger (see `ledger.entries.source_keys`)."""
    created_at: datetime
    updated_at: datetime
    merchant: str | None = None
    tags: tuple[str, ...] = ()
    category_guessed: bool = False
    """The category was guessed in doubt, and nobody has confirmed or changed it since."""
    marks: tuple[Mark, ...] = ()
    """Fields that were booked in doubt, and that nobody has confirmed or changed since."""
    base: Converted | None = None
    """The amount in the ledger's currency; None while no rate of that day is known."""
    receipt_id: str | None = None
    deleted_at: datetime | None = None

    @property
    def title(self) -> str:
        """Return the note, else the merchant, else an empty text."""
        return self.note or self.merchant or ""
