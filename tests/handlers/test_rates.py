"""A chat's own rates: counted from their day on, undone, asked for once, and told to a group."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from bot.engine.runners import follow_entries
from ledger.entries.entry import Converted, Entry
from ledger.entries.queries import EntryFilter
from ledger.rates.values import DayRates
from ports.jobs import EntriesChanged, Event, FollowEntries, load_job
from ports.repositories import Repositories
from replies.job_results import entries_changed
from replies.results import ResultHandler
from scheduler.pushes import PushTick
from services.rates.recounting import plan_waiting
from storage import open_database
from tests.handlers.stage import ANN, BO, GROUP, Shown, Stage, open_stage

DAY = date(2026, 11, 20)
"""The day on which the stage begins."""


@pytest.fixture
async def stage(sqlite_url: str) -> AsyncIterator[Stage]:
    results: dict[type[Event], ResultHandler] = {EntriesChanged: entries_changed}
    async with open_database(sqlite_url) as database, open_stage(database, results=results) as one:
        yield one


async def publish(stage: Stage, on: date = DAY, **rates: str) -> None:
    days = [DayRates(on, {code: Decimal(rate) for code, rate in rates.items()})]
    await stage.run(lambda repositories: repositories.rates.publish(days))


async def entries(stage: Stage, chat_id: int = ANN) -> list[Entry]:
    """The entries of a chat, the oldest first."""

    def work(repositories: Repositories) -> list[Entry]:
        place = repositories.chats.find(chat_id)
        assert place is not None
        return repositories.entries.page(place.chat.ledger.id, EntryFilter(), limit=99)

    found = await stage.run(work)
    return sorted(found, key=lambda entry: entry.created_at)


async def bases(stage: Stage, chat_id: int = ANN) -> list[Converted | None]:
    return [entry.base for entry in await entries(stage, chat_id)]


def texts(shown: list[Shown]) -> str:
    return "\n".join(one.text for one in shown)


def to(shown: Shown) -> dict[str, Any]:
    """A message of the bot, as a reply to it carries it."""
    return {
        "message_id": shown.message_id,
        "date": 0,
        "chat": {"id": shown.chat_id, "type": "private"},
        "from": {"id": 1, "is_bot": True, "first_name": "Kvitto"},
    }


async def test_a_card_shows_rate_and_day_and_keeps_the_typed_amount(stage: Stage) -> None:
    await publish(stage, USD="1.25")
    (card,) = await stage.say("coffee 4.50 USD")
    assert "$4.50" in card.text
    assert "€3.60 at 1 USD = 0.80 EUR" in card.text
    (entry,) = await entries(stage)
    assert entry.money.amount == Decimal("4.50")
    assert entry.money.currency == "USD"
    assert entry.base is not None
    assert (entry.base.money.minor, entry.base.rate, entry.base.rate_on) == (
        360,
        Decimal("0.8"),
        DAY,
    )
    (detail,) = await stage.press(card, "Category")
    assert detail.text


async def test_an_own_rate_wins_from_its_day_on_and_undo_takes_it_back(stage: Stage) -> None:
    await publish(stage, date(2026, 11, 9), USD="1.25")
    await stage.say("book 10 USD on 10 Nov")
    await stage.say("coffee 10 USD on 13 Nov")
    said, card = await stage.say("/rate 1 USD = 0.90 EUR on 12 Nov")
    assert card.is_edit
    assert "€9.00 at your own rate 1 USD = 0.90 EUR" in card.text, "the card follows"
    assert "1 USD = 0.90 EUR" in said.text
    assert "One entry is counted again" in said.text
    minor = [one.money.minor for one in await bases(stage) if one]
    assert minor == [800, 900]
    undone, card = await stage.say("/undo")
    assert "no longer counts" in undone.text
    assert "€8.00 at 1 USD = 0.80 EUR" in card.text
    assert [one.money.minor for one in await bases(stage) if one] == [800, 800]
    redone, _ = await stage.say("/redo")
    assert "1 USD = 0.90 EUR" in redone.text
    assert [one.money.minor for one in await bases(stage) if one] == [800, 900]
    await stage.say("tea 10 USD")
    last = (await bases(stage))[-1]
    assert last is not None
    assert (last.money.minor, last.kind, last.rate_on) == (900, "own", date(2026, 11, 12))


async def test_the_reverse_direction_works_and_a_newer_own_rate_takes_over(stage: Stage) -> None:
    await stage.say("/rate 1 EUR = 1.11 USD on 1 Nov")
    await stage.say("/rate USD 0.95 on 10 Nov")
    await stage.say("book 100 USD on 5 Nov")
    await stage.say("tea 100 USD on 12 Nov")
    assert [one.money.minor for one in await bases(stage) if one] == [9009, 9500]


async def test_removing_brings_the_published_rate_back_and_undo_the_own_one(stage: Stage) -> None:
    await publish(stage, USD="1.25")
    await stage.say("coffee 10 USD")
    await stage.say("/rate 1 USD = 0.90 EUR")
    removed, _ = await stage.say("/rate USD off")
    assert "removed" in removed.text
    assert "1 USD = 0.80 EUR" in removed.text
    (base,) = await bases(stage)
    assert base is not None
    assert (base.money.minor, base.kind) == (800, "daily")
    await stage.say("/undo")
    (base,) = await bases(stage)
    assert base is not None
    assert base.money.minor == 900


async def test_a_jump_is_asked_and_changes_nothing_before_the_press(stage: Stage) -> None:
    await publish(stage, USD="1.25")
    await stage.say("coffee 10 USD")
    (doubt,) = await stage.say("/rate 1 USD = 8 EUR")
    assert "1 USD = 0.80 EUR" in doubt.text, "the known rate is named"
    (base,) = await bases(stage)
    assert base is not None
    assert base.money.minor == 800
    (kept,) = await stage.press(doubt, "Leave it")
    assert kept.is_edit


async def test_a_figure_with_two_readings_is_read_by_the_known_rate(stage: Stage) -> None:
    await publish(stage, USD="1.25", IDR="20000")
    (said,) = await stage.say("/rate 1 EUR = 1.117 USD")
    assert "1 EUR = 1.117 USD" in said.text
    (said,) = await stage.say("/rate 1 EUR = 20,275 IDR")
    assert "1 EUR = 20,275.00 IDR" in said.text


async def test_an_unknown_currency_is_asked_once_and_answered_by_a_reply(stage: Stage) -> None:
    await publish(stage, USD="1.25")
    card, question = await stage.say("taxi 1000 ARS")
    assert "listed apart" in card.text
    assert "1 ARS = ? EUR" in question.text
    again = await stage.say("bus 500 ARS")
    assert len(again) == 1, "asked once"
    answers = await stage.say("0.001", reply_to_message=to(question))
    assert "1 EUR = 1,000.00 ARS" in texts(answers)
    assert any(one.is_edit for one in answers), "the question loses its buttons"
    assert [one.money.minor for one in await bases(stage) if one] == [100, 50]
    assert "1 ARS" not in texts(await stage.say("/open"))


async def test_a_reply_may_state_the_whole_rate_or_nothing_of_the_kind(stage: Stage) -> None:
    await publish(stage, USD="1.25")
    _, question = await stage.say("taxi 1000 ARS")
    await stage.say("1 EUR = 1250 ARS", reply_to_message=to(question))
    (base,) = await bases(stage)
    assert base is not None
    assert base.money.minor == 80


async def test_every_member_may_and_the_group_is_told(stage: Stage) -> None:
    await publish(stage, USD="1.25")
    await stage.say("@kvitto_bot lunch 10 USD", chat=GROUP, user=ANN)
    said = await stage.say("/rate 1 USD = 0.90 EUR", chat=GROUP, user=BO)
    assert "1 USD = 0.90 EUR" in texts(said)
    base = (await bases(stage, GROUP))[-1]
    assert base is not None
    assert base.money.minor == 900


async def test_a_rate_takes_a_budget_over_its_limit_and_alerts(stage: Stage) -> None:
    await publish(stage, USD="1.25")
    await stage.say("/budget 100 month")
    await stage.say("coat 80 USD")
    said = await stage.say("/rate 1 USD = 1.05 EUR")
    assert "84" in texts(said)
    assert [one.is_edit for one in said] == [False, True, False], "answer, card, alert at 80 %"


async def test_no_rate_is_asked_for_before_any_is_published(stage: Stage) -> None:
    shown = await stage.say("coffee 4.50 USD")
    assert len(shown) == 1


async def test_the_rates_in_use_are_listed_with_their_days(stage: Stage) -> None:
    await publish(stage, USD="1.25", JPY="160")
    await publish(stage, date(2026, 11, 2), CHF="0.93")
    for text in ("coffee 4 USD", "ramen 980 JPY", "cheese 20 CHF"):
        await stage.say(text)
    await stage.say("/rate 1 JPY = 0.006 EUR")
    (listed,) = await stage.say("/rate")
    assert "1 USD = 0.80 EUR · published Fri 20 Nov" in listed.text
    assert "1 EUR = 166.67 JPY · your own, since Fri 20 Nov" in listed.text
    assert "1 CHF = 1.0753 EUR · provisional, published Mon 2 Nov" in listed.text
    (one,) = await stage.say("/rate JPY")
    assert "Set in this chat" in one.text


async def test_cards_follow_entries_that_a_schedule_counted_again(stage: Stage) -> None:
    await publish(stage, date(2026, 10, 30), USD="1.25")
    (card,) = await stage.say("coffee 10 USD")
    assert "€8.00" in card.text
    await publish(stage, USD="1.60")
    await plan_waiting(stage.database.units, stage.now)
    await PushTick(stage.database.units, asyncio.Event()).run(stage.now)
    (job,) = await stage.jobs()
    event = await follow_entries(load_job(FollowEntries, job.values, job.partition))
    (edited,) = await stage.event(event, ANN)
    assert edited.message_id == card.message_id
    assert "€6.25 at 1 USD = 0.625 EUR" in edited.text
