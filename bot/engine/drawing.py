"""Draw pictures in a process of its own, because the renderer holds the interpreter.

The process is started by the first picture and ends with the program.
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
from dataclasses import dataclass
from threading import Thread

from ledger.errors import UnavailableError
from ports.messages import Json

PICTURES_PER_PROCESS = 500
"""After so many the process is renewed."""

PARENT_SECONDS = 2.0
"""Seconds until the process notices that ours was killed."""

Draw = Callable[[str, Mapping[str, Json]], Awaitable[bytes]]


@dataclass(slots=True)
class PictureProcess:
    """The process, once there was a picture to draw."""

    pool: ProcessPoolExecutor | None = None

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
        try:
            return await asyncio.get_running_loop().run_in_executor(self.pool, _draw, name, values)
        except BrokenProcessPool as error:
            self.close()
            raise UnavailableError("drawing") from error

    def close(self) -> None:
        """Let the process go."""
        if self.pool is not None:
            self.pool.shutdown(wait=False, cancel_futures=True)
            self.pool = None


@asynccontextmanager
async def open_drawing() -> AsyncIterator[Draw]:
    """Yield the drawing of a named picture with its values to a PNG."""
    easel = PictureProcess()
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
