"""The socket for what calls to paid readers cost: reserved before a call, settled after it.

Costs are millionths of a US dollar (`_micros`). Days and months are UTC's: they bound spending, they
describe nobody's ledger. Nothing of what was sent or answered is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

AiService = Literal["textract", "vision", "category", "text", "speech"]
"""What a call is for: reading a receipt (two kinds), filing entries, reading typed words, hearing."""

MICROS = 1_000_000
"""Millionths in a dollar."""


@dataclass(frozen=True, slots=True)
class Caps:
    """Beyond these no call is made; local readers go on."""

    chat_daily_calls: int
    monthly_micros: int


@dataclass(frozen=True, slots=True)
class PlannedCall:
    """A call about to be made; `cost_micros` is the most that it can cost."""

    chat_id: int
    service: AiService
    model: str
    cost_micros: int


@dataclass(frozen=True, slots=True)
class Spent:
    """What a call did cost, in the end."""

    cost_micros: int
    seconds: float
    succeeded: bool
    input_tokens: int = 0
    output_tokens: int = 0


@dataclass(frozen=True, slots=True)
class MonthOfChat:
    """The calls of one chat and service in one month; chat 0 is what forgotten chats spent."""

    month: str
    """`2026-11`."""
    chat_id: int
    service: AiService
    calls: int
    cost_micros: int
    input_tokens: int
    output_tokens: int
    seconds: float


class Spending(Protocol):
    """Keeps the caps over all processes of an installation."""

    async def reserve(self, call: PlannedCall, *, now: datetime) -> int | None:
        """Count a call before it is made and return its number; None where a cap forbids it.

        Calls that are reserved side by side see each other: together they never pass a cap.
        Raises `UnavailableError` where it cannot be counted; then no call may be made.
        """

    async def settle(self, number: int, spent: Spent) -> None:
        """Replace what was reserved by what was spent. Raises `UnavailableError`."""

    async def by_month(self, *, since: datetime) -> list[MonthOfChat]:
        """Return what was spent since a moment, by month, chat and service."""
