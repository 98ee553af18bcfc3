"""Weekly summaries and monthly recaps over a real database: one per period (S01, S03-S05)."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from ledger.chats import Chat
from ledger.entries.entry import Converted, Entry
from ledger.errors import UnavailableError
from ledger.money import Money
from ledger.settings import Settings
from ports.answers import Summarised
from ports.repositories import DueSchedule, Repositories
from services.reporting.pushes import Skipped, claim_due, plan
from services.reporting.recaps import Push, compose_due
from services.schedules import PARKED
from services.schedules import take_due as take_others
from services.scope import Scope

FRIDAY = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
SUNDAY = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)
"""Sunday 18:00 in Berlin: the push of the week from 16 to 22 November."""
FAR = datetime(2100, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
BERLIN = Settings(currency="EUR", timezone="Europe/Berlin", language="en")

Run = Callable[[Callable[[Repositories], Any]], Awaitable[Any]]


@dataclass(frozen=True)
class Taken:
    """What a tick found."""

    pushes: tuple[Push, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    unknown: tuple[DueSchedule, ...] = ()
    more: bool = False


def take_due(repositories: Repositories, now: datetime, limit: int = 100) -> Taken:
    """Claim, compose and look at other schedules, as a tick of the scheduler does."""
    claimed = claim_due(repositories, now, limit)
    others = take_others(repositories, now)
    composed = compose_due(repositories, now, limit)
    more = claimed.more or composed.more
    return Taken(composed.pushes, (*claimed.skipped, *composed.skipped), others.unknown, more)


def begin(repositories: Repositories, settings: Settings = BERLIN, chat_id: int = 1) -> Chat:
    chat = repositories.chats.add(chat_id, "private", "Ann", settings, FRIDAY)
    plan(Scope(repositories, chat.ledger, 0, FRIDAY))
    return chat


def spend(repositories: Repositories, chat: Chat, on: date, number: int = 1) -> None:
    money = Money(Decimal("4.50"), "EUR")
    repositories.entries.add(
        [
            Entry(
                id=f"e{chat.chat_id}-{number}",
                ledger_id=chat.ledger.id,
                type="expense",
                money=money,
                spent_on=on,
                note="coffee",
                category="eating_out",
                paid_by=7,
                source="text",
                source_key=f"tg:{chat.chat_id}:{number}:{0}",
                created_at=FRIDAY,
                updated_at=FRIDAY,
                base=Converted(money, Decimal(1), on),
            )
        ]
    )


def rows(repositories: Repositories) -> list[DueSchedule]:
    found = [
        DueSchedule(schedule_id, ledger_id, due.kind, "", due.due_at)
        for due in repositories.schedules.due_pushes(FAR, 100)
        for schedule_id, ledger_id in zip(due.schedule_ids, due.ledger_ids, strict=True)
    ]
    return sorted(found, key=lambda row: (row.kind, row.ledger_id))


def weekly(repositories: Repositories) -> datetime:
    return next(row.due_at for row in rows(repositories) if row.kind == "weekly")


def keys(taken: Taken) -> list[tuple[str, str]]:
    return [(push.kind, push.period_key) for push in taken.pushes]


async def test_a_chat_begins_with_its_next_times(run: Run) -> None:
    def work(repositories: Repositories) -> None:
        chat = begin(repositories)
        assert [(row.ledger_id, row.kind, row.due_at) for row in rows(repositories)] == [
            (chat.ledger.id, "monthly", datetime(2026, 12, 1, 8, tzinfo=UTC)),
            (chat.ledger.id, "weekly", SUNDAY),
        ]
        # What was spent before the chat began is not pushed, whatever day it carries.
        spend(repositories, chat, date(2026, 11, 12))
        assert take_due(repositories, FRIDAY) == Taken()

    await run(work)


async def test_a_push_comes_once_with_its_figures(run: Run) -> None:
    def work(repositories: Repositories) -> None:
        chat = begin(repositories)
        spend(repositories, chat, date(2026, 11, 20))
        assert take_due(repositories, SUNDAY - HOUR / 60).pushes == ()
        (push,) = take_due(repositories, SUNDAY + HOUR / 60).pushes
        assert (push.kind, push.period_key) == ("weekly", "2026-11-16")
        assert isinstance(push.content, Summarised)
        assert push.content.kind == "weekly"
        assert str(push.content.summary.spent.amount) == "4.50"
        assert push.expires_at == SUNDAY + DAY
        assert push.message_key == f"push-weekly-{chat.ledger.id}-2026-11-16"
        assert take_due(repositories, SUNDAY + 2 * HOUR).pushes == ()
        assert weekly(repositories) == SUNDAY + 7 * DAY

    await run(work)


async def test_the_recap_covers_the_month_that_ended(run: Run) -> None:
    def work(repositories: Repositories) -> None:
        chat = begin(repositories)
        spend(repositories, chat, date(2026, 11, 20))
        spend(repositories, chat, date(2026, 12, 1), 2)
        take_due(repositories, SUNDAY)
        (push,) = take_due(repositories, datetime(2026, 12, 1, 8, 0, tzinfo=UTC)).pushes
        assert (push.kind, push.period_key) == ("monthly", "2026-11-01")
        assert isinstance(push.content, Summarised)
        assert push.content.summary.count == 1

    await run(work)


async def test_eight_ticks_at_once_send_one(run: Run) -> None:
    """S04: every tick is a unit of its own."""
    chat = await run(begin)
    await run(lambda repositories: spend(repositories, chat, date(2026, 11, 20)))
    ticks = await asyncio.gather(
        *(run(lambda repositories: take_due(repositories, SUNDAY)) for _ in range(8))
    )
    assert [keys(taken) for taken in ticks if taken.pushes] == [[("weekly", "2026-11-16")]]


async def test_four_tickers_share_sixty_chats(run: Run) -> None:
    """S04: side by side, each as fast as it can, on one database."""

    def prepare(repositories: Repositories) -> None:
        for chat_id in range(1, 61):
            spend(
                repositories,
                begin(repositories, chat_id=chat_id),
                date(2026, 11, 20),
            )

    async def ticker(limit: int) -> list[int]:
        sent: list[int] = []
        while True:
            taken = await run(lambda repositories: take_due(repositories, SUNDAY, limit=limit))
            sent += [push.chat.chat_id for push in taken.pushes]
            if not taken.more:
                return sent

    await run(prepare)
    sent = await asyncio.gather(*(ticker(limit) for limit in (3, 5, 7, 20)))
    assert sorted(chat_id for one in sent for chat_id in one) == list(range(1, 61))


async def test_a_tick_that_dies_before_its_commit_has_claimed_nothing(run: Run) -> None:
    """S03: claim, schedule and message become true together."""
    await run(lambda repositories: spend(repositories, begin(repositories), date(2026, 11, 20)))

    def die(repositories: Repositories) -> None:
        assert take_due(repositories, SUNDAY).pushes
        raise ConnectionAbortedError

    # How a lost database is called is the plug's affair.
    with pytest.raises((ConnectionAbortedError, UnavailableError)):
        await run(die)
    taken = await run(lambda repositories: take_due(repositories, SUNDAY + HOUR))
    assert keys(taken) == [("weekly", "2026-11-16")]


async def test_a_quiet_week_and_a_muted_chat_hear_nothing(run: Run) -> None:
    def work(repositories: Repositories) -> None:
        begin(repositories)
        muted = begin(repositories, chat_id=2)
        spend(repositories, muted, date(2026, 11, 20))
        repositories.chats.mute(2, muted=True)
        assert take_due(repositories, SUNDAY) == Taken()
        # Neither is made up for when somebody writes again.
        repositories.chats.mute(2, muted=False)
        assert take_due(repositories, SUNDAY + HOUR) == Taken()
        assert [row.due_at for row in rows(repositories) if row.kind == "weekly"] == 2 * [
            SUNDAY + 7 * DAY
        ]

    await run(work)


@pytest.mark.parametrize(
    ("late", "sent", "skipped"),
    [
        # back after five hours, after a day to the second, after longer
        (5 * HOUR, ["2026-11-16"], []),
        (DAY, ["2026-11-16"], []),
        (DAY + HOUR / 60, [], ["2026-11-16"]),
        # back after five weeks, two days past the last push: no burst, no old news
        (
            37 * DAY,
            [],
            ["2026-11-16", "2026-11-23", "2026-11-30", "2026-12-07", "2026-12-14", "2026-12-21"],
        ),
    ],
)
async def test_after_downtime_one_push_is_caught_up_within_a_day(
    run: Run, late: timedelta, sent: list[str], skipped: list[str]
) -> None:
    def work(repositories: Repositories) -> None:
        chat = begin(repositories, replace(BERLIN, monthly_on=False))
        for week in range(6):
            spend(repositories, chat, date(2026, 11, 20) + week * 7 * DAY, week)
        ticks = [take_due(repositories, SUNDAY + late + n * HOUR / 60) for n in range(5)]
        assert [push.period_key for taken in ticks for push in taken.pushes] == sent
        assert [one.period_key for taken in ticks for one in taken.skipped] == skipped
        assert SUNDAY + late < weekly(repositories) <= SUNDAY + late + 7 * DAY

    await run(work)


async def test_down_for_eight_days_the_newest_is_still_fresh(run: Run) -> None:
    def work(repositories: Repositories) -> None:
        chat = begin(repositories, replace(BERLIN, monthly_on=False))
        for week in range(2):
            spend(repositories, chat, date(2026, 11, 20) + week * 7 * DAY, week)
        ticks = [take_due(repositories, SUNDAY + 7 * DAY + 6 * HOUR) for _ in range(4)]
        assert [key for taken in ticks for key in keys(taken)] == [("weekly", "2026-11-23")]
        assert [one.period_key for taken in ticks for one in taken.skipped] == ["2026-11-16"]

    await run(work)


async def test_after_two_missed_sundays_the_next_push_is_of_its_own_week(run: Run) -> None:
    """Once the second missed week stood in the next push's place, a week late and without a word."""

    def work(repositories: Repositories) -> None:
        chat = begin(repositories, replace(BERLIN, monthly_on=False))
        for week in range(4):
            spend(repositories, chat, date(2026, 11, 20) + week * 7 * DAY, week)
        taken = take_due(repositories, SUNDAY + 9 * DAY)
        assert [one.period_key for one in taken.skipped] == ["2026-11-16", "2026-11-23"]
        assert keys(take_due(repositories, SUNDAY + 14 * DAY)) == [("weekly", "2026-11-30")]
        assert keys(take_due(repositories, SUNDAY + 21 * DAY)) == [("weekly", "2026-12-07")]

    await run(work)


