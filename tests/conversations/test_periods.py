"""Periods as a person chooses and names them, over the Bot API."""

from __future__ import annotations

import pytest

from demo.simulation import Simulation
from tests.conversations.conftest import Talk

pytestmark = [pytest.mark.external, pytest.mark.asyncio(loop_scope="session")]


@pytest.fixture
def jens(simulation: Simulation) -> Talk:
    """Jens in his private chat, in German."""
    person = simulation.add_user("Jens", language_code="de")
    return Talk(simulation, person, simulation.private_chat(person))


async def test_months_follow_a_pay_day_that_is_typed(ann: Talk) -> None:
    await ann.say("coffee 4.50")
    chosen = await ann.say("/settings month start 25")
    assert "Day 25" in chosen.text
    assert any("25" in label and "✓" in label for label in chosen.labels)
    summary = await ann.say("/summary")
    assert "Pay month 25" in summary.text
    undone = await ann.say("/undo")
    assert "25" not in undone.text
    summary = await ann.say("/summary")
    assert "Pay month" not in summary.text


async def test_the_last_working_day_is_a_button(ann: Talk) -> None:
    settings = await ann.say("/settings")
    page = await ann.press(settings, "Month starts")
    page = await ann.press(page, "Last working day")
    assert any(label.startswith("✓") and "Last working day" in label for label in page.labels)
    back = await ann.press(page, "Back")
    assert any("Last working day" in label for label in back.labels)


async def test_longer_periods_have_pages(ann: Talk) -> None:
    settings = await ann.say("/settings")
    page = await ann.press(settings, "Fortnights")
    years = await ann.press(page, "Year starts")
    years = await ann.press(years, "6 Apr")
    periods = await ann.press(years, "Back")
    assert any("6 Apr" in label for label in periods.labels)
    summary = await ann.say("/summary year")
    assert "Year 6 Apr" in summary.text


async def test_a_trip_is_a_period_by_its_word(ann: Talk) -> None:
    none = await ann.say("/summary trip")
    assert "trip" in none.text.casefold()
    await ann.say("/settings trip 3.12.-14.12.")
    summary = await ann.say("/summary trip")
    assert "Trip 3" in summary.text


async def test_words_that_choose_nothing_say_which_do(ann: Talk) -> None:
    answer = await ann.say("/settings month start 45")
    assert "/settings month start 25" in answer.text


async def test_periods_have_german_words(jens: Talk) -> None:
    await jens.say("Kaffee 4,50")
    chosen = await jens.say("/settings Zahltag letzter Werktag")
    assert "Letzter Werktag" in chosen.text
    summary = await jens.say("/summary letztes Quartal")
    assert "Quartal 1." in summary.text
    answer = await jens.say("/settings Monatsbeginn 45")
    assert "/settings Monatsbeginn 25" in answer.text
