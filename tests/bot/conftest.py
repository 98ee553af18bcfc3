"""A Bot API server of our own for every test that talks to Telegram."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from demo.server import DemoServer, open_demo


@pytest.fixture
async def demo() -> AsyncIterator[DemoServer]:
    async with open_demo() as server:
        yield server
