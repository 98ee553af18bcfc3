"""Run the parts of the process, and stop them in order and in time.

A part (intake, worker, jobs, sender) runs until it is told to stop; then it takes nothing new, ends
what it has in hand, and whatever it cannot end goes back to where it came from. All of it stays
within `STOP_SECONDS`, because a supervisor kills after ten. A part that ends by itself is a bug, so
the process stops in order with exit code 1 and a supervisor starts it again.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import signal
import time
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from bot.ops.errors import describe_error, trace_error
from bot.ops.logs import get_logger
from ledger.errors import InputError, SettingsError
from storage.folders import make_private

STOP_SECONDS = 8.0
LOCK_SECONDS = 0.5

_log = get_logger("bot.ops.lifecycle")


class Part(Protocol):
    """Something that runs until it is told to stop."""

    async def run(self) -> None:
        """Run."""

    async def stop(self, seconds: float) -> None:
        """Take nothing new and end, at most in these seconds."""


@dataclass(slots=True)
class Supervisor:
    """Supervises the parts; `stopped` is set by a signal or by a part that failed."""

    stopped: asyncio.Event = field(default_factory=asyncio.Event)
    failed: bool = False
    _deadline: float | None = None

    def watch_signals(self) -> None:
        """Let SIGTERM and SIGINT end the process in order."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._on_signal, number)

    def seconds_left(self, at_most: float) -> float:
        """Return how long a part may take to stop; the first one asked starts the clock."""
        now = time.monotonic()
        if self._deadline is None:
            # One deadline for all parts: the sum of their own limits may exceed the supervisor's
            # patience.
            self._deadline = now + STOP_SECONDS
        return max(min(at_most, self._deadline - now), 0.1)

    def fail(self, name: str, error: BaseException | None) -> None:
        """Note that a part ended by itself, and end the others in order."""
        described = describe_error(error) if error else "ended"
        trace = trace_error(error) if error else []
        _log.critical("part_failed", part=name, error=described, trace=trace)
        self.failed = True
        self.stopped.set()

    @asynccontextmanager
    async def running(self, part: Part, name: str, *, stop_seconds: float) -> AsyncIterator[None]:
        """Run a part while the block lasts, then let it stop."""
        task = self._start(part.run(), name)
        try:
            yield
        finally:
            await part.stop(self.seconds_left(stop_seconds))
            await _end(task)

    @asynccontextmanager
    async def endless(self, work: Coroutine[Any, Any, None], name: str) -> AsyncIterator[None]:
        """Run something that may be cancelled at any moment while the block lasts."""
        task = self._start(work, name)
        try:
            yield
        finally:
            await _end(task)

    def _start(self, work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
        task = asyncio.create_task(work, name=name)
        task.add_done_callback(lambda done: self._ended(done, name))
        return task

    def _ended(self, task: asyncio.Task[None], name: str) -> None:
        if task.cancelled():
            return
        error = task.exception()
        if error is not None:
            self.fail(name, error)

    def _on_signal(self, number: int) -> None:
        _log.info("stopping", signal=signal.Signals(number).name)
        self.stopped.set()


@asynccontextmanager
async def single_instance(lock: Path) -> AsyncIterator[None]:
    """Wait until no other process holds this lock file, then hold it while the block lasts.

    A SQLite file has one process for each role: a second one, started by mistake or while a new
    release takes over, waits here, not ready, until the first is gone. The kernel lets go of the
    lock when a process dies, however it dies.

    Raises:
        SettingsError: the lock cannot be made where the database shall be.
    """
    try:
        make_private(lock.parent)
        # The file stays after the end: deleting it would let two processes lock two files of one
        # name.
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError:
        remedy = f"{lock.parent} is no folder that we may write to"
        raise SettingsError("setting_wrong", name="DATABASE_URL", remedy=remedy) from None
    try:
        said = False
        while not _try_lock(descriptor):
            if not said:
                _log.warning("waiting_for_other_process", lock=lock.name)
                said = True
            await asyncio.sleep(LOCK_SECONDS)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def locked_out(lock: Path) -> Iterator[None]:
    """Keep the process of a role from starting while the block lasts.

    Raises:
        InputError: it is running (`bot_runs`).
    """
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if not _try_lock(descriptor):
            raise InputError("bot_runs", remedy="stop the bot first")
        yield
    finally:
        os.close(descriptor)


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError, Exception):
        await task
