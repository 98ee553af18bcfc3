"""Questions as people ask them: `/ask`, typed in private, in a group, by buttons, and what follows."""

from __future__ import annotations

from datetime import timedelta

from ports.repositories import Repositories
from tests.handlers.stage import BO, GROUP, Shown, Stage


async def _live(stage: Stage, chat: int = 0) -> None:
    """Book a few weeks of two people."""
    for text in (
        "coffee 4.50",
        "coffee 3 yesterday",
        "pizza 12 on 5 November #work",
        "flight 240 on 12 October",
        "coffee 2 on 13 October",
        "lidl 30 on 2 October",
        "+1200 salary on 1 November",
        "coffee 980 JPY on 3 November",
    ):
        await stage.say(text if not chat else f"/add {text}", chat=chat)


def _count(repositories: Repositories) -> int:
    return sum(1 for _ in repositories.entries.stream(1))


async def _one(stage: Stage, text: str, **more: int) -> Shown:
    (shown,) = await stage.say(text, **more)
    return shown


async def test_a_question_is_answered_with_its_reading_its_count_and_its_entries(
    stage: Stage,
) -> None:
    await _live(stage)
    asked = await _one(stage, "/ask how much did i spend on coffee this month?")
    assert "“coffee”" in asked.text
    assert "Nov" in asked.text
    assert "€7.50" in asked.text
    (listed,) = await stage.press(asked, "Show")
    assert not listed.is_edit
    assert "coffee" in listed.text
    assert "pizza" not in listed.text


async def test_amounts_without_a_rate_are_named_apart(stage: Stage) -> None:
    await _live(stage)
    asked = await _one(stage, "how much on coffee this month")
    if "¥980" not in asked.text.replace("JP", ""):
        assert "3 entries" in asked.text


async def test_a_question_typed_in_private_books_nothing(stage: Stage) -> None:
    await _live(stage)
    before = await stage.run(_count)
    for question in (
        "top 5 shops this year",
        "show me everything over 10",
        "biggest purchase in october",
        "when did i last buy pizza",
        "who paid most this month",
        "compare this month with last month",
    ):
        shown = await _one(stage, question)
        assert "Anything" not in shown.text
    assert await stage.run(_count) == before


async def test_entries_with_a_question_mark_are_no_questions(stage: Stage) -> None:
    await _live(stage)
    shown = await _one(stage, "tea 4.50?")
    assert "Spent" not in shown.text


async def test_what_follows_changes_the_last_question_for_ten_minutes(stage: Stage) -> None:
    await _live(stage)
    await stage.say("how much on coffee this month?")
    followed = await _one(stage, "and in October?")
    assert "“coffee”" in followed.text
    assert "€2.00" in followed.text
    german = await _one(stage, "und im November?")
    assert "€7.50" in german.text
    stage.now += timedelta(minutes=11)
    late = await _one(stage, "and in October?")
    assert "€2.00" not in late.text


async def test_a_group_is_answered_only_when_the_bot_is_spoken_to(stage: Stage) -> None:
    await _live(stage, GROUP)
    await stage.say("/add coffee 6", user=BO, chat=GROUP)
    question = "how much on coffee this month?"
    assert await stage.say(question, chat=GROUP) == []
    addressed = await _one(stage, f"@kvitto_bot {question}", chat=GROUP)
    assert "€13.50" in addressed.text
    people = await _one(stage, "/ask who paid most this month?", chat=GROUP)
    assert "Ann" in people.text
    assert "Bo" in people.text
    (one,) = await stage.press(people, "Bo")
    assert "coffee" in one.text
    assert "pizza" not in one.text
    unknown = await _one(stage, "/ask how much did Kevin pay this month?", chat=GROUP)
    assert "Kevin" in unknown.text
    (answered,) = await stage.press(unknown, "paid by Bo")
    assert "€6.00" in answered.text
    # A pronoun says who pays, so the other word is what is paid.
    paid = await _one(stage, "/ask how much coffee do we pay this month?", chat=GROUP)
    assert "€13.50" in paid.text
