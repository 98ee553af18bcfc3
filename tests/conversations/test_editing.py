"""Edited messages, as a person sees them: entries and cards follow the text."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from demo.botapi.world import Message
from tests.conversations.conftest import Talk

pytestmark = [pytest.mark.external, pytest.mark.asyncio(loop_scope="session")]


async def edit(talk: Talk, message: Message, text: str, card: Message) -> Message:
    """Edit a person's message; return the card that follows it."""
    talk.sim.edit(message, text)
    return await talk.sim.edit_of(card)


async def write(talk: Talk, text: str) -> tuple[Message, Message]:
    """Write a text; return it and the card that confirms it."""
    message = talk.sim.say(talk.person, talk.chat, text)
    return message, await talk.hear()


async def listed(talk: Talk) -> str:
    return (await talk.say("/list")).text


async def test_amount_words_day_and_category_follow_the_text(ann: Talk) -> None:
    message, card = await write(ann, "lunch 14")
    followed = await edit(ann, message, "lunch with Bo 18 yesterday", card)
    assert "18.00" in followed.text
    assert "lunch with Bo" in followed.text
    assert "yesterday" in followed.text
    assert "14" not in followed.text
    await ann.silence()
    assert "14.00" not in await listed(ann)


async def test_budget_and_alert_follow_an_edit(ann: Talk) -> None:
    await ann.say("/budget groceries 100")
    message, card = await write(ann, "groceries 14")
    followed = await edit(ann, message, "groceries 90", card)
    assert "90\u00a0%" in followed.text
    alert = await ann.hear()
    assert "Groceries" in alert.text
    back = await edit(ann, message, "groceries 9", card)
    assert "9\u00a0%" in back.text


async def test_one_edit_is_one_change_for_undo(ann: Talk) -> None:
    message, card = await write(ann, "tea 3; cake 4; bread 2.50")
    followed = await edit(ann, message, "tea 3; cake 5; jam 6", card)
    assert "14.00" in followed.text
    undone = await ann.say("/undo")
    assert "bread" in undone.text or "2.50" in undone.text
    back = await ann.sim.edit_of(card)
    assert "9.50" in back.text
    assert "jam" not in back.text
    await ann.say("/redo")
    again = await ann.sim.edit_of(card)
    assert "14.00" in again.text


async def test_lines_are_added_removed_and_swapped(ann: Talk) -> None:
    message, card = await write(ann, "tea 3; cake 4")
    more = await edit(ann, message, "cake 4; tea 3; juice 5", card)
    assert "12.00" in more.text
    assert [label.split()[-1] for label in more.labels[:3]] == ["cake", "tea", "juice"]
    one = await edit(ann, message, "juice 5.50", card)
    assert "5.50" in one.text
    assert any("Delete" in label for label in one.labels)
    text = await listed(ann)
    assert "juice" in text
    assert "tea" not in text
    assert "cake" not in text


async def test_what_a_person_corrected_stays_and_is_said(ann: Talk) -> None:
    message, card = await write(ann, "dinner 40")
    corrected = await ann.say("53.90", reply_to=card)
    await ann.sim.edit_of(card)
    followed = await edit(ann, message, "dinner with Kim 40", corrected)
    assert "53.90" in followed.text
    assert "dinner with Kim" in followed.text
    assert "your correction stays" in followed.text
    newest = await edit(ann, message, "dinner with Kim 41", corrected)
    assert "41.00" in newest.text
    assert "53.90" not in newest.text
    assert "correction" not in newest.text


async def test_a_deleted_entry_stays_deleted_until_it_is_restored(ann: Talk) -> None:
    message, card = await write(ann, "pizza 12")
    gone = await ann.press(card, "Delete")
    followed = await edit(ann, message, "pizza 13", gone)
    assert "13.00" in followed.text
    assert "pizza" not in await listed(ann)
    back = await ann.press(followed, "Undo")
    assert "13.00" in back.text


