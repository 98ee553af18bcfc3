"""Budgets as people set and see them, over the Bot API."""

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


async def test_a_category_has_a_budget_a_month_and_one_a_week(ann: Talk) -> None:
    assert "€400.00 a month" in (await ann.say("/budget food 400")).text
    weekly = await ann.say("/budget food 100 week")
    assert "€100.00 a week" in weekly.text
    assert "Also:" in weekly.text
    await ann.say("groceries 12")
    shown = await ann.say("/budgets")
    assert "Food (weekly)" in shown.text
    assert "€388.00 left" in shown.text
    which = await ann.say("/budget food off")
    gone = await ann.press(which, "a week")
    assert "Food (weekly)" in gone.text
    back = await ann.say("/undo")
    assert "€100.00 a week" in back.text


async def test_what_is_left_is_carried_over_until_it_is_switched_off(ann: Talk) -> None:
    carried = await ann.say("/budget groceries 400 carry over")
    assert "next period" in carried.text
    kept = await ann.say("/budget groceries 450")
    assert "next period" in kept.text
    off = await ann.say("/budget groceries no carry over")
    assert "next period" not in off.text


async def test_a_trip_a_tag_and_another_currency_have_budgets(ann: Talk) -> None:
    assert "3.12.-14.12." in (await ann.say("/budget 1500 trip")).text
    assert "for the trip 3" in (await ann.say("/budget 1500 trip 3.12.-14.12.")).text
    assert "#sun" in (await ann.say("/budget #sun 50 USD")).text
    card = await ann.say("ice cream 5 USD #sun")
    assert "#sun 10" in card.text.replace("\u00a0", " ")


async def test_wrong_words_offer_what_they_may_mean(ann: Talk) -> None:
    near = await ann.say("/budget grocries 80 week")
    is_set = await ann.press(near, "Groceries")
    assert "€80.00 a week" in is_set.text
    # By what the word is spent on, where no name resembles it.
    clothes = await ann.say("/budget clothes 100 quarter")
    assert "€100.00 a quarter" in (await ann.press(clothes, "Shopping")).text
    far = await ann.say("/budget qqqq 80")
    is_set = await ann.press(far, "Transport")
    assert "€80.00 a month" in is_set.text
    helped = await ann.say("/budget")
    food = await ann.press(helped, "Food")
    assert any("Eating out" in label for label in food.labels)
    assert "/budget food 400" in (await ann.say("/budget food -5")).text


async def test_a_person_of_a_group_has_a_budget(household: tuple[Talk, Talk]) -> None:
    mia, jonas = household
    await jonas.say("tea 3 EUR")
    assert "Jonas" in (await mia.say("/budget @Jonas 30")).text
    card = await jonas.say("pizza 20 EUR")
    assert "Jonas 76" in card.text.replace("\u00a0", " ")
    assert "Jonas" in (await mia.say("/budget Jonas off")).text


async def test_budgets_have_german_words(jens: Talk) -> None:
    assert "400,00" in (await jens.say("/budget Lebensmittel 400 mit Übertrag")).text
    daily = await jens.say("/budget Lebensmittel 20 am Tag")
    assert "am Tag" in daily.text
    assert "Außerdem" in daily.text
    shown = await jens.say("/budgets")
    assert "Lebensmittel (täglich)" in shown.text
    assert "übrig" in shown.text
    trip = await jens.say("/budget 1500 Reise 3.12.-14.12.")
    assert "für die Reise 3." in trip.text
