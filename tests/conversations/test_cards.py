"""The buttons of a card, as people press them: fields, calendar, copies, rights."""

from __future__ import annotations

from datetime import timedelta

import pytest

from demo.botapi.world import Message
from tests.conversations.conftest import Talk

pytestmark = [pytest.mark.external, pytest.mark.asyncio(loop_scope="session")]


async def open_edit(talk: Talk, text: str) -> Message:
    """Book something and open everything that can be changed."""
    card = await talk.say(text)
    return await talk.press(card, "✏️ Edit")


async def test_a_card_has_few_buttons_and_a_page_with_all(ann: Talk) -> None:
    card = await ann.say("bread 3.20")
    assert len(card.labels) <= 7
    page = await ann.press(card, "✏️ Edit")
    for label in ("Amount", "Day", "Category", "Shop", "Note", "Currency", "again", "Delete"):
        assert any(label in found for found in page.labels), label
    assert not any("paid" in label for label in page.labels), "nobody else is here"
    assert len(set(page.labels)) == len(page.labels)
    back = await ann.press(page, "Back")
    assert back.labels == card.labels


async def test_amount_shop_and_note_are_typed(ann: Talk) -> None:
    page = await open_edit(ann, "supper 12")
    await ann.press(page, "Amount")
    wrong = await ann.say("twelve or so", reply_to=page)
    assert "no amount" in wrong.text
    card = await ann.say("12.80", reply_to=page)
    assert "12.80" in card.text
    assert (await ann.sim.edit_of(page)).labels == [], "the card that asked is no longer current"
    page = await ann.press(card, "✏️ Edit")
    await ann.press(page, "Shop")
    card = await ann.say("Chez Lidl 24", reply_to=card)
    assert "12.80" in card.text
    assert "Chez Lidl 24" in card.text
    page = await ann.press(card, "✏️ Edit")
    await ann.press(page, "Note")
    card = await ann.say("with Kim", reply_to=page)
    assert "with Kim" in card.text
    listed = await ann.say("/list")
    assert listed.text.count("€") == 1


async def test_a_question_for_a_value_can_be_left(ann: Talk) -> None:
    page = await open_edit(ann, "hat 25")
    await ann.press(page, "Amount")
    card = await ann.press(page, "Back")
    assert "25.00" in card.text
    new = await ann.say("19")
    assert "19.00" in new.text
    assert "hat" not in new.text, "nothing asks any more"
    assert "No question" in (await ann.say("/open")).text


async def test_a_day_is_picked_in_the_calendar(ann: Talk) -> None:
    page = await open_edit(ann, "boots 80")
    days = await ann.press(page, "Day")
    assert {"Today", "Yesterday"} <= set(days.labels)
    month = await ann.press(days, "Calendar")
    assert month.labels[:7] == ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    assert len(set(month.labels)) == len(month.labels)
    now = ann.sim.clock.now()
    assert not any(label.isdigit() and int(label) > now.day for label in month.labels)
    earlier = (now.replace(day=1) - timedelta(days=1)).strftime("%B %Y")
    before = await ann.press(month, earlier)
    moved = await ann.press(before, "14")
    assert "14" in moved.text.splitlines()[1]
    listed = await ann.say("/list")
    assert "14" in listed.text


async def test_the_calendar_begins_as_the_chats_weeks_do(ann: Talk) -> None:
    await ann.say("/settings week start Sunday")
    page = await open_edit(ann, "socks 8")
    month = await ann.press(await ann.press(page, "Day"), "Calendar")
    assert month.labels[:2] == ["Sun", "Mon"]


async def test_a_moved_day_moves_on_every_card(ann: Talk) -> None:
    several = await ann.say("tea 3; cake 4")
    ann.sim.press(ann.person, several, "tea")
    detail = await ann.hear()
    days = await ann.press(detail, "Day")
    await ann.press(days, "Yesterday")
    followed = await ann.sim.edit_of(several)
    assert followed.text.count("yesterday") == 1
    ann.sim.press(ann.person, followed, "tea")
    second = await ann.hear()
    assert "Tue 24 Nov" in second.text
    days = await ann.press(second, "Day")
    await ann.press(days, "Today")
    for card in (several, detail):
        assert "yesterday" not in (await ann.sim.edit_of(card)).text


async def test_a_guess_keeps_its_question_mark_on_every_page(ann: Talk) -> None:
    card = await ann.say("zworbel 9")
    assert "?" in card.text
    page = await ann.press(card, "✏️ Edit")
    assert "?" in page.text
    days = await ann.press(page, "Day")
    moved = await ann.press(days, "Yesterday")
    assert "?" in moved.text
    back = await ann.press(await ann.press(moved, "✏️ Edit"), "Back")
    assert "?" in back.text


