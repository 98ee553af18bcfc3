"""Let one call of an Idempotency-Key be in work at a time in this process.

A second one waits a moment for the first, whose answer it then gets, and is refused where that takes
longer: an upload may take minutes. Between processes the claim of the key in the database does the same.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Hashable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from ledger.errors import InWorkError
from web.concurrency import ConcurrencyLimit, TooManyWaitingError

WAIT_SECONDS = 3.0
"""A booking takes some milliseconds, on a busy machine a second."""


@dataclass(slots=True)
class KeysInWork:
    """The keys whose calls are in work."""

    wait_seconds: float = WAIT_SECONDS
    _calls: ConcurrencyLimit = field(default_factory=lambda: ConcurrencyLimit(in_work=1))

    @asynccontextmanager
    async def enter(self, key: Hashable) -> AsyncIterator[None]:
        """Hold a key until the block ends. Raises `InWorkError` (`key_in_work`)."""
        async with AsyncExitStack() as stack:
            try:
                async with asyncio.timeout(self.wait_seconds):
                    await stack.enter_async_context(self._calls.enter(key))
            except (TimeoutError, TooManyWaitingError):
                raise InWorkError("key_in_work") from None
            yield
