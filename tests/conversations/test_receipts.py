"""Receipts, from photo to ledger; the samples are drawn by the project itself."""

from __future__ import annotations

import asyncio
import io
import json
import re
import stat
import time
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from PIL import Image, ImageDraw

from demo import samples
from demo.botapi.world import Message
from demo.people import find_button
from tests.conversations.conftest import READ_SECONDS, Talk

pytestmark = [pytest.mark.external, pytest.mark.asyncio(loop_scope="session")]
FOLDER = Path(samples.__file__).parent


async def read(talk: Talk) -> Message:
    """Wait until the picture just sent is read; return the answer about it."""
    reading = await talk.hear()
    if reading.edit_count:
        return reading
    return await talk.sim.edit_of(reading, timeout=READ_SECONDS)


def list_files(folder: Path) -> list[Path]:
    """Return all files and folders below one."""
    return list(folder.rglob("*"))


def half_as_large(data: bytes) -> bytes:
    """Return a copy of a picture as another app sends it on."""
    picture = Image.open(io.BytesIO(data)).convert("RGB")
    copy = io.BytesIO()
    picture.resize((picture.width // 2, picture.height // 2)).save(copy, "JPEG", quality=70)
    return copy.getvalue()


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


async def test_a_copy_of_the_picture_is_shown_next_to_the_booked_one(ann: Talk) -> None:
    data = (FOLDER / "lyon-bistro.jpg").read_bytes()
    ann.sim.photo(ann.person, ann.chat, data)
    booked = await read(ann)
    amount = booked.text.split()[0]
    ann.sim.document(ann.person, ann.chat, half_as_large(data), file_name="copy.jpg")
    asked = await read(ann)
    first, second, question = asked.text.splitlines()
    assert first.startswith(f"Booked: {amount}")
    assert second.startswith(f"New: {amount}")
    assert question == "Is it the same receipt?"
    waiting = await ann.say("/open")
    assert waiting.text == "1 question waits for an answer:"
    listed = await ann.hear()
    assert listed.text == asked.text
    settled = await ann.press(listed, "Same, keep one")
    assert settled.labels == []
    await ann.sim.until(lambda: not asked.labels, what="the first question to close")
    assert (await ann.say("/open")).text == "No question is open."


async def test_a_picture_of_something_else_is_not_kept(ann: Talk) -> None:
    cat = Image.new("RGB", (600, 600), "tan")
    ImageDraw.Draw(cat).ellipse((150, 150, 450, 450), fill="sienna")
    data = io.BytesIO()
    cat.save(data, "JPEG")
    ann.sim.photo(ann.person, ann.chat, data.getvalue())
    answer = await read(ann)
    assert "did not keep the picture" in answer.text
    assert (await ann.say("/open")).text == "No question is open."


async def test_a_button_that_is_no_longer_shown_does_nothing(ann: Talk) -> None:
    card = await ann.say("coffee 4.50")
    old = find_button(card, next(label for label in card.labels if "Delete" in label))
    await ann.press(card, "Delete")
    await ann.press(card, "Undo")
    ann.sim.press_data(ann.person, card, old["callback_data"])
    await ann.silence()
    assert "coffee" in (await ann.say("/list")).text


async def test_a_moved_day_moves_in_a_card_of_several(ann: Talk) -> None:
    several = await ann.say("tea 3 yesterday\ncake 4")
    assert "yesterday" in several.text
    ann.sim.press(ann.person, several, next(label for label in several.labels if "tea" in label))
    detail = await ann.hear()
    await ann.press(detail, "Day")
    await ann.press(detail, "Today")
    await ann.sim.until(lambda: "yesterday" not in several.text, what="the card to follow")
    assert "tea" in several.text


async def test_a_corrected_card_shows_no_amount_that_a_later_change_belies(ann: Talk) -> None:
    card = await ann.say("lunch 12")
    await ann.say("total 14", reply_to=card)
    await ann.sim.until(lambda: not card.labels, what="the old card to lose its buttons")
    assert "12" not in card.text
    assert "14" not in card.text
    assert "lunch" in card.text


async def test_an_edited_caption_changes_the_receipts_entry(ann: Talk) -> None:
    data = (FOLDER / "berlin-groceries.jpg").read_bytes()
    message = ann.sim.photo(ann.person, ann.chat, data, caption="party 20.00")
    card = await read(ann)
    assert "20.00" in card.text
    ann.sim.edit(message, "picnic 21.00 #park")
    followed = await ann.sim.edit_of(card, timeout=READ_SECONDS)
    assert "21.00" in followed.text
    assert "picnic" in followed.text
    assert "#park" in followed.text
    assert "KIEZMARKT" in followed.text.upper()
    ann.sim.edit(message, "picnic")
    paper = await ann.sim.edit_of(card, timeout=READ_SECONDS)
    assert "18.08" in paper.text, "the amount of the paper counts again"
    assert "#park" not in paper.text
    await ann.silence()
    await ann.say("/undo")
    assert "21.00" in (await ann.say("/list")).text


async def test_a_caption_that_is_edited_while_the_receipt_is_read_counts(ann: Talk) -> None:
    data = (FOLDER / "berlin-groceries.jpg").read_bytes()
    message = ann.sim.photo(ann.person, ann.chat, data)
    ann.sim.edit(message, "breakfast 22.00")
    card = await read(ann)
    await ann.sim.quiet(0.5)
    assert "22.00" in card.text
    assert "breakfast" in card.text
    assert (await ann.say("/list")).text.count("€") == 1


async def test_an_edited_caption_answers_what_could_not_be_read(ann: Talk) -> None:
    message = ann.sim.document(ann.person, ann.chat, b"not a picture", file_name="notes.txt")
    asked = await read(ann)
    ann.sim.edit(message, "supper 12.34")
    booked = await ann.hear()
    assert "12.34" in booked.text
    assert (await ann.sim.edit_of(asked)).labels == []
    ann.sim.edit(message, "supper 12.50")
    assert "12.50" in (await ann.sim.edit_of(booked)).text
    assert (await ann.say("/list")).text.count("€") == 1


async def test_the_receipt_is_shown_from_its_card(ann: Talk) -> None:
    data = (FOLDER / "berlin-groceries.jpg").read_bytes()
    ann.sim.photo(ann.person, ann.chat, data)
    card = await read(ann)
    page = await ann.press(card, "✏️ Edit")
    picture = await ann.press_for_message(page, "📎")
    assert picture.media == "photo"
    again = await ann.press_for_message(page, "Same again")
    assert "18.08" in again.text
    copy = await ann.press(again, "✏️ Edit")
    assert not any("📎" in label for label in copy.labels), "the copy has no paper of its own"


async def test_a_receipt_has_one_id_in_the_log_from_its_update_to_what_leaves(
    ann: Talk, installation: Path
) -> None:
    log = installation / "log"
    skip = len(log.read_text().splitlines())
    ann.sim.photo(ann.person, ann.chat, (FOLDER / "osaka-ramen.jpg").read_bytes())
    done = await read(ann)
    wanted = {"receive polling", "handle update", "job receipt", "handle event", "send answer"}
    end = time.monotonic() + 20
    while True:
        steps: dict[str, set[str]] = {}
        for line in log.read_text().splitlines()[skip:]:
            found = json.loads(line)
            if found["logger"] == "bot.telemetry":
                steps.setdefault(found["flow"], set()).add(f"{found['event']} {found.get('kind')}")
        if any(wanted <= taken for taken in steps.values()):
            break
        assert time.monotonic() < end, steps
        await asyncio.sleep(0.05)
    words = [word for word in done.text.split() if len(word) > 5]
    assert words
    said = "".join(log.read_text().splitlines(keepends=True)[skip:])
    assert not [word for word in words if word in said], "a log holds nothing of a receipt"


async def test_a_running_bot_shows_others_neither_files_nor_secrets(
    ann: Talk, installation: Path
) -> None:
    _ = ann
    written = list_files(installation)
    assert {"kvitto.db", "receipts"} <= {path.name for path in written}
    for path in written:
        # The log is the test's own.
        if path != installation / "log":
            mode = stat.S_IMODE(path.stat().st_mode)
            assert mode == (0o700 if path.is_dir() else 0o600), path
    bots = []
    for child in psutil.Process().children(recursive=True):
        # A server of other tests may end meanwhile.
        with suppress(psutil.NoSuchProcess):
            if {"bench.moved_clock", "ai.ocr.child_main"} & set(child.cmdline()):
                bots.append(child)
    assert len(bots) >= 2, "the bot and its reader"
    for process in bots:
        settings = process.environ()
        words = " ".join(process.cmdline())
        assert not re.search(r"\d{5,}:[\w-]{20,}", words), "a token is in the arguments"
        if process.cmdline()[-1] != "run":
            # A file that breaks the reader finds nothing there.
            assert not [name for name in settings if name.startswith(("TELEGRAM", "DATABASE"))]
