"""Mark messages as sent, all of a moment in one commit that is repeated until stored."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from bot.ops.errors import describe_error
from bot.ops.logs import get_logger
from ledger.errors import UnavailableError
from ports.outbox import Outbox, OutboxMessage

OUTAGE_SECONDS = 1.0
GATHER_SECONDS = 0.003
"""Seconds after a commit of several marks in which later marks gather for the next one. Without them every
commit of units is cut short by a mark, which costs a fifth of a text's CPU. They add to the time in
which a killed process would repeat a message, which is the API's latency anyway."""

_log = get_logger("bot.engine.sender")


@dataclass(slots=True)
class SentBatcher:
    """Collects marks while a commit is under way and a moment after; the next commit stores them all."""

    outbox: Outbox
    _queue: list[tuple[OutboxMessage, int | None, asyncio.Future[None]]] = field(
        default_factory=list
    )
    _flusher: asyncio.Task[None] | None = None

    async def sent(self, outbox_message: OutboxMessage, message_id: int | None) -> None:
        """Mark a message as sent; returns when that is committed."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._queue.append((outbox_message, message_id, done))
        if self._flusher is None:
            self._flusher = asyncio.create_task(self._flush())
        # The flusher stores the mark even where the sender that waits for it is cancelled.
        await done

    async def finish(self, seconds: float) -> None:
        """Wait until every mark is stored, at most for these seconds."""
        if self._flusher is not None:
            await asyncio.wait([self._flusher], timeout=seconds)

    async def _flush(self) -> None:
        while self._queue:
            batch, self._queue = self._queue, []
            results = [(outbox_message, message_id) for outbox_message, message_id, _ in batch]
            try:
                await retry_until_stored(lambda: self.outbox.sent(results))  # noqa: B023  # awaited here
            except Exception as error:  # noqa: BLE001  # it belongs to the waiters
                for _, _, done in batch:
                    if not done.done():
                        done.set_exception(error)
                continue
            for _, _, done in batch:
                if not done.done():
                    done.set_result(None)
            # One mark alone shows that there is no load, and a reply may come to the next one at once.
            if len(batch) > 1:
                await asyncio.sleep(GATHER_SECONDS)
        self._flusher = None


async def retry_until_stored(mark: Callable[[], Awaitable[None]]) -> None:
    """Repeat a mark until the database takes it, since a sent message must not be sent again."""
    while True:
        try:
            await mark()
        except UnavailableError as error:
            _log.warning("mark_not_stored", error=describe_error(error))
            await asyncio.sleep(OUTAGE_SECONDS)
        else:
            return
