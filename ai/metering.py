"""Meter paid calls, with a cost that is reserved before a call and settled after it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime

from ledger.errors import UnavailableError
from ports.spending import PlannedCall, Spending, Spent


@dataclass(slots=True)
class Bill:
    """Cost of one call; the highest possible cost until the real one is known."""

    cost_micros: int
    input_tokens: int = 0
    output_tokens: int = 0
    succeeded: bool = False

    def paid(self, cost_micros: int, *, read: int = 0, written: int = 0) -> None:
        """Record the usage that the provider reported."""
        self.cost_micros, self.input_tokens, self.output_tokens = cost_micros, read, written
        self.succeeded = True


@dataclass(frozen=True, slots=True)
class Meter:
    """Lets calls through while the caps allow it."""

    spending: Spending
    clock: Callable[[], datetime]

    @asynccontextmanager
    async def call(self, planned: PlannedCall) -> AsyncIterator[Bill]:
        """Reserve the cost, run the body, settle the cost.

        Raises:
            UnavailableError: a cap is reached (`ai_cap_reached`), or the call cannot be counted.
        """
        # Reserved before the call, so that parallel calls cannot exceed a cap together.
        number = await self.spending.reserve(planned, now=self.clock())
        if number is None:
            raise UnavailableError("ai_cap_reached")
        bill = Bill(planned.cost_micros)
        started = time.monotonic()
        try:
            yield bill
        finally:
            spent = Spent(
                bill.cost_micros,
                time.monotonic() - started,
                bill.succeeded,
                bill.input_tokens,
                bill.output_tokens,
            )
            # An unsettled call keeps its reservation, so that caps are never exceeded.
            with suppress(UnavailableError):
                await asyncio.shield(self.spending.settle(number, spent))
