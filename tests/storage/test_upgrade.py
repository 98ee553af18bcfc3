"""A database of the first release becomes today's: nothing is lost, and what was under way goes on.

Everything is compared by what the program says, in exports and in chats, never by a column's name:
the test stays true when the schema changes. `bench.upgrade.first_release` describes the database.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path

import pytest

from bench.faults.program import Program
from bench.upgrade.first_release import (
    AFTER_SUNDAY,
    AFTER_THE_FIRST,
    ANA,
    CHATS,
    HOUSEHOLD,
    JONAS,
    MIA,
    TRIP,
    Export,
    load,
    pack_backup,
    read_before,
    restore_telegram,
    totals,
)
from bot.__main__ import main
from demo.botapi.world import Message, User
from demo.server import open_demo
from demo.simulation import Simulation
from storage import open_database
from storage.backup import restore_backup
from storage.blobs.disk import DiskBlobs
from storage.migrations import HEAD, find_schema, migrate
from tests.storage.test_migrations import empty_database

START_SECONDS = 60.0
READ_SECONDS = 90.0
STOP_SECONDS = 60.0
"""Of a machine that may stand still for a while; how soon a stop ends is tested elsewhere."""
_numbers = count()

COMPARED = ("date", "type", "amount", "currency", "category", "merchant", "note", "tags", "paid_by")
"""Columns of an exported entry that a person reads; others may come or change."""


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.external)])
def first_release(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> str:
    """URL of the first release's database; the environment is that of its program."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'kvitto.db'}"
    else:
        server: str = request.getfixturevalue("postgres_server")
        url = asyncio.run(empty_database(server, f"upgrade_{next(_numbers)}"))
    load(url, tmp_path / "receipts")
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("RECEIPT_STORE", str(tmp_path / "receipts"))
    return url


def export(chat_id: int, folder: Path) -> Export:
    """Export a chat's ledger as `kvitto export` does."""
    path = folder / f"{chat_id}.json"
    path.unlink(missing_ok=True)
    assert main(["export", str(chat_id), "--format", "json", "--out", str(path)]) == 0
    exported: Export = json.loads(path.read_text())
    return exported


def entries(exported: Export) -> dict[str, dict[str, object]]:
    """Return the exported entries by id, as far as people read them."""
    return {entry["id"]: {name: entry[name] for name in COMPARED} for entry in exported["entries"]}


def budgets(exported: Export) -> set[tuple[str, str, str, int]]:
    """Return the exported budgets."""
    return {(b["scope"], b["per"], b["currency"], b["limit_minor"]) for b in exported["budgets"]}


def corrections(exported: Export) -> set[tuple[str, str]]:
    """Return the exported corrections: what was corrected, and the category."""
    return {(found["key"], found["category"]) for found in exported["corrections"]}


def test_nothing_is_lost_and_every_total_is_equal(first_release: str, tmp_path: Path) -> None:
    asyncio.run(migrate(first_release))
    assert asyncio.run(find_schema(first_release)) == HEAD
    for chat_id, before in read_before().items():
        after = export(chat_id, tmp_path)
        assert entries(after) == entries(before)
        assert totals(after) == totals(before)
        assert budgets(after) == budgets(before)
        assert corrections(after) == corrections(before)
        assert after["settings"].items() >= before["settings"].items()
        assert {member["name"] for member in after["members"]} == {
            member["name"] for member in before["members"]
        }


def test_the_upgraded_ledger_has_no_damage(
    first_release: str, capsys: pytest.CaptureFixture[str]
) -> None:
    asyncio.run(migrate(first_release))
    code = main(["check", "--ledger"])
    assert code == 0, capsys.readouterr().out


