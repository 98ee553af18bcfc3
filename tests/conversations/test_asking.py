"""Asking: categories, tags, people, amounts and words in any order, and a summary's pages."""

from __future__ import annotations

from pathlib import Path

import pytest

from demo import samples
from demo.botapi.world import Message
from demo.simulation import Simulation
from tests.conversations.conftest import READ_SECONDS, Talk

pytestmark = [pytest.mark.external, pytest.mark.asyncio(loop_scope="session")]
SAMPLE = Path(samples.__file__).parent / "berlin-groceries.jpg"


async def booked(talk: Talk, *texts: str) -> None:
    for text in texts:
        await talk.say(text)


def head(message: Message) -> str:
    return message.text.splitlines()[0]


def picture(message: Message) -> str:
    """Return what tells the picture of a message from another."""
    return str(message.data["photo"][-1]["file_unique_id"])


async def test_a_list_is_asked_in_any_order_and_says_how_it_was_read(ann: Talk) -> None:
    await booked(
        ann, "restaurant señor 4.50 #work", "rewe groceries 31.20", "coffee 2 #home", "rent 850"
    )
    for text, title, count in (
        ("/list groceries month", "🛒 Groceries", 1),
        ("/list month groceries", "🛒 Groceries", 1),
        ("/find senor", "with “senor”", 1),
        ("/find #work", "#work", 1),
        ("/find >20 month", "from €20.01", 2),
        ("/find month under 20 food", "Food", 2),
        ("/find 30-40", "€30.00 to €40.00", 1),
        ("/find over 20 food this month", "from €20.01", 1),
        ("/list nothing at all", "with “nothing”", 0),
    ):
        found = await ann.say(text)
        assert title in head(found), (text, found.text)
        assert len([label for label in found.labels if label.isdecimal()]) == count, found.text


async def test_questions_are_read_in_german(simulation: Simulation) -> None:
    person = simulation.add_user("Ben", language_code="de")
    ben = Talk(simulation, person, simulation.private_chat(person))
    await booked(ben, "Lebensmittel 31,20", "Kaffee 2,50 #büro")
    for text, title in (
        ("/list Lebensmittel diesen Monat über 20", "🛒 Lebensmittel · ab 20,01"),
        ("/find #buro", "#buro"),
        ("/list zwischen 2 und 3", "2,00\u00a0€ bis 3,00\u00a0€"),
    ):
        found = await ben.say(text)
        assert title in head(found), found.text
    refused = await ben.say("/summary quatsch")
    assert "„quatsch“" in refused.text
    assert "/summary letzter Monat" in refused.text


async def test_wrong_arguments_are_answered_with_what_was_expected(ann: Talk) -> None:
    await booked(ann, "coffee 4.50")
    assert "/list >100" in (await ann.say("/find >abc")).text
    assert "/list 50-100" in (await ann.say("/find >50 <20")).text
    refused = await ann.say("/summary grocries")
    assert "Groceries" in refused.text
    assert "/summary last month" in refused.text
    listed = await ann.press(refused, "Groceries")
    assert "🛒 Groceries" in head(listed)


async def test_a_summary_leads_beside_into_a_category_into_entries_and_back(ann: Talk) -> None:
    await booked(ann, "coffee 4.50", "rewe groceries 31.20", "tea 3 on 31 Oct")
    summary = await ann.say("/summary")
    assert summary.media is not None
    assert summary.labels[0].startswith("‹")
    category = await ann.press(summary, "Eating out")
    assert head(category).startswith("🍽️ Eating out")
    assert "31.20" not in category.text
    entries = await ann.press(category, "Entries")
    assert "coffee" in entries.text
    assert entries.media is not None
    entry = await ann.press(entries, "1")
    assert "€4.50" in entry.text
    back = await ann.press(entry, "Back")
    assert "coffee" in back.text
    again = await ann.press(back, "Summary")
    assert head(again).startswith("🍽️ Eating out")
    everything = await ann.press(again, "All spending")
    assert "31.20" in everything.text
    earlier = await ann.press(everything, "‹")
    assert "3.00" in earlier.text
    later = await ann.press(earlier, "›")
    assert "31.20" in later.text
    # All of it happened in one message.
    assert later.message_id == summary.message_id


async def test_a_receipt_is_seen_in_place_and_left_again(ann: Talk) -> None:
    ann.sim.photo(ann.person, ann.chat, SAMPLE.read_bytes())
    reading = await ann.hear()
    if not reading.edit_count:
        await ann.sim.edit_of(reading, timeout=READ_SECONDS)
    summary = await ann.say("/summary year")
    while "Entries" not in summary.labels:
        summary = await ann.press(summary, "‹")
    drawn = picture(summary)
    entries = await ann.press(summary, "Entries")
    receipt = await ann.press(entries, "1")
    paper = picture(receipt)
    assert paper != drawn
    back = await ann.press(receipt, "Back")
    assert picture(back) == drawn
    assert "1" in back.labels


async def test_an_empty_period_says_where_there_is_something(ann: Talk) -> None:
    await booked(ann, "tea 3 yesterday")
    empty = await ann.say("/summary 2020-01")
    assert "The latest entry is of yesterday" in empty.text
    there = [label for label in empty.labels if "Dashboard" not in label][-1]
    full = await ann.press(empty, there)
    assert "3.00" in full.text
    listed = await ann.say("/list 2020-01")
    assert "tea" in (await ann.press(listed, "Any time")).text


async def test_a_member_is_asked_for_by_name(household: tuple[Talk, Talk]) -> None:
    mia, jonas = household
    await mia.say("coffee 4.50")
    await jonas.say("groceries 31.20")
    found = await mia.say("/list jonas this month")
    assert "paid by Jonas" in head(found)
    assert "31.20" in found.text
    assert "4.50" not in found.text