async def test_a_note_that_gets_its_amount_is_booked_once(ann: Talk) -> None:
    message, asked = await write(ann, "frisbee")
    ann.sim.edit(message, "frisbee 7")
    booked = await ann.hear()
    assert "7.00" in booked.text
    closed = await ann.sim.edit_of(asked)
    assert closed.labels == []
    assert (await listed(ann)).count("frisbee") == 1


async def test_an_answered_note_is_changed_by_an_edit_of_either_message(ann: Talk) -> None:
    note, _ = await write(ann, "kite")
    amount, card = await write(ann, "20")
    followed = await edit(ann, amount, "21", card)
    assert "21.00" in followed.text
    renamed = await edit(ann, note, "red kite 22", card)
    assert "22.00" in renamed.text
    text = await listed(ann)
    assert text.count("kite") == 1
    assert "20.00" not in text


async def test_chatter_asks_before_the_entry_goes(ann: Talk) -> None:
    message, card = await write(ann, "museum 15")
    ann.sim.edit(message, "never mind")
    asked = await ann.hear()
    assert "museum" in asked.text
    assert "museum" in await listed(ann)
    kept = await ann.press(asked, "Keep")
    assert kept.labels == []
    assert "museum" in await listed(ann)
    ann.sim.edit(message, "oh, never mind")
    again = await ann.hear()
    await ann.press(again, "Delete")
    gone = await ann.sim.edit_of(card)
    assert "museum" in gone.text
    assert "museum" not in await listed(ann)
    await ann.say("/undo")
    assert "museum" in await listed(ann)


async def test_an_old_question_dies_with_the_next_edit(ann: Talk) -> None:
    message, card = await write(ann, "opera 50")
    ann.sim.edit(message, "never mind")
    asked = await ann.hear()
    stale = [data["callback_data"] for row in asked.buttons for data in row]
    followed = await edit(ann, message, "opera 55", card)
    assert "55.00" in followed.text
    assert (await ann.sim.edit_of(asked)).labels == []
    for data in stale * 10:
        ann.sim.press_data(ann.person, asked, data)
    await ann.silence()
    assert "55.00" in await listed(ann)


async def test_an_ambiguous_edit_asks_and_follows_the_answer(ann: Talk) -> None:
    message, card = await write(ann, "rent 800")
    ann.sim.edit(message, "rent 850 or 900")
    asked = await ann.hear()
    assert "800.00" in await listed(ann)
    await ann.press(asked, "850")
    followed = await ann.sim.edit_of(card)
    assert "850.00" in followed.text
    assert (await listed(ann)).count("€") == 1


async def test_a_part_that_cannot_be_read_deletes_nothing(ann: Talk) -> None:
    message, card = await write(ann, "tea 3; cake 4")
    followed = await edit(ann, message, "tea 3.50; cake 4,5,0", card)
    assert "3.50" in followed.text
    assert "4.00" in followed.text
    assert "not booked" in followed.text
    again = await edit(ann, message, "tea 3.50; cake 4,6,0", card)
    assert "not booked" in again.text
    await ann.silence()
    mended = await edit(ann, message, "tea 3.50; cake 6", card)
    assert "9.50" in mended.text
    assert "not booked" not in mended.text


async def test_an_edited_reply_corrects_again(ann: Talk) -> None:
    _, card = await write(ann, "brunch 40")
    reply = ann.sim.say(ann.person, ann.chat, "tip 3", reply_to=card)
    corrected = await ann.hear()
    assert "43.00" in corrected.text
    followed = await edit(ann, reply, "tip 5", corrected)
    assert "45.00" in followed.text
    other = await edit(ann, reply, "total 60", corrected)
    assert "60.00" in other.text
    unclear = await edit_aloud(ann, reply, "what?")
    assert "can’t tell" in unclear.text
    assert "60.00" in await listed(ann)


async def edit_aloud(talk: Talk, message: Message, text: str) -> Message:
    """Edit a person's message; return what the bot says in a message of its own."""
    talk.sim.edit(message, text)
    return await talk.hear()


