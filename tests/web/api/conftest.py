"""The API is tried over the real database, of either kind."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage import Database, open_database
from tests.web.api.stage import ApiStage, open_stage


@pytest.fixture
async def anywhere(database: Database, tmp_path: Path) -> AsyncIterator[ApiStage]:
    """A client of the API over a database of either kind, for what the database decides."""
    async with open_stage(database, tmp_path / "receipts") as stage:
        yield stage


@pytest.fixture
async def api(sqlite_url: str, tmp_path: Path) -> AsyncIterator[ApiStage]:
    """A client of the API over SQLite."""
    async with (
        open_database(sqlite_url) as database,
        open_stage(database, tmp_path / "receipts") as stage,
    ):
        yield stage