async def test_a_schedule_of_an_unknown_kind_is_parked(run: Run) -> None:
    def work(repositories: Repositories) -> None:
        chat = begin(repositories, replace(BERLIN, monthly_on=False))
        repositories.schedules.plan(chat.ledger.id, "bill", FRIDAY, subject_id="rent")
        repositories.schedules.plan(chat.ledger.id, "bill", FRIDAY, subject_id="power")
        taken = take_due(repositories, FRIDAY)
        assert [row.subject_id for row in taken.unknown] == ["rent", "power"]
        assert take_due(repositories, FRIDAY) == Taken()
        assert len(take_due(repositories, FRIDAY + PARKED).unknown) == 2

    await run(work)


async def test_one_tick_takes_no_more_than_its_limit(run: Run) -> None:
    def work(repositories: Repositories) -> None:
        for chat_id in range(1, 8):
            spend(
                repositories,
                begin(repositories, chat_id=chat_id),
                date(2026, 11, 20),
            )
        ticks = [take_due(repositories, SUNDAY, limit=3) for _ in range(4)]
        assert [len(taken.pushes) for taken in ticks] == [3, 3, 1, 0]
        assert [taken.more for taken in ticks] == [True, True, False, False]

    await run(work)


@pytest.mark.parametrize(
    ("new", "due_at"),
    [
        # a later hour, another zone, an earlier hour
        ({"weekly_hour": 20}, SUNDAY + 2 * HOUR),
        ({"timezone": "UTC"}, SUNDAY + HOUR),
        ({"weekly_hour": 8}, SUNDAY - 10 * HOUR),
        # Monday: the last week was never this chat's to report, the next comes on Monday
        ({"weekly_day": 0}, SUNDAY + DAY),
        # nothing that moves a push
        ({"language": "de", "currency": "USD", "monthly_hour": 3}, SUNDAY),
    ],
)
async def test_a_change_moves_the_push(run: Run, new: dict[str, Any], due_at: datetime) -> None:
    def work(repositories: Repositories) -> None:
        chat = begin(repositories)
        moved = replace(chat, ledger=replace(chat.ledger, settings=replace(BERLIN, **new)))
        plan(Scope(repositories, moved.ledger, 0, FRIDAY), changed=True, before=chat.settings)
        assert weekly(repositories) == due_at

    await run(work)


