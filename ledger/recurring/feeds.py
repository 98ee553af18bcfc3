"""Define the calendar link of a ledger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Feed:
    """The calendar link of a ledger; its secret is known to those who were shown it."""

    ledger_id: int
    secret_hash: str
    made_by: int
    made_at: datetime
