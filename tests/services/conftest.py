"""Services are tried over the real database, of either kind."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from datetime import UTC, datetime
from typing import Any, TypeVar

import pytest

from ports.repositories import Repositories
from storage import Database

T = TypeVar("T")

WRITTEN_AT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
"""The time of a unit's own rows; services are told theirs."""


@pytest.fixture
def run(database: Database) -> Callable[[Callable[[Repositories], Any]], Awaitable[Any]]:
    """Run plain code in a unit of its own, committed; units of one partition wait for each other."""

    locks: dict[int | None, asyncio.Lock] = {}

    async def run_work(work: Callable[[Repositories], T], *, partition: int | None = None) -> T:
        lock = locks.setdefault(partition, asyncio.Lock()) if partition else nullcontext()
        async with lock, database.units.open(now=WRITTEN_AT) as unit:
            return await unit.run(work)

    return run_work
