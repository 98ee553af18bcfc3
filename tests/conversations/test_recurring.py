"""Series in the running program, over days and a kill, by the clock of a simulated Telegram."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
import pytest_asyncio

from demo.botapi.world import Message
from demo.server import open_demo
from tests.conversations.conftest import Talk
from tests.conversations.test_unasked import PUSH_SECONDS, Running, talk

pytestmark = [pytest.mark.external, pytest.mark.asyncio(loop_scope="module")]

WEDNESDAY = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
TUESDAY = datetime(2026, 12, 1, 6, 0, tzinfo=UTC)
"""The hour of bookings, in the zone of the chats."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    async with open_demo() as demo:
        program = Running(demo, tmp_path_factory.mktemp("recurring"))
        yield program
        if program.process:
            program.process.terminate()
            assert await program.process.wait() == 0


async def heard(person: Talk, words: str) -> Message:
    """Wait for a message with these words; summaries of the week may come before it."""
    found: list[Message] = []

    def find() -> Message | None:
        messages = person.sim.messages(person.chat)
        found[:] = [one for one in messages if words in one.text]
        return found[-1] if found else None

    await person.sim.until(find, what=words, timeout=PUSH_SECONDS)
    assert len(found) == 1, "told once"
    return found[0]


async def test_a_rent_is_made_booked_after_a_kill_and_taken_back(running: Running) -> None:
    await running.at(WEDNESDAY)
    ann, eva = talk(running.sim, "Ann"), talk(running.sim, "Eva", "de")
    card = await ann.say("/recurring rent 850 monthly on 1")
    assert "every month on day 1" in card.text
    wrong = await eva.say("/recurring Quatsch")
    assert "Miete 850 monatlich am 1." in wrong.text
    karte = await eva.say("/recurring Miete 850 monatlich am 1.")
    assert "jeden Monat am 1." in karte.text

    await running.at(TUESDAY, kill=True)
    told = await heard(ann, "Booked as it was due")
    assert "850.00" in told.text
    await heard(eva, "Wie fällig gebucht")
    ann.sim.say(ann.person, ann.chat, "/list")
    assert "1–1 of 1" in (await heard(ann, "Entries")).text
    running.sim.press(ann.person, told, next(one for one in told.labels if "Undo" in one))
    await heard(ann, "booked by itself")

    await running.at(TUESDAY.replace(day=2), kill=True)
    ann.sim.say(ann.person, ann.chat, "/recurring")
    assert "next Fri, 1 Jan 2027" in (await heard(ann, "1 recurring entry")).text
