"""Declare the store of costs of paid calls, reserved before a call and settled after it.

Costs are millionths of a US dollar (`_micros`). Days and months are in UTC, because they bound the
installation's costs, not a ledger's. Requests and answers are not kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

AiService = Literal["textract", "vision", "category", "text", "speech"]
"""Purposes of calls, two of them for receipts, then categories, texts and voice notes."""

MICROS = 1_000_000
"""Millionths in a dollar."""


@dataclass(frozen=True, slots=True)
class Caps:
    """The caps beyond which no paid call is made; local readers go on."""

    chat_daily_calls: int
    monthly_micros: int


@dataclass(frozen=True, slots=True)
class PlannedCall:
    """A call before it is made; `cost_micros` is the most that it can cost."""

    chat_id: int
    service: AiService
    model: str
    cost_micros: int


@dataclass(frozen=True, slots=True)
class Spent:
    """The actual cost of a call."""

    cost_micros: int
    seconds: float
    succeeded: bool
    input_tokens: int = 0
    output_tokens: int = 0


@dataclass(frozen=True, slots=True)
class MonthOfChat:
    """The calls of one chat and service in one month; chat 0 sums up the forgotten chats."""

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

        Concurrent reservations see each other, so together they never pass a cap.
        Raises `UnavailableError` where it cannot be counted; then no call may be made.
        """

    async def settle(self, number: int, spent: Spent) -> None:
        """Replace the reserved cost by the actual one. Raises `UnavailableError`."""

    async def by_month(self, *, since: datetime) -> list[MonthOfChat]:
        """Return the costs since a moment, by month, chat and service."""
