"""A Bot API server of our own for every test that talks to Telegram; logs as they were before a test."""

from __future__ import annotations

import logging
import sys
from collections.abc import AsyncIterator, Iterator

import pytest
import structlog

from demo.server import DemoServer, open_demo


@pytest.fixture
async def demo() -> AsyncIterator[DemoServer]:
    async with open_demo() as server:
        yield server


@pytest.fixture
def restored_logs() -> Iterator[None]:
    """See to it that later tests do not log to the streams of one that called `open_logs`."""
    root = logging.getLogger()
    handlers, level, hook = root.handlers[:], root.level, sys.excepthook
    yield
    root.handlers[:], root.level, sys.excepthook = handlers, level, hook
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()
