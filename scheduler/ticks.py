"""Run a few intervals that ask for due rows; no chat has a timer of its own.

APScheduler only ticks. Several processes may tick side by side: what is due is claimed by a unique
key in the database, so nothing happens twice. A tick that takes longer than its interval is not
started again meanwhile, and ticks that were missed become one.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

TICK_SECONDS = 300.0
"""After which a tick is cancelled; its unit rolls back, and the next tick tries again."""

_log = logging.getLogger("scheduler.ticks")


@dataclass(frozen=True, slots=True)
class Tick:
    """A call every so many seconds, the first one `after_seconds` from the start."""

    name: str
    every_seconds: float
    run: Callable[[datetime], Awaitable[None]]
    after_seconds: float = 1.0


@asynccontextmanager
async def open_ticks(ticks: Sequence[Tick], clock: Callable[[], datetime]) -> AsyncIterator[None]:
    """Tick until the block ends; a tick under way is cancelled, and its unit rolls back.

    Intervals follow the machine's clock; each tick gets `clock()` as its now.
    """
    scheduler = AsyncIOScheduler(timezone=UTC)
    start = datetime.now(UTC)
    for tick in ticks:
        scheduler.add_job(
            run_guarded,
            "interval",
            args=(tick, clock),
            id=tick.name,
            seconds=tick.every_seconds,
            next_run_time=start + timedelta(seconds=tick.after_seconds),
            max_instances=1,
            coalesce=True,
            # However late a tick is, it runs: rows decide what is due, so a late one does the right
            # work.
            misfire_grace_time=None,
        )
    scheduler.start()
    try:
        yield
    finally:
        # A tick under way is cancelled instead of waited for, as its unit rolls back by itself.
        scheduler.shutdown(wait=False)


async def run_guarded(tick: Tick, clock: Callable[[], datetime]) -> None:
    """Run a tick; its failure is logged and the next tick tries again."""
    try:
        async with asyncio.timeout(TICK_SECONDS):
            await tick.run(clock())
    except asyncio.CancelledError:
        # The stop cancels a tick under way; the scheduler would log that as an error.
        _log.debug("tick %s stopped", tick.name)
    except Exception as error:  # noqa: BLE001  # a tick must not end the ticking
        _log.error("tick %s failed", tick.name, exc_info=error)
