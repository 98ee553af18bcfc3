"""Write batches of a long import so that people who type meanwhile hardly notice."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from ports.queue import Job
from ports.repositories import Repositories
from ports.units import UnitOfWorkFactory

T = TypeVar("T")

WAITED_SECONDS = 0.002
"""A batch that waited longer for the writer or for the event loop was not alone."""
PAUSE_SECONDS_MAX = 0.05


async def write_in_turn(
    units: UnitOfWorkFactory, work: Callable[[Repositories], T], claim: Job
) -> T:
    """Write one batch; where others write too, rest as long as it took.

    An answer is several short units, and each would wait for a batch if they followed each other
    without a gap. An import that is alone never rests.
    """
    loop = asyncio.get_running_loop()
    asked = began = loop.time()

    def work_timed(repositories: Repositories) -> T:
        nonlocal began
        began = loop.time()
        return work(repositories)

    done = await units.write(work_timed, claim=claim)
    ended = loop.time()
    await asyncio.sleep(0)
    if max(began - asked, loop.time() - ended) > WAITED_SECONDS:
        await asyncio.sleep(min(ended - began, PAUSE_SECONDS_MAX))
    return done