async def test_an_older_version_that_comes_late_changes_nothing(ann: Talk) -> None:
    message, card = await write(ann, "sauna 20")
    date = int(message.data["date"])
    await feed_edit(ann, message, "sauna 22", date + 50)
    await ann.sim.edit_of(card)
    await feed_edit(ann, message, "sauna 21", date + 30)
    await feed_edit(ann, message, "sauna 22", date + 50)
    await ann.silence()
    assert "22.00" in await listed(ann)


async def feed_edit(talk: Talk, message: Message, text: str, edit_date: int) -> None:
    fields: dict[str, Any] = {**message.data, "text": text, "edit_date": edit_date}
    talk.sim.feed({"edited_message": fields}, partition=talk.chat.id)


async def test_a_first_version_that_comes_after_its_edit_books_nothing(ann: Talk) -> None:
    await ann.say("bonbon 1")
    sent = int((ann.sim.clock.now() - timedelta(minutes=5)).timestamp())
    first = {
        "message_id": 90001,
        "date": sent,
        "chat": ann.chat.to_json(),
        "from": ann.person.to_json(),
        "text": "skates 30; helmet 20",
    }
    second = {**first, "text": "skates 31", "edit_date": sent + 40}
    ann.sim.feed({"edited_message": second}, partition=ann.chat.id)
    assert "31.00" in (await ann.hear()).text
    ann.sim.feed({"message": first}, partition=ann.chat.id)
    await ann.silence()
    text = await listed(ann)
    assert "helmet" not in text
    assert "31.00" in text


async def test_an_old_message_keeps_its_day(ann: Talk) -> None:
    await ann.say("bonbon 1")
    sent = int((ann.sim.clock.now() - timedelta(days=3)).timestamp())
    first = {
        "message_id": 90002,
        "date": sent,
        "chat": ann.chat.to_json(),
        "from": ann.person.to_json(),
        "text": "skis 300",
    }
    ann.sim.feed({"message": first}, partition=ann.chat.id)
    card = await ann.hear()
    day = card.text.splitlines()[1]
    later = int(ann.sim.clock.now().timestamp())
    ann.sim.feed(
        {"edited_message": {**first, "text": "skis 310", "edit_date": later}},
        partition=ann.chat.id,
    )
    followed = await ann.sim.edit_of(card)
    assert "310.00" in followed.text
    assert followed.text.splitlines()[1] == day
    ann.sim.feed(
        {"edited_message": {**first, "text": "skis 310 yesterday", "edit_date": later + 1}},
        partition=ann.chat.id,
    )
    moved = await ann.sim.edit_of(card)
    assert "yesterday" not in moved.text, "the day before that of sending"


async def test_a_command_is_not_run_again_by_an_edit(ann: Talk) -> None:
    await ann.say("cinema 11")
    message = ann.sim.say(ann.person, ann.chat, "hello there")
    await ann.hear()
    for text in ("/undo", "undo", "/forget"):
        answer = await edit_aloud(ann, message, text)
        assert "new message" in answer.text
    assert "cinema" in await listed(ann)


async def test_a_groups_entry_follows_its_author_whoever_pays(
    household: tuple[Talk, Talk],
) -> None:
    mia, jonas = household
    message = jonas.sim.say(jonas.person, jonas.chat, "pizza 20 EUR")
    card = await jonas.hear()
    await jonas.say("paid by Mia", reply_to=card)
    corrected = jonas.sim.sent(jonas.chat)[-1]
    jonas.sim.edit(message, "pizza 24 EUR")
    followed = await jonas.sim.edit_of(corrected)
    assert "24.00" in followed.text
    assert "Mia" in followed.text
    jonas.sim.edit(message, "see you at 8")
    asked = await jonas.hear()
    answer = await mia.sim.answer_of(mia.sim.press(mia.person, asked, "Keep"))
    assert answer.text == "", "an admin may"


async def test_a_groups_chatter_is_edited_in_silence(household: tuple[Talk, Talk]) -> None:
    mia, _ = household
    message = mia.sim.say(mia.person, mia.chat, "see you at 7")
    await mia.silence()
    mia.sim.edit(message, "see you at 8")
    await mia.silence()
    mia.sim.edit(message, "taxi 12 EUR")
    assert "12.00" in (await mia.hear()).text
