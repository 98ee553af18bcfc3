"""Services are tried over the real database, of either kind."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

import pytest

from ledger.errors import LaneBusyError
from ports.repositories import Repositories
from storage import Database

T = TypeVar("T")

WRITTEN_AT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
"""The time of a unit's own rows; services are told theirs."""


@pytest.fixture
def run(database: Database) -> Callable[[Callable[[Repositories], Any]], Awaitable[Any]]:
    """Run plain code in a unit of its own, committed; units of one lane wait for each other."""

    async def run_work(work: Callable[[Repositories], T], *, lane: int | None = None) -> T:
        while True:
            try:
                async with database.units.open(now=WRITTEN_AT, lane=lane) as unit:
                    return await unit.run(work)
            except LaneBusyError:
                await asyncio.sleep(0.01)

    return run_work
