"""Receipts, from photo to ledger; the samples are drawn by the project itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from demo import samples
from tests.conversations.conftest import READ_SECONDS, Talk

pytestmark = [pytest.mark.external, pytest.mark.asyncio(loop_scope="session")]
FOLDER = Path(samples.__file__).parent


async def test_a_photo_is_answered_at_once_and_becomes_its_result(ann: Talk) -> None:
    ann.sim.photo(ann.person, ann.chat, (FOLDER / "berlin-groceries.jpg").read_bytes())
    reading = await ann.hear()
    done = reading if reading.edit_count else await ann.sim.edit_of(reading, timeout=READ_SECONDS)
    assert "18.08" in done.text
    assert "KIEZMARKT" in done.text.upper()
    await ann.silence()


async def test_a_caption_overrides_what_is_read(ann: Talk) -> None:
    data = (FOLDER / "berlin-groceries.jpg").read_bytes()
    ann.sim.photo(ann.person, ann.chat, data, caption="party 20.00")
    reading = await ann.hear()
    done = reading if reading.edit_count else await ann.sim.edit_of(reading, timeout=READ_SECONDS)
    assert "20.00" in done.text
    assert "party" in done.text


async def test_the_same_picture_twice_is_asked_never_doubled(ann: Talk) -> None:
    data = (FOLDER / "umea-stationery.png").read_bytes()
    for _ in range(2):
        ann.sim.document(ann.person, ann.chat, data, file_name="receipt.png")
        reading = await ann.hear()
        if not reading.edit_count:
            await ann.sim.edit_of(reading, timeout=READ_SECONDS)
    listed = await ann.say("/list")
    assert listed.text.count("262") <= 1


async def test_what_is_no_receipt_is_said_kindly_and_an_amount_can_be_typed(ann: Talk) -> None:
    ann.sim.document(ann.person, ann.chat, b"not a picture at all", file_name="notes.txt")
    reading = await ann.hear()
    done = reading if reading.edit_count else await ann.sim.edit_of(reading, timeout=READ_SECONDS)
    assert done.text
    booked = await ann.say("12.34", reply_to=done)
    assert "12.34" in booked.text