@dataclass(slots=True)
class Installation:
    """The upgraded program on a Bot API server that knows what the first release's knew."""

    sim: Simulation
    program: Program

    @asynccontextmanager
    async def running(self, at: datetime) -> AsyncIterator[None]:
        """Run the program at a time until nothing is left to do."""
        self.sim.clock.set(at)
        self.program.shift_seconds = self.sim.clock.shift.total_seconds()
        starts = len(self.sim.requests("getMe"))
        self.program.start()
        await self.sim.until(
            lambda: len(self.sim.requests("getMe")) > starts, what="start", timeout=START_SECONDS
        )
        try:
            yield
        finally:
            stopped = await asyncio.to_thread(self.program.stop)
        assert stopped.code == 0

    def sent_since(self, chat_id: int, message_id: int) -> list[Message]:
        """Return the bot's messages of a chat after a message."""
        return [m for m in self.sim.sent(self.sim.chat(chat_id)) if m.message_id > message_id]

    def find(self, chat_id: int, words: str) -> Message:
        """Return the oldest message of the bot with these words in it or on its buttons."""
        sent = self.sim.sent(self.sim.chat(chat_id))
        found = [m for m in sent if words in " ".join((m.text, *m.labels))]
        assert found, words
        return found[0]

    async def say(
        self, user: User, chat_id: int, text: str, reply_to: Message | None = None
    ) -> Message:
        """Say something and return the answer."""
        chat = self.sim.chat(chat_id)
        chat.unread.clear()
        self.sim.say(user, chat, text, reply_to=reply_to)
        (answer,) = await self.sim.answers(chat, timeout=START_SECONDS)
        return answer

    async def press(self, user: User, message: Message, label: str) -> Message:
        """Press a button and return the message as edited."""
        self.sim.press(user, message, label)
        return await self.sim.edit_of(message, timeout=START_SECONDS)


@pytest.fixture
async def installation(first_release: str, tmp_path: Path) -> AsyncIterator[Installation]:
    """The program as it is before its first start after the upgrade."""
    async with open_demo() as demo:
        restore_telegram(demo.simulation)
        environment = {
            "TELEGRAM_BOT_TOKEN": demo.token,
            "TELEGRAM_API_URL": demo.url,
            "DATABASE_URL": first_release,
            "DEFAULT_TIMEZONE": "Europe/Berlin",
        }
        program = Program(tmp_path, environment, stop_seconds=STOP_SECONDS)
        yield Installation(demo.simulation, program)
        assert b"Traceback" not in (tmp_path / "log").read_bytes()


@pytest.mark.external
async def test_what_was_under_way_goes_on_and_old_messages_still_act(
    installation: Installation, tmp_path: Path
) -> None:
    sim = installation.sim
    mia, jonas = sim.user(MIA), sim.user(JONAS)
    last_ids = {chat_id: max(sim.chat(chat_id).history, default=0) for chat_id in CHATS}

    def news(chat_id: int, words: str) -> int:
        sent = installation.sent_since(chat_id, last_ids[chat_id])
        # A weekly summary may name an entry too, as what stood out.
        return sum(words in m.text for m in sent if WEEK not in m.text)

    async with installation.running(AFTER_SUNDAY):
        await sim.until(
            lambda: news(MIA, "PAPETERIE") and news(HOUSEHOLD, "sponge"),
            what="the jobs and updates that were left over",
            timeout=READ_SECONDS,
        )
        await sim.quiet(2.0, timeout=START_SECONDS)
        # Unsent messages, unread updates, taken jobs, and due summaries: each exactly once.
        for chat_id, words in (
            (MIA, "honey"),
            (MIA, "plums"),
            (MIA, "October 2026"),
            (MIA, "PAPETERIE"),
            (HOUSEHOLD, "candles"),
            (HOUSEHOLD, "sponge"),
        ):
            assert news(chat_id, words) == 1, (chat_id, words)
        drawn = next(
            m for m in installation.sent_since(MIA, last_ids[MIA]) if "October 2026" in m.text
        )
        assert drawn.media == "photo"
        pushed = {chat_id: _summaries(installation, chat_id, last_ids) for chat_id in CHATS}
        assert pushed == {MIA: 1, HOUSEHOLD: 1, TRIP: 0, ANA: 0}
        await _old_messages_act(installation, mia, jonas)
        await sim.quiet(2.0, timeout=START_SECONDS)
    await _months_end(installation)
    await asyncio.to_thread(_compare_ledgers, tmp_path)


