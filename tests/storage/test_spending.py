"""The caps of paid calls hold over both databases, side by side and after a chat was forgotten."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from ports.spending import Caps, PlannedCall, Spent
from storage import Database
from storage.database.repositories.spending import SqlSpending
from tests.storage.samples import CHAT, NOW, open_chat

CALL = PlannedCall(CHAT, "vision", "small-model", 1000)
CAPS = Caps(chat_daily_calls=5, monthly_micros=1_000_000)


@pytest.fixture
def spending(database: Database) -> SqlSpending:
    return database.spending(CAPS)


async def test_a_chat_stops_at_its_daily_calls_and_others_go_on(spending: SqlSpending) -> None:
    made = [await spending.reserve(CALL, now=NOW) for _ in range(8)]
    assert sum(number is not None for number in made) == 5
    assert await spending.reserve(replace(CALL, chat_id=2), now=NOW) is not None
    tomorrow = datetime(2026, 11, 21, 0, 0, tzinfo=UTC)
    assert await spending.reserve(CALL, now=tomorrow) is not None


async def test_calls_reserved_side_by_side_never_pass_a_cap_together(spending: SqlSpending) -> None:
    made = await asyncio.gather(*(spending.reserve(CALL, now=NOW) for _ in range(40)))
    numbers = [number for number in made if number is not None]
    assert len(numbers) == len(set(numbers)) == 5


async def test_the_month_stops_all_chats_before_its_budget_is_passed(database: Database) -> None:
    spending = database.spending(Caps(chat_daily_calls=100, monthly_micros=10_500))
    made = [await spending.reserve(replace(CALL, chat_id=n), now=NOW) for n in range(12)]
    assert sum(number is not None for number in made) == 10
    december = datetime(2026, 12, 1, 0, 0, 1, tzinfo=UTC)
    assert await spending.reserve(CALL, now=december) is not None


async def test_what_is_settled_counts_in_place_of_what_was_reserved(database: Database) -> None:
    spending = database.spending(Caps(chat_daily_calls=100, monthly_micros=2_000))
    first = await spending.reserve(CALL, now=NOW)
    second = await spending.reserve(CALL, now=NOW)
    assert first is not None
    assert second is not None
    assert await spending.reserve(CALL, now=NOW) is None
    await spending.settle(first, Spent(100, 1.25, succeeded=True, input_tokens=7, output_tokens=3))
    assert await spending.reserve(replace(CALL, cost_micros=900), now=NOW) is not None
    [month] = await spending.by_month(since=NOW - timedelta(days=1))
    assert (month.month, month.chat_id, month.service, month.calls) == (
        "2026-11",
        CHAT,
        "vision",
        3,
    )
    assert (month.cost_micros, month.input_tokens, month.output_tokens) == (2000, 7, 3)
    assert month.seconds == 1.25


async def test_no_budget_allows_what_costs_nothing_only(database: Database) -> None:
    spending = database.spending(Caps(chat_daily_calls=100, monthly_micros=0))
    assert await spending.reserve(CALL, now=NOW) is None
    assert await spending.reserve(replace(CALL, cost_micros=0), now=NOW) is not None


async def test_a_forgotten_chat_leaves_its_costs_but_not_its_name(database: Database) -> None:
    spending = database.spending(CAPS)
    async with database.units.open(now=NOW) as unit:
        chat = await unit.run(open_chat)
    await spending.reserve(CALL, now=NOW)
    async with database.units.open(now=NOW) as unit:
        await unit.run(lambda repositories: repositories.chats.forget(chat.ledger.id))
    [month] = await spending.by_month(since=NOW - timedelta(days=1))
    assert (month.chat_id, month.cost_micros) == (0, 1000)