async def test_a_time_that_passed_by_the_change_is_due_now(run: Run) -> None:
    """S05: from Saturday to Monday, on a Thursday: the week would go without."""

    def work(repositories: Repositories) -> None:
        saturday = replace(BERLIN, weekly_day=5)
        chat = begin(repositories, saturday)
        spend(repositories, chat, date(2026, 11, 20))
        assert take_due(repositories, FRIDAY + DAY + 6 * HOUR).pushes == ()
        thursday = FRIDAY + 6 * DAY
        moved = replace(chat, ledger=replace(chat.ledger, settings=replace(saturday, weekly_day=0)))
        repositories.chats.save_settings(chat.ledger.id, moved.settings)
        plan(Scope(repositories, moved.ledger, 0, thursday), changed=True, before=saturday)
        assert weekly(repositories) == thursday
        assert keys(take_due(repositories, thursday + HOUR)) == [("weekly", "2026-11-16")]
        assert weekly(repositories) == datetime(2026, 11, 30, 17, tzinfo=UTC)

    await run(work)


async def test_what_is_turned_off_is_silent_and_begins_anew(run: Run) -> None:
    def work(repositories: Repositories) -> None:
        chat = begin(repositories)
        quiet = replace(
            chat, ledger=replace(chat.ledger, settings=replace(BERLIN, weekly_on=False))
        )
        repositories.chats.save_settings(chat.ledger.id, quiet.settings)
        plan(Scope(repositories, quiet.ledger, 0, FRIDAY), changed=True, before=BERLIN)
        assert [row.kind for row in rows(repositories)] == ["monthly"]
        spend(repositories, chat, date(2026, 11, 20))
        # Turned on on Wednesday: the Sunday that was off is not made up for.
        wednesday = SUNDAY + 3 * DAY
        repositories.chats.save_settings(chat.ledger.id, BERLIN)
        plan(Scope(repositories, chat.ledger, 0, wednesday), changed=True, before=quiet.settings)
        assert weekly(repositories) == SUNDAY + 7 * DAY
        assert take_due(repositories, wednesday).pushes == ()

    await run(work)


