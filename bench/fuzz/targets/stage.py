"""The real handlers and services over a SQLite file of their own, for targets that need a ledger."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any, TypeVar

from storage import open_database
from storage.migrations import migrate
from tests.handlers.stage import Stage, open_stage

T = TypeVar("T")


@dataclass(slots=True)
class _Shared:
    """What the targets share; the database has threads that must be ended before the process."""

    loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    stack: AsyncExitStack = field(default_factory=AsyncExitStack)
    stage: Stage | None = None


_shared = _Shared()


def open_once() -> Stage:
    """Return the stage, which is opened by the first call."""
    if _shared.stage is None:
        _shared.stage = run(_open())
    return _shared.stage


def close() -> None:
    """Close what was opened."""
    _shared.stage = None
    run(_shared.stack.aclose())


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run something on the stage's loop."""
    return _shared.loop.run_until_complete(work)


async def _open() -> Stage:
    folder = _shared.stack.enter_context(tempfile.TemporaryDirectory())
    url = f"sqlite:///{folder}/fuzz.db"
    await migrate(url)
    database = await _shared.stack.enter_async_context(open_database(url))
    return await _shared.stack.enter_async_context(open_stage(database))
