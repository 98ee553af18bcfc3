"""The figures of the dashboard's first view, on both databases, next to those that the chat shows."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial

import pytest

from ledger.budgets.allowance import Allowance
from ledger.chats import Member
from ledger.money import Money
from ledger.pace import add_up
from ledger.periods.period import month_of
from ledger.text import BudgetWords
from ports.repositories import DueSchedule, Repositories
from services.conversion import Conversion
from services.dashboard.overview import Overview, read_overview
from services.insights.repeats import find_repeats, list_committed
from services.recurring.coming import list_upcoming
from services.recurring.planning import KIND
from services.reporting.budgets import set_budget
from services.reporting.reports import summarise
from storage import Database
from tests.services.setup import ANN, BO, NOW, Run, Table

MONTH = month_of(NOW.date())


def euros(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


async def test_the_first_view_adds_up_to_what_the_chat_says(database: Database, run: Run) -> None:
    table = Table(kind="group")
    lines = (
        (ANN, "+2000 salary 1 nov"),
        (ANN, "rent 800 1 nov"),
        (BO, "groceries 60.50 5 nov"),
        (BO, "refund groceries +10 6 nov"),
        (ANN, "ramen 980 JPY 7 nov"),
        (ANN, "rent 800 1 oct\ngroceries 100 20 oct"),
    )
    for person, text in lines:
        await run(partial(_say, table, person, text))
    read: Overview = await run(lambda rows: read_overview(table.scope(rows), MONTH))
    asked = await run(lambda rows: summarise(table.scope(rows), MONTH))
    assert read.summary == asked.summary
    assert read.pace
    assert read.pace.spent[-1] == read.summary.spent.minor
    assert len(read.pace.spent) == NOW.day
    assert read.pace.before[-1] == 90_000
    assert sum(one.spent.minor for one in read.people) == read.summary.spent.minor
    assert {one.name for one in read.people} == {"Ann", "Bo"}
    # 11 days from the 20th to the 30th; what has no rate is in no sum.
    assert read.allowance == Allowance("income", read.summary.saved, euros("0.00"), 11)


async def test_what_is_due_today_counts_before_it_is_booked(database: Database, run: Run) -> None:
    table = Table()
    await run(partial(_say, table, ANN, "lunch 100 2 nov"))
    await run(partial(_budget, table, "500"))
    await run(partial(_repeat, table, "gym 30 monthly on 25"))
    early = datetime(2026, 11, 25, 4, 30, tzinfo=UTC)

    async def read(now: datetime) -> tuple[list[int], Allowance | None]:
        found: Overview = await run(lambda rows: read_overview(table.scope(rows, now=now), MONTH))
        return [one.on.day for one in found.coming], found.allowance

    gym = Allowance("budget", euros("400.00"), euros("30.00"), 6)
    assert await read(early) == ([25], gym), "half past five in Berlin"
    assert await run(partial(_list_ahead, table, early)) == (["gym"], ["gym"])
    await run(partial(_book_due, table, early + timedelta(hours=1)))
    booked = Allowance("budget", euros("370.00"), euros("0.00"), 6)
    assert await read(early + timedelta(hours=1)) == ([], booked)
    assert await run(partial(_list_ahead, table, early + timedelta(hours=1))) == ([], [])

    # A bill is booked by nobody, so it counts on its day until it is paid.
    await run(partial(_remind, table, "water 20 monthly on 25"))
    bill = Allowance("budget", euros("370.00"), euros("20.00"), 6)
    assert await read(early + timedelta(hours=9)) == ([25], bill)
    assert await run(partial(_list_ahead, table, early + timedelta(hours=9))) == (
        ["water"],
        ["water"],
    )
    await run(partial(_pay, table, "water", early + timedelta(hours=10)))
    paid = Allowance("budget", euros("350.00"), euros("0.00"), 6)
    assert await read(early + timedelta(hours=11)) == ([], paid)
    assert await run(partial(_list_ahead, table, early + timedelta(hours=11))) == ([], [])


async def test_the_allowance_leaves_out_what_comes_again(database: Database, run: Run) -> None:
    table = Table()
    await run(partial(_say, table, ANN, "lunch 100 2 nov"))
    await run(partial(_repeat, table, "gym 30 monthly on 25"))
    await run(partial(_budget, table, "500"))
    read: Overview = await run(lambda rows: read_overview(table.scope(rows), MONTH))
    assert [one.on.day for one in read.coming] == [25]
    assert read.allowance == Allowance("budget", euros("400.00"), euros("30.00"), 11)
    assert read.allowance.per_day == euros("33.63"), "rounded down: 11 days make 369.93"
    over = await run(lambda rows: read_overview(table.scope(rows), month_of(MONTH.end)))
    assert over.allowance is None, "it does not run yet"


@pytest.mark.parametrize(
    ("left", "committed", "days", "per_day"),
    [
        ("100.00", "0.00", 3, "33.33"),
        ("100.00", "100.01", 3, "0.00"),
        ("-5.00", "0.00", 1, "0.00"),
        ("0.05", "0.00", 31, "0.00"),
    ],
)
def test_an_allowance_never_adds_up_to_more(
    left: str, committed: str, days: int, per_day: str
) -> None:
    allowance = Allowance("income", euros(left), euros(committed), days)
    assert allowance.per_day == euros(per_day)


def test_sums_go_on_over_days_without_spending() -> None:
    first = MONTH.start
    days = [(first, 500), (first + timedelta(days=3), -100)]
    assert add_up(days, MONTH, first + timedelta(days=4)) == (500, 500, 500, 400, 400)
    assert add_up(days, MONTH, first - timedelta(days=1)) == ()
    assert len(add_up(days, MONTH, MONTH.end)) == MONTH.days


def _say(table: Table, person: Member, text: str, rows: Repositories) -> None:
    incoming = table.incoming(rows, text, person=person, addressed=True)
    scope = table.scope(rows, person=person)
    assert table.services.capture.from_text(scope, incoming).booked, text


def _list_ahead(table: Table, now: datetime, rows: Repositories) -> tuple[list[str], list[str]]:
    """Name what the weekly summary looks ahead to, and what the forecast of the month counts."""
    scope = table.scope(rows, now=now)
    committed = list_committed(scope, find_repeats(scope), MONTH, Conversion())
    return [one.title for one, _ in list_upcoming(scope)], [one.title for one in committed]


def _repeat(table: Table, words: str, rows: Repositories) -> None:
    incoming = table.incoming(rows, words)
    table.services.series.by_words(table.scope(rows), incoming)


def _remind(table: Table, words: str, rows: Repositories) -> None:
    table.services.series.remind(table.scope(rows), table.incoming(rows, words))


def _book_due(table: Table, now: datetime, rows: Repositories) -> None:
    scope = table.scope(rows, now=now)
    (series,) = rows.series.list_all(scope.ledger.id)
    row = DueSchedule(1, scope.ledger.id, KIND, series.id, now)
    assert table.services.series.due.take(scope, table.chat(rows, now=now), row)


def _pay(table: Table, title: str, now: datetime, rows: Repositories) -> None:
    scope = table.scope(rows, now=now)
    (bill,) = (one for one in rows.series.list_all(scope.ledger.id) if one.title == title)
    table.services.series_entries.pay(scope, bill.id, date(2026, 11, 25))


def _budget(table: Table, amount: str, rows: Repositories) -> None:
    set_budget(table.scope(rows), BudgetWords("", amount=Decimal(amount)), operation_id="op")