def _summaries(installation: Installation, chat_id: int, last_ids: dict[int, int]) -> int:
    """Count the weekly summaries in a chat."""
    found = installation.sent_since(chat_id, last_ids[chat_id])
    return sum(WEEK in m.text for m in found)


async def _old_messages_act(installation: Installation, mia: User, jonas: User) -> None:
    """Answer open questions, press an old button, and undo a change of weeks ago."""
    gloves = installation.find(MIA, "gloves")
    settled = await installation.press(mia, gloves, "gloves scarf 8")
    assert "gloves" in settled.text
    coat = installation.find(MIA, "coat")
    booked = await installation.say(mia, MIA, "80", reply_to=coat)
    assert "80.00" in booked.text
    doubtful = installation.find(MIA, "CENTRALE")
    assert "24.00" in (await installation.press(mia, doubtful, "24.00")).text
    coffee = installation.find(MIA, "€3.80")
    assert "coffee" in (await installation.press(mia, coffee, "Delete")).text
    undone = await installation.say(jonas, TRIP, "/undo")
    assert "museum" in undone.text


async def _months_end(installation: Installation) -> None:
    """See November summed up once in each chat, and nothing said twice by the next start."""
    sim = installation.sim
    for expected in ({MIA: 1, HOUSEHOLD: 1, TRIP: 1, ANA: 0}, dict.fromkeys(CHATS, 0)):
        last = {chat_id: max(sim.chat(chat_id).history, default=0) for chat_id in CHATS}

        def said(last: dict[int, int] = last) -> dict[int, int]:
            return {c: len(installation.sent_since(c, last[c])) for c in CHATS}

        polls = len(sim.requests("getUpdates"))
        async with installation.running(AFTER_THE_FIRST):
            await sim.until(
                lambda expected=expected, said=said: all(  # type: ignore[misc]
                    said()[chat_id] >= count for chat_id, count in expected.items()
                ),
                what="the summaries of November",
                timeout=READ_SECONDS,
            )
            # Where nothing may come, the program must at least have polled; polls raise no event.
            async with asyncio.timeout(READ_SECONDS):
                while len(sim.requests("getUpdates")) <= polls:  # noqa: ASYNC110 - as above
                    await asyncio.sleep(0.1)
            await sim.quiet(2.0, timeout=START_SECONDS)
        assert said() == expected


def _compare_ledgers(folder: Path) -> None:
    """Compare every ledger with what it held before and what was done since."""
    for chat_id, before in read_before().items():
        then, now = entries(before), entries(export(chat_id, folder))
        new = sorted(str(now[entry_id]["note"]) for entry_id in now.keys() - then.keys())
        gone = sorted(str(then[entry_id]["note"]) for entry_id in then.keys() - now.keys())
        assert (new, gone) == DONE[chat_id]
        for entry_id in now.keys() & then.keys():
            assert now[entry_id] == then[entry_id]


WEEK = "23–29 Nov"
"""Words of the weekly summaries that were due."""

DONE: dict[int, tuple[list[str], list[str]]] = {
    MIA: (["", "", "coat boots 95", "gloves scarf 8", "plums"], ["coffee"]),
    HOUSEHOLD: (["sponge"], []),
    TRIP: ([], ["museum"]),
    ANA: ([], []),
}
"""Notes of the entries that were added and taken out after the upgrade; receipts have none."""


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.external)])
async def test_a_backup_of_the_first_release_is_restored(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{tmp_path / 'kvitto.db'}"
    if kind == "postgres":
        url = await empty_database(
            request.getfixturevalue("postgres_server"), f"restored_{next(_numbers)}"
        )
    blobs = DiskBlobs(tmp_path / "receipts")
    backup = tmp_path / "first.tar.gz"
    pack_backup(backup)
    # The program may have been started before the restore: an empty schema of today.
    await migrate(url)
    await restore_backup(url, blobs, backup)
    assert await find_schema(url) == HEAD
    async with open_database(url) as database:
        assert await database.find_damage(AFTER_SUNDAY, blobs) == []
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("RECEIPT_STORE", str(tmp_path / "receipts"))
    for chat_id, before in read_before().items():
        after = await asyncio.to_thread(export, chat_id, tmp_path)
        assert entries(after) == entries(before)