async def test_the_same_again_is_a_change_of_its_own(ann: Talk) -> None:
    page = await open_edit(ann, "gym 30 yesterday")
    button = next(
        found["callback_data"] for row in page.buttons for found in row if "again" in found["text"]
    )
    for _ in range(20):
        ann.sim.press_data(ann.person, page, button)
    copy = await ann.hear()
    await ann.silence()
    assert "30.00" in copy.text
    assert "yesterday" not in copy.text
    assert (await ann.say("/list")).text.count("gym") == 2
    await ann.say("/undo")
    assert (await ann.say("/list")).text.count("gym") == 1
    card = await ann.sim.edit_of(page)
    await ann.press(card, "✏️ Edit")
    ann.sim.press(ann.person, page, "Same again")
    await ann.hear()
    assert (await ann.say("/list")).text.count("gym") == 2


async def test_equal_entries_of_one_message_have_their_own_labels(ann: Talk) -> None:
    card = await ann.say("coffee 3; coffee 3; coffee 3")
    assert len(set(card.labels)) == 3
    page = await ann.press_for_message(card, card.labels[2])
    await ann.press(page, "Delete")
    followed = await ann.sim.edit_of(card)
    assert len(followed.labels) == 2


async def test_who_paid_is_picked_among_the_members(household: tuple[Talk, Talk]) -> None:
    mia, jonas = household
    await mia.say("tea 2 EUR")
    card = await jonas.say("pizza 20 EUR")
    page = await jonas.press(card, "✏️ Edit")
    choice = await jonas.press(page, "Who paid")
    assert "✓ Jonas" in choice.labels
    changed = await jonas.press(choice, "Mia")
    assert "paid by Mia" in changed.text
    # The author keeps the right to change it, whoever pays.
    deleted = await jonas.press(changed, "Delete")
    assert "pizza" in deleted.text


async def test_a_stranger_to_an_entry_reaches_no_page_of_it(household: tuple[Talk, Talk]) -> None:
    mia, jonas = household
    card = await mia.say("opera 90 EUR")
    for label in [*card.labels]:
        press = jonas.sim.press(jonas.person, card, label)
        notice = await jonas.sim.answer_of(press)
        assert notice.is_alert
        assert notice.text
    await jonas.silence()
    assert card.edit_count == 0


async def test_the_days_sum_is_shown_where_it_is_wanted(ann: Talk) -> None:
    first = await ann.say("tea 3.40")
    assert "Today" not in first.text
    page = await ann.press(await ann.say("/settings"), "Today’s sum")
    await ann.press(page, "On")
    second = await ann.say("cake 20")
    assert second.text.endswith("Today so far: €23.40")
    assert "Today" not in (await ann.say("bread 5 yesterday")).text
    several = await ann.say("tea 1; cake 1")
    assert several.text.endswith("Today so far: €25.40")


async def test_german_cards_are_german(ann: Talk) -> None:
    person = ann.sim.add_user("Uwe", language_code="de")
    uwe = Talk(ann.sim, person, ann.sim.private_chat(person))
    page = await open_german(uwe)
    assert "💶 Betrag" in page.labels
    assert "🔁 Noch einmal" in page.labels
    month = await uwe.press(await uwe.press(page, "Tag"), "Kalender")
    assert month.labels[0] == "Mo"


async def open_german(talk: Talk) -> Message:
    return await talk.press(await talk.say("Kaffee 4,50"), "Ändern")


async def test_a_reply_corrects_every_field(household: tuple[Talk, Talk]) -> None:
    mia, jonas = household
    await jonas.say("tea 1 EUR")
    card = await mia.say("snack 10 EUR")
    for words, shown in (
        ("12.40", "12.40"),
        ("yesterday", "yesterday"),
        ("usd", "$12.40"),
        ("it was Lidl", "Lidl"),
        ("note with Kim", "with Kim"),
        ("#picnic", "#picnic"),
        ("health", "Health"),
        ("paid by Jonas", "paid by Jonas"),
        ("it was income", "+"),
    ):
        card = await mia.say(words, reply_to=card)
        assert shown in card.text, (words, card.text)
    # One is income now; what the replies set before is still there.
    for shown in ("12.40", "yesterday", "Lidl", "with Kim", "#picnic", "Jonas"):
        assert shown in card.text
