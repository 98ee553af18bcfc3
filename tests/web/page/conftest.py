"""One dashboard for the tests that only look, and a fresh one for those that change something."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from storage import open_database
from tests.web.page.stage import Stage, fill, open_stage


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path
) -> AsyncIterator[Stage]:
    """A dashboard of a group with some entries; every test of a module shares it."""
    folder = tmp_path_factory.mktemp("page")
    shutil.copy(sqlite_template, folder / "kvitto.db")
    async with (
        open_database(f"sqlite:///{folder}/kvitto.db") as database,
        open_stage(database, folder / "receipts") as shown,
    ):
        await fill(shown)
        yield shown
