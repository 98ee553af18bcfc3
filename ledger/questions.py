"""Questions that wait for a person's answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ledger.changes import Fields


@dataclass(frozen=True, slots=True)
class Question:
    """Something the bot could not decide: it stays open until a person answers, once."""

    id: str
    ledger_id: int
    user_id: int
    kind: str
    values: Fields
    asked_at: datetime
    settled: bool = False
