from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import suppress

import aiohttp
import pytest
import pytest_asyncio
from PIL import Image
from playwright.async_api import Browser, async_playwright
from telegram import Bot, BotCommand

from demo.clock import Clock
from demo.household import add_household
from demo.server import DemoServer, open_demo
from demo.simulation import Simulation
from tests.demo.answers import Answer, Call, Draw
from tests.demo.stage import CHROMIUM, FLAGS, Stage, poll


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
    """Return a function that calls a method with JSON parameters."""

    async def call_method(method: str, **parameters: object) -> Answer:
        url = f"{demo.url}/bot{demo.token}/{method}"
        async with http.post(url, json=parameters) as response:
            return Answer(response.status, await response.json())

    return call_method


@pytest.fixture
def picture() -> Draw:
    """Return a function that draws a picture of a size and format."""

    def draw(width: int = 640, height: int = 480, kind: str = "PNG") -> bytes:
        buffer = io.BytesIO()
        Image.linear_gradient("L").resize((width, height)).convert("RGB").save(buffer, kind)
        return buffer.getvalue()

    return draw


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield launched
        await launched.close()


@pytest_asyncio.fixture(loop_scope="module")
async def stage(browser: Browser) -> AsyncIterator[Stage]:
    simulation = Simulation()
    add_household(simulation)
    async with open_demo(simulation=simulation) as demo:
        bot = Bot(demo.token, base_url=f"{demo.url}/bot", base_file_url=f"{demo.url}/file/bot")
        async with bot:
            await bot.set_my_commands(
                [BotCommand("summary", "Totals"), BotCommand("settings", "Currency and more")]
            )
            polling = asyncio.create_task(poll(bot))
            it = Stage(demo, browser)
            yield it
            for page in it.pages:
                await page.context.close()
            polling.cancel()
            with suppress(asyncio.CancelledError):
                await polling
    assert it.complaints == []
