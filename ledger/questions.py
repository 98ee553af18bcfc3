"""Define questions that wait for a person's answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ledger.entries.changes import Fields

NONE_OF_THEM = -1
"""The choice that no option is right; the question of a receipt is then answered by typing."""
DELETE = -2
"""The choice that nothing of it is wanted."""

PROMPTS = frozenset({"prompt_amount", "prompt_merchant", "prompt_note"})
"""Kinds of questions for a new value of a booked entry; nothing waits for their answer."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question that stays open until a person answers it, once."""

    id: str
    ledger_id: int
    user_id: int
    kind: str
    values: Fields
    asked_at: datetime
    settled: bool = False
