"""Draws pictures in a process beside ours: the renderer holds the interpreter while it works.

The process is started by the first picture and ends with the program.
"""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import asynccontextmanager

from ledger.errors import UnavailableError
from ports.messages import Json

PICTURES_PER_PROCESS = 500
"""After so many the process is renewed."""


@asynccontextmanager
async def open_drawing() -> AsyncIterator[Callable[[str, Mapping[str, Json]], Awaitable[bytes]]]:
    """Yield the drawing of a named picture with its values to a PNG."""
    # Forking a process that has threads is not safe; this one starts from nothing.
    spawn = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(
        max_workers=1, mp_context=spawn, max_tasks_per_child=PICTURES_PER_PROCESS
    )

    async def draw(name: str, values: Mapping[str, Json]) -> bytes:
        nonlocal pool
        try:
            return await asyncio.get_running_loop().run_in_executor(pool, _draw, name, values)
        except BrokenProcessPool as error:
            pool.shutdown(wait=False)
            pool = ProcessPoolExecutor(
                max_workers=1, mp_context=spawn, max_tasks_per_child=PICTURES_PER_PROCESS
            )
            raise UnavailableError("drawing") from error

    try:
        yield draw
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _draw(name: str, values: Mapping[str, Json]) -> bytes:
    """Draw; runs in the other process."""
    from looks.pictures import draw  # noqa: PLC0415  # only the process that draws loads it

    picture: bytes = draw(name, dict(values))
    return picture
