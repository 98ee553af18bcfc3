"""A keeper of costs in memory, with the caps that a test gives, and a clock that stands."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from ai.circuit_breaker import CircuitBreaker
from ai.language.client import LanguageModel
from ai.language.question import Access
from ai.metering import Meter
from ports.spending import MonthOfChat, PlannedCall, Spent
from tests.cloud.openai_stub import KEY, Stub

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@dataclass(slots=True)
class Purse:
    """`ports.spending.Spending` without a database (the real one has tests of its own)."""

    calls_max: int = 1000
    planned: list[PlannedCall] = field(default_factory=list)
    settled: dict[int, Spent] = field(default_factory=dict)

    async def reserve(self, call: PlannedCall, **_: datetime) -> int | None:
        await asyncio.sleep(0)
        if len(self.planned) >= self.calls_max:
            return None
        self.planned.append(call)
        return len(self.planned) - 1

    async def settle(self, number: int, spent: Spent) -> None:
        await asyncio.sleep(0)
        self.settled[number] = spent

    async def by_month(self, **_: datetime) -> list[MonthOfChat]:
        return []


@asynccontextmanager
async def open_model(
    stub: Stub,
    purse: Purse | None = None,
    *,
    by_responses: bool | None = True,
    new_breaker: Callable[[], CircuitBreaker] = CircuitBreaker,
    key: str = KEY,
) -> AsyncIterator[LanguageModel]:
    """A language model that asks the stub."""
    access = Access(key, stub.url, speech_model="gpt-transcribe")
    meter = Meter(purse or Purse(), lambda: NOW)
    model = LanguageModel(access, meter, new_breaker, by_responses)
    try:
        yield model
    finally:
        await model.close()
