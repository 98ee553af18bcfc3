"""`/insights`, its buttons, its part of the weekly push, and a model's words in its place."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from ports.jobs import Event, InsightsPhrased, PhraseInsights, load_job
from ports.repositories import Repositories
from replies.insights import insights_phrased
from replies.results import ResultHandler
from scheduler.pushes import PushTick
from services.ai_policy import AiPolicy
from services.scope import Scope
from storage import open_database
from tests.handlers.stage import ANN, NOW, Shown, Stage, open_stage
from tests.services.insights.rich import write_rich

SUNDAY = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)
PHRASES = AiPolicy(phrases=True)


async def fill(stage: Stage, **settings: object) -> None:
    """Begin a chat, and write a ledger in which there is something to say."""
    await stage.say("/start")

    def work(repositories: Repositories) -> None:
        place = repositories.chats.find(ANN)
        assert place is not None
        if settings:
            changed = replace(place.chat.settings, **settings)  # type: ignore[arg-type]
            repositories.chats.save_settings(place.chat.ledger.id, changed)
        write_rich(Scope(repositories, place.chat.ledger, ANN, NOW))

    await stage.run(work)


async def tick(stage: Stage, at: datetime) -> list[Shown]:
    stage.now = at
    await PushTick(stage.database.units, asyncio.Event(), ai_policy=PHRASES).run(at)
    return await stage.deliver()


@pytest.fixture
async def phrasing(sqlite_url: str) -> AsyncIterator[Stage]:
    """A stage with a model for insights."""
    handlers: dict[type[Event], ResultHandler] = {InsightsPhrased: insights_phrased}
    async with (
        open_database(sqlite_url) as database,
        open_stage(database, ai_policy=PHRASES, results=handlers) as opened,
    ):
        yield opened


def plain(shown: Shown) -> str:
    return shown.text.replace("\xa0", " ")


async def test_insights_say_what_changed_and_lead_to_it(stage: Stage) -> None:
    (empty,) = await stage.say("/insights")
    assert "Nothing stands out so far" in empty.text
    await fill(stage)
    (shown,) = await stage.say("/insights")
    text = plain(shown)
    for said in (
        "November 2026 will come to about",
        "In four of five such months it ends between",
        "Still to come by itself: €30.00 phone (Wed 25 Nov)",
        "+€95.00: new shops (Sakura)",
        "+€256.35: €117.18 a purchase instead of €53.09",
        "€310.00 fuel (Tue 17 Nov) is far above the usual €53.50",
        "netflix costs €14.99 instead of €12.99 (Thu 5 Nov). That is €24.00 more a year.",
        "3 fixed amounts come again",
        "€1.39 instead of €1.09 (▲ 28 %), by 4 receipts since Fri 3 Jul",
    ):
        assert said in text, said
    (listed,) = await stage.press(shown, "2: entries")
    assert not listed.is_edit
    assert "310.00" in listed.text
    opened = await stage.press(shown, "open")
    assert "fuel" in opened[0].text


async def test_a_series_that_is_over_is_no_fixed_amount(stage: Stage) -> None:
    await stage.say("/recurring rent 850 monthly on 1")
    await stage.say("/recurring course 20 monthly on 20 for 1 month")
    (shown,) = await stage.say("/insights")
    assert "One fixed amount comes again, €850.00 a month" in plain(shown)


async def test_on_the_last_day_of_a_month_nothing_is_forecast(stage: Stage) -> None:
    await fill(stage)
    stage.now = datetime(2026, 11, 30, 12, tzinfo=UTC)
    (shown,) = await stage.say("/insights")
    assert "will come to" not in shown.text
    assert "netflix costs" in shown.text


async def test_no_is_forever_and_can_be_taken_back(stage: Stage) -> None:
    await fill(stage)
    (shown,) = await stage.say("/insights")
    number = next(line for line in plain(shown).splitlines() if "netflix costs" in line)[3]
    (said,) = await stage.press(shown, f"{number}: not this")
    assert "won’t say this again" in said.text
    (again,) = await stage.say("/insights")
    assert "netflix costs" not in again.text
    (taken,) = await stage.press(said, "Say it again")
    assert taken.is_edit
    (again,) = await stage.say("/insights")
    assert "netflix costs" in again.text


async def test_a_proposed_budget_is_set_by_its_button(stage: Stage) -> None:
    await fill(stage)
    (shown,) = await stage.say("/insights")
    (label,) = [one for one in shown.buttons if "set" in one]
    (said,) = await stage.press(shown, label)
    assert not said.is_edit
    assert "€310.00" in plain(said)
    (shown,) = await stage.say("/budgets")
    assert "Groceries" in shown.text
    (again,) = await stage.say("/insights")
    assert "🛒 Groceries usually costs" not in again.text


async def test_the_weekly_push_tells_news_once(stage: Stage) -> None:
    await fill(stage)
    summary, news = await tick(stage, SUNDAY)
    assert "fuel" in summary.text
    assert "What stands out" in news.text
    assert [line[3] for line in news.text.splitlines() if ".</b> " in line] == ["1", "2", "3"]
    # What the second message says of a category is not in the first as well.
    assert "normally" not in plain(summary)
    later = await tick(stage, SUNDAY + timedelta(days=7))
    told = [line for one in later for line in one.text.splitlines() if ".</b> " in line]
    assert not set(told) & set(news.text.splitlines())


async def test_without_a_model_there_is_no_instruction(stage: Stage) -> None:
    await fill(stage)
    (said,) = await stage.say("/insights prompt like a friend")
    assert "no language model" in said.text
    assert said.buttons == {}
    assert await stage.jobs() == []


async def test_an_instruction_is_shown_changed_and_deleted(phrasing: Stage) -> None:
    stage = phrasing
    await fill(stage)
    (said,) = await stage.say("/insights prompt")
    assert "no instruction" in said.text
    (said,) = await stage.press(said, "Friendly coach")
    assert said.is_edit
    assert "Like a friendly coach" in said.text
    (said,) = await stage.say("/insights prompt <b>kurz</b> und knapp")
    assert "&lt;b&gt;kurz" in said.text
    (said,) = await stage.press(said, "Delete instruction")
    assert "is deleted" in said.text
    (said,) = await stage.say("/undo")
    (said,) = await stage.say("/insights prompt")
    assert "kurz" in said.text
    (said,) = await stage.say("/insights prompt " + "x" * 301)
    assert "at most 300" in said.text


async def test_a_models_words_are_sent_only_with_the_facts_numbers(phrasing: Stage) -> None:
    stage = phrasing
    await fill(stage, insights_prompt="short")
    (shown,) = await stage.say("/insights")
    (claim,) = await stage.jobs()
    job = load_job(PhraseInsights, claim.values, claim.partition)
    assert job.instruction == "short"
    assert "€310.00 fuel" in job.facts.replace("\xa0", " ")
    event = InsightsPhrased(job.message_key, job.facts, "", job.shown)
    wrong = "You spent about 300 € on fuel."
    assert await stage.event(replace(event, text=wrong), ANN) == []
    assert await stage.event(event, ANN) == []
    right = "Fuel: €310.00 <at once>, where €53.50 is usual."
    (edited,) = await stage.event(replace(event, text=right), ANN)
    assert edited.is_edit
    assert edited.message_id == shown.message_id
    assert "&lt;at once&gt;" in edited.text
    assert [*edited.buttons] == [*shown.buttons]
    # What was refused meanwhile is not said in other words.
    await stage.press(edited, "2: not this")
    assert await stage.event(replace(event, text=right), ANN) == []


async def test_a_chat_that_sends_nothing_asks_no_model(phrasing: Stage) -> None:
    await fill(phrasing, insights_prompt="short", local_only=True)
    await phrasing.say("/insights")
    assert await phrasing.jobs() == []
    (said,) = await phrasing.say("/insights prompt")
    assert "sends nothing to models" in said.text


async def test_insights_come_in_german(stage: Stage) -> None:
    await fill(stage, language="de")
    (shown,) = await stage.say("/insights")
    text = plain(shown)
    assert "Das sind 24,00 € mehr im Jahr" in text
    assert "insight." not in text
    assert "1: nicht das" in shown.buttons
