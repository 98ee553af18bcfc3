"""Secrets are exchanged by the operator's guide, word by word, while people write (P08)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest

from bench.faults.program import Program
from demo.server import DemoServer, open_demo
from storage.migrations import migrate
from tests.conversations.conftest import Talk

START_SECONDS = 300.0
"""A start that other tests share the machine with may take a minute."""
SECOND_TOKEN = "7000000001:the-second-token-of-this-bot-0000001"  # opens nothing
NAMES = ("rotated_first", "rotated_second")


@dataclass(slots=True)
class Rotation:
    """A program over one database, and the person who writes all the while."""

    program: Program
    talk: Talk

    async def exchange(self, **settings: str) -> None:
        """Say something, restart with new settings, and see that everything is booked once."""
        await self.say_at_start("coffee 4.50")
        self.talk.sim.say(self.talk.person, self.talk.chat, "tea 3.20")
        stopped = await asyncio.to_thread(self.program.stop)
        assert stopped.code == 0
        self.talk.sim.say(self.talk.person, self.talk.chat, "bread 2.10")
        self.program.start(**settings)
        # Said before, during and after the pause; one may have been answered before it.
        await self.talk.sim.until(self._are_all_answered, what="the answers", timeout=START_SECONDS)
        self.talk.chat.unread.clear()
        listed = (await self.talk.say("/list")).text
        assert [listed.count(word) for word in ("coffee", "tea", "bread")] == [1, 1, 1], listed

    async def say_at_start(self, text: str) -> None:
        """Say something to a program that may still be starting."""
        self.talk.sim.say(self.talk.person, self.talk.chat, text)
        await self.talk.hear(START_SECONDS)

    def _are_all_answered(self) -> bool:
        said = " ".join(one.text for one in self.talk.chat.unread)
        return "bread" in said


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    """A program that is not started yet."""
    built = Program(tmp_path, {})
    yield built
    if built.process is not None:
        built.stop()


async def _begin(program: Program, demo: DemoServer, database_url: str) -> Rotation:
    program.environment |= {
        "TELEGRAM_BOT_TOKEN": demo.token,
        "TELEGRAM_API_URL": demo.url,
        "DATABASE_URL": database_url,
    }
    program.start()
    sim = demo.simulation
    ann = sim.add_user("Ann", language_code="en")
    return Rotation(program, Talk(sim, ann, sim.private_chat(ann)))


async def test_p08_a_revoked_bot_token_loses_nothing(program: Program, sqlite_url: str) -> None:
    async with open_demo() as demo:
        rotation = await _begin(program, demo, sqlite_url)
        await rotation.say_at_start("milk 1.10")
        # `/revoke`: from here on the old one is refused, also while the bot still has it.
        demo.simulation.telegram.token = SECOND_TOKEN
        demo.simulation.say(rotation.talk.person, rotation.talk.chat, "salt 0.90")
        await asyncio.to_thread(program.stop)
        program.start(TELEGRAM_BOT_TOKEN=SECOND_TOKEN)
        assert "salt" in (await rotation.talk.hear(START_SECONDS)).text
        listed = (await rotation.talk.say("/list")).text
        assert [listed.count(word) for word in ("milk", "salt")] == [1, 1], listed
        program.stop()
    log = (program.folder / "log").read_text()
    assert demo.token.partition(":")[2] not in log
    assert SECOND_TOKEN.partition(":")[2] not in log


@pytest.mark.external
async def test_p08_a_second_user_of_the_database_takes_over_from_the_first(
    program: Program, postgres_server: str
) -> None:
    first, second = (_as_user(postgres_server + "rotated", name) for name in NAMES)
    admin = await asyncpg.connect(postgres_server + "postgres")
    await admin.execute(f"CREATE ROLE {NAMES[0]} LOGIN")
    await admin.execute(f"CREATE DATABASE rotated OWNER {NAMES[0]}")
    owner = await asyncpg.connect(postgres_server + "rotated")
    try:
        async with open_demo() as demo:
            await migrate(first)
            rotation = await _begin(program, demo, first)
            await owner.execute(f"CREATE ROLE {NAMES[1]} LOGIN IN ROLE {NAMES[0]}")
            await rotation.exchange(DATABASE_URL=second)
            for line in _read_guide():
                await owner.execute(line)
            refused = asyncpg.InvalidAuthorizationSpecificationError
            with pytest.raises(refused):
                await asyncpg.connect(first)
            assert "sugar" in (await rotation.talk.say("sugar 1.30")).text
            # The second user owns the tables now, so it can move the schema too.
            await asyncio.to_thread(program.stop)
            await migrate(second)
    finally:
        await owner.close()
        await admin.execute("DROP DATABASE IF EXISTS rotated WITH (FORCE)")
        for name in NAMES:
            await admin.execute(f"DROP ROLE IF EXISTS {name}")
        await admin.close()


def _as_user(url: str, name: str) -> str:
    parts = urlsplit(url)
    host = (parts.netloc.rpartition("@")[2]) or "127.0.0.1"
    return urlunsplit(parts._replace(netloc=f"{name}@{host}"))


def _read_guide() -> list[str]:
    """Return the statements by which the guide drops the first user."""
    guide = (Path(__file__).parents[2] / "docs" / "operating.md").read_text()
    row = next(line for line in guide.splitlines() if line.startswith("| `DATABASE_URL` |"))
    told = next(part for part in row.split("`") if part.startswith("REASSIGN"))
    return [
        one.strip().replace("first", NAMES[0]).replace("second", NAMES[1])
        for one in told.split(";")
        if one.strip()
    ]
