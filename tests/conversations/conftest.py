"""One real process behind a real Bot API server for all conversations; each has chats of its own."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import sys
import time
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio

from bench.free_ports import free_port
from demo.botapi.world import Chat, Message, User
from demo.clock import Clock
from demo.server import DemoServer, open_demo
from demo.simulation import Simulation

ROOT = Path(__file__).resolve().parents[2]
START = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
"""The time at which every conversation begins, whatever the time of the run: a Wednesday morning, when nothing
is due, no day ends and the rates that the package brings are fresh."""
START_SECONDS = 60.0
ANSWER_SECONDS = 60.0
IMPORT_SECONDS = 90.0
READ_SECONDS = 90.0
"""A first receipt loads the reader's models, on a machine that other tests share."""


@dataclass(slots=True)
class Talk:
    """A person in a chat; what a test says and what it hears."""

    sim: Simulation
    person: User
    chat: Chat

    async def say(self, text: str, *, reply_to: Message | None = None) -> Message:
        """Say something and return the bot's next message."""
        self.sim.say(self.person, self.chat, text, reply_to=reply_to)
        return await self.hear()

    async def hear(self, seconds: float = ANSWER_SECONDS) -> Message:
        """Return the bot's next message in this chat."""
        (message,) = await self.sim.answers(self.chat, timeout=seconds)
        return message

    async def press(self, message: Message, label: str) -> Message:
        """Press the button whose label holds this text; return the message as edited."""
        button = next(found for found in message.labels if label in found)
        self.sim.press(self.person, message, button)
        return await self.sim.edit_of(message)

    async def press_for_message(self, message: Message, label: str) -> Message:
        """Press a button; return the message of its own that answers it."""
        self.sim.press(self.person, message, label)
        return await self.hear()

    async def silence(self) -> None:
        """See to it that nothing more is said."""
        await self.sim.quiet(0.5)
        assert not self.chat.unread


async def rates_known(talk: Talk) -> None:
    """Wait until the history of rates, which is imported behind the start, is there."""
    end = time.monotonic() + IMPORT_SECONDS
    while "published" not in (await talk.say("/rate USD")).text:
        assert time.monotonic() < end, "the history was not imported"
        await asyncio.sleep(0.2)


async def list_files_with(folder: Path, secret: bytes) -> list[str]:
    """Return the files that go on holding a secret; a message loses its text a commit after it is sent."""
    end = time.monotonic() + ANSWER_SECONDS
    with closing(sqlite3.connect(folder / "kvitto.db")) as database:
        while True:
            # The older pages of the database stay until the log ahead of it is moved there.
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            found = _search_files(folder, secret)
            if not found or time.monotonic() > end:
                return found
            await asyncio.sleep(0.1)


def _search_files(folder: Path, secret: bytes) -> list[str]:
    files = [file for file in folder.rglob("*") if file.is_file()]
    return [file.name for file in files if secret in file.read_bytes()]


async def start(demo: DemoServer, folder: Path) -> asyncio.subprocess.Process:
    """Start the program by the clock of the simulation, and wait until it is there."""
    sim, port = demo.simulation, free_port()
    environment = {
        **os.environ,
        "TELEGRAM_BOT_TOKEN": demo.token,
        "TELEGRAM_API_URL": demo.url,
        "TELEGRAM_PACING": "off",
        "DATABASE_URL": f"sqlite:///{folder}/kvitto.db",
        "RECEIPT_STORE": str(folder / "receipts"),
        "HTTP_PORT": str(port),
        "LOG_FORMAT": "json",
        "LOG_LEVEL": "DEBUG",
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
    }
    known, shift = len(sim.requests("getMe")), str(sim.clock.shift.total_seconds())
    with (folder / "log").open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bench.moved_clock", shift, "run",
            cwd=ROOT, env=environment, stderr=log,
        )  # fmt: skip
    try:
        await sim.until(
            lambda: len(sim.requests("getMe")) > known, what="the bot", timeout=START_SECONDS
        )
    except TimeoutError:
        process.kill()
        raise
    return process


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with database, receipts and log of the running bot."""
    return tmp_path_factory.mktemp("conversations")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def simulation(installation: Path) -> AsyncIterator[Simulation]:
    """A Bot API server with the bot on it."""
    simulation = Simulation(clock=Clock(START))
    async with open_demo(simulation=simulation) as demo:
        process = await start(demo, installation)
        try:
            yield simulation
            # Whatever was said in any conversation, Telegram refused none of it (I06), apart from
            # an edit that changes nothing, which is harmless (F06).
            refused = simulation.refusals()
            harmless = ("upgraded", "message is not modified")
            assert not [what for what in refused if not any(h in what for h in harmless)]
        finally:
            process.terminate()
            assert await process.wait() == 0
        logged = (installation / "log").read_text()
        assert "Traceback" not in logged
        # Whatever was logged, and at DEBUG, it was no part of the token (P01).
        assert demo.token.partition(":")[2] not in logged


@pytest.fixture
def ann(simulation: Simulation) -> Talk:
    """Ann in her private chat."""
    person = simulation.add_user("Ann", language_code="en")
    return Talk(simulation, person, simulation.private_chat(person))


@pytest_asyncio.fixture(loop_scope="session")
async def household(simulation: Simulation) -> tuple[Talk, Talk]:
    """Mia, who owns a group, and Jonas, who is in it; the bot has greeted them."""
    mia, jonas = (simulation.add_user(name, language_code="en") for name in ("Mia", "Jonas"))
    group = simulation.add_group("Household", [mia, jonas])
    talk = Talk(simulation, mia, group)
    await talk.hear()
    return talk, Talk(simulation, jonas, group)
