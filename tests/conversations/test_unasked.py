"""Summaries, alerts and the pinned card in the running program, a moment before Sunday at 18:00."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from demo.botapi.world import Chat, Message, User
from demo.server import DemoServer, open_demo
from demo.simulation import Simulation
from tests.conversations.conftest import Talk, start

pytestmark = [pytest.mark.external, pytest.mark.asyncio(loop_scope="module")]

SUNDAY = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
BEFORE = timedelta(seconds=25)
"""Room for the start of the program and a talk, before the summaries are due."""
PUSH_SECONDS = 60.0


class Running:
    """The program and its clock, which a restart can move."""

    def __init__(self, demo: DemoServer, folder: Path) -> None:
        self.demo, self.folder = demo, folder
        self.process: asyncio.subprocess.Process | None = None

    @property
    def sim(self) -> Simulation:
        return self.demo.simulation

    async def at(self, moment: datetime, *, kill: bool = False) -> None:
        """Stop the program, move the clock, and start it again."""
        if self.process:
            (self.process.kill if kill else self.process.terminate)()
            await self.process.wait()
        self.sim.clock.set(moment)
        self.process = await start(self.demo, self.folder)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    """A Bot API server, and the program on it once a test has set the time."""
    async with open_demo() as demo:
        program = Running(demo, tmp_path_factory.mktemp("unasked"))
        yield program
        if program.process:
            program.process.terminate()
            assert await program.process.wait() == 0


def talk(sim: Simulation, name: str, language: str = "en") -> Talk:
    person = sim.add_user(name, language_code=language)
    return Talk(sim, person, sim.private_chat(person))


def group(sim: Simulation, mia: User, title: str) -> tuple[Talk, Chat]:
    chat = sim.add_group(title, [mia])
    return Talk(sim, mia, chat), chat


async def pinned(talk: Talk) -> Message:
    """Wait until a message of the chat is pinned."""
    chat = talk.chat
    pinned_id = await talk.sim.until(lambda: chat.pinned_id, what="pin")
    return next(m for m in talk.sim.messages(chat) if m.message_id == pinned_id)


async def test_alerts_card_and_summaries_by_the_clock(running: Running) -> None:
    await running.at(SUNDAY - BEFORE)
    sim = running.sim
    ann, eva = talk(sim, "Ann"), talk(sim, "Eva", "de")
    await ann.say("/budget groceries 100")
    await ann.say("/budget food 100")
    page = await ann.say("/settings")
    page = await ann.press(page, "Pinned card")
    # The page becomes the card, so nothing that is killed can make two of it.
    card = await ann.press(page, "On")
    assert "What is left" in card.text
    assert (await pinned(ann)).message_id == card.message_id

    answer, alert = await said(ann, "groceries 85", 2)
    assert "85.00" in answer.text
    first = alert.text.splitlines()[0].replace("\xa0", " ")
    assert first == "Groceries: 85 % spent, €85.00 of €100.00"
    assert "Food: 85\xa0%" in alert.text
    assert alert.text.splitlines()[-1] == "“groceries” crossed the line."

    await eva.say("/settings Erinnerung an")
    (buchung,) = await said(eva, "Kaffee 4,50", 1)
    assert "4,50" in buchung.text
    (push,) = await ann.sim.answers(ann.chat, timeout=PUSH_SECONDS)
    assert "85.00" in push.text
    (woche,) = await eva.sim.answers(eva.chat, timeout=PUSH_SECONDS)
    assert "🔕 Nicht mehr senden" in woche.labels
    stopped = await press_for_answer(eva, woche, "Nicht mehr senden")
    assert "Wochenübersicht" in stopped.text
    await check_after_kill(running, ann.chat)


async def check_after_kill(running: Running, ann: Chat) -> None:
    """Down at once after the push, back a minute later: the card is edited in its place, nothing comes twice."""
    sim = running.sim
    cards = [m for m in sim.messages(ann) if "What is left" in m.text]
    assert len(cards) == 1
    count = cards[0].edit_count
    await running.at(SUNDAY + timedelta(minutes=3), kill=True)
    await sim.until(lambda: cards[0].edit_count > count, what="edit")
    assert "85" in cards[0].text
    assert len([m for m in sim.messages(ann) if "What is left" in m.text]) == 1
    assert len([m for m in sim.messages(ann) if "Quiet for a week" in str(m.labels)]) == 1


async def test_a_group_without_rights_hears_it_once_and_an_admin_bot_pins(
    running: Running,
) -> None:
    await running.at(SUNDAY + timedelta(minutes=5))
    sim = running.sim
    mia = sim.add_user("Mia", language_code="en")
    plain, _ = group(sim, mia, "Flat")
    await plain.hear()
    page = await plain.press(await plain.say("/settings"), "Pinned card")
    sim.press(mia, page, next(found for found in page.labels if "On" in found))
    told = [await plain.hear(), await plain.hear()]
    assert any("may not pin" in one.text for one in told)
    assert any("Mia" in one.text for one in told)
    await plain.silence()
    assert plain.chat.pinned_id is None

    bold, chat = group(sim, mia, "House")
    await bold.hear()
    sim.promote(sim.telegram.bot, chat)
    await bold.say("/settings card on")
    card = await bold.hear(PUSH_SECONDS)
    assert (await pinned(bold)).message_id == card.message_id


async def said(talk: Talk, text: str, count: int) -> list[Message]:
    """Say something and return the bot's next messages."""
    talk.sim.say(talk.person, talk.chat, text)
    return await talk.sim.answers(talk.chat, count=count)


async def press_for_answer(talk: Talk, message: Message, label: str) -> Message:
    """Press a button that is answered by a message of its own."""
    talk.sim.press(talk.person, message, next(found for found in message.labels if label in found))
    return await talk.hear()