async def test_a_schedule_without_a_ledger_goes(run: Run) -> None:
    def work(repositories: Repositories) -> None:
        begin(repositories)
        repositories.chats.forget(1)
        assert take_due(repositories, FAR) == Taken()
        assert rows(repositories) == []

    await run(work)


@pytest.mark.parametrize("seed", range(2))
async def test_random_changes_and_late_ticks_never_double_nor_lose_a_week(
    run: Run, seed: int
) -> None:
    dice = random.Random(seed)

    def work(repositories: Repositories) -> list[Push]:
        settings = replace(BERLIN, monthly_on=False)
        chat = begin(repositories, settings)
        for week in range(60):
            spend(repositories, chat, date(2026, 11, 18) + week * 7 * DAY, week)
        now = FRIDAY
        sent: list[Any] = []
        while now < FRIDAY + 50 * 7 * DAY:
            # Ticks come within a day, as after a short downtime; then somebody changes something.
            now = weekly(repositories) + dice.choice([-1, 1]) * timedelta(
                minutes=dice.randrange(23 * 60)
            )
            sent += take_due(repositories, now).pushes
            before = chat.settings
            settings = replace(
                before,
                timezone=dice.choice(["Europe/Berlin", "Pacific/Apia", "Pacific/Honolulu"]),
                weekly_day=dice.choice([before.weekly_day, dice.randrange(7)]),
                weekly_hour=dice.randrange(24),
            )
            chat = replace(chat, ledger=replace(chat.ledger, settings=settings))
            repositories.chats.save_settings(chat.ledger.id, chat.settings)
            plan(Scope(repositories, chat.ledger, 0, now), changed=True, before=before)
        return sent

    sent = await run(work)
    starts = [date.fromisoformat(push.period_key) for push in sent]
    assert starts == [starts[0] + n * 7 * DAY for n in range(len(starts))], f"seed {seed}"
    assert len(starts) >= 30, "a run that sends next to nothing proves nothing"
