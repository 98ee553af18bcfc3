"""A stage on an empty SQLite database: handlers are the same on every database."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from storage import open_database
from tests.handlers.stage import Stage, open_stage


@pytest.fixture
async def stage(sqlite_url: str) -> AsyncIterator[Stage]:
    async with open_database(sqlite_url) as database, open_stage(database) as opened:
        yield opened
