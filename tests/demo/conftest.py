from __future__ import annotations

import io
from collections.abc import AsyncIterator

import aiohttp
import pytest
from PIL import Image

from demo.clock import Clock
from demo.server import DemoServer, open_demo
from demo.simulation import Simulation
from tests.demo.answers import Answer, Call, Draw


@pytest.fixture
async def demo() -> AsyncIterator[DemoServer]:
    async with open_demo(simulation=Simulation(clock=Clock()), webhook_backoff_seconds=0.05) as it:
        yield it


@pytest.fixture
def sim(demo: DemoServer) -> Simulation:
    return demo.simulation


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def call(demo: DemoServer, http: aiohttp.ClientSession) -> Call:
    """Call a method with JSON parameters."""

    async def call_method(method: str, **parameters: object) -> Answer:
        url = f"{demo.url}/bot{demo.token}/{method}"
        async with http.post(url, json=parameters) as response:
            return Answer(response.status, await response.json())

    return call_method


@pytest.fixture
def picture() -> Draw:
    """A picture of a size and format."""

    def draw(width: int = 640, height: int = 480, kind: str = "PNG") -> bytes:
        buffer = io.BytesIO()
        Image.linear_gradient("L").resize((width, height)).convert("RGB").save(buffer, kind)
        return buffer.getvalue()

    return draw
