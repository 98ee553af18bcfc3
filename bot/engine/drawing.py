"""Draw pictures in a process of its own, because the renderer holds the interpreter.

The process is started by the first picture and ends with the program. A second one helps while pictures
wait: when the summaries of all chats are due at once, one process draws fewer than Telegram would take.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from threading import Thread

from ledger.errors import UnavailableError
from ports.messages import Json

PICTURES_PER_PROCESS = 500
"""After so many the process is renewed."""

PROCESSES_MAX = 2
WAITING_MAX = 3
"""Pictures at work and waiting for which one process is enough: to start another costs as much as five."""
SPARE_SECONDS = 30.0
"""Seconds without a picture after which the second process ends."""

PARENT_SECONDS = 2.0
"""Seconds until the process notices that ours was killed."""

Draw = Callable[[str, Mapping[str, Json]], Awaitable[bytes]]


@dataclass(slots=True)
class PictureProcess:
    """The process, once there was a picture to draw."""

    pool: ProcessPoolExecutor | None = None
    waiting: int = 0
    """Pictures that it draws or that wait for it."""
    drawn: int = 0

    async def draw(self, name: str, values: Mapping[str, Json]) -> bytes:
        """Draw the named picture.

        Raises:
            UnavailableError: the process died; the next picture starts another.
        """
        if self.pool is None:
            # Forking a process that has threads is not safe; this one starts from nothing.
            self.pool = ProcessPoolExecutor(
                max_workers=1,
                mp_context=multiprocessing.get_context("spawn"),
                max_tasks_per_child=PICTURES_PER_PROCESS,
                initializer=_begin,
                initargs=(os.getpid(),),
            )
        self.waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self.pool, _draw, name, values)
        except BrokenProcessPool as error:
            self.close()
            raise UnavailableError("drawing") from error
        finally:
            self.waiting -= 1
            self.drawn += 1

    def close(self) -> None:
        """Let the process go."""
        if self.pool is not None:
            self.pool.shutdown(wait=False, cancel_futures=True)
            self.pool = None


@dataclass(slots=True)
class PictureProcesses:
    """One process, and another one while many pictures wait."""

    build: Callable[[], PictureProcess] = PictureProcess
    spare_seconds: float = SPARE_SECONDS
    processes: list[PictureProcess] = field(init=False)

    def __post_init__(self) -> None:
        """Have the first process, which its first picture starts."""
        self.processes = [self.build()]

    async def draw(self, name: str, values: Mapping[str, Json]) -> bytes:
        """Draw the named picture where the fewest wait; otherwise as `PictureProcess.draw`."""
        process = min(self.processes, key=lambda each: each.waiting)
        if process.waiting >= WAITING_MAX and len(self.processes) < PROCESSES_MAX:
            process = self.build()
            self.processes.append(process)
        try:
            return await process.draw(name, values)
        finally:
            if process is not self.processes[0]:
                loop = asyncio.get_running_loop()
                loop.call_later(self.spare_seconds, self._end_spare, process, process.drawn)

    def _end_spare(self, process: PictureProcess, drawn: int) -> None:
        """End a process that drew nothing since, and draws nothing now."""
        if process.drawn == drawn and not process.waiting and process in self.processes:
            self.processes.remove(process)
            process.close()

    def close(self) -> None:
        """Let all processes go."""
        for process in self.processes:
            process.close()


@asynccontextmanager
async def open_drawing() -> AsyncIterator[Draw]:
    """Yield the drawing of a named picture with its values to a PNG."""
    easel = PictureProcesses()
    try:
        yield easel.draw
    finally:
        easel.close()


def _begin(parent: int) -> None:
    """Prepare the other process, which ends with ours, however ours ends."""
    # Ctrl+C reaches every process of the terminal; ours ends this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(PARENT_SECONDS)
    os._exit(0)


def _draw(name: str, values: Mapping[str, Json]) -> bytes:
    """Draw; runs in the other process."""
    from presentation.pictures import draw  # noqa: PLC0415  # only the process that draws loads it

    picture: bytes = draw(name, dict(values))
    return picture
