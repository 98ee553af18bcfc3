"""Summaries and pages over a real database, against an independent model (M01, M07)."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from ledger.categories import REFUNDED
from ledger.chats import Chat, Member
from ledger.entries.entry import Converted, Entry, EntryType
from ledger.entries.queries import Cursor, EntryFilter
from ledger.money import MINOR_DIGITS, Money
from ledger.periods.period import Period, month_of, week_of
from ledger.settings import Per, Settings
from ledger.text.model import BudgetWords
from ports.answers import Summarised
from ports.repositories import Repositories
from services.ids import new_id
from services.reporting.budgets import set_budget
from services.reporting.reports import list_page, summarise
from services.scope import Scope

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
TODAY = NOW.date()
BERLIN = Settings(currency="EUR", timezone="Europe/Berlin", language="en")
NOVEMBER = month_of(TODAY, 1)
DAY = timedelta(days=1)

Run = Callable[[Callable[[Repositories], Any]], Awaitable[Any]]


def begin(repositories: Repositories, settings: Settings = BERLIN) -> Chat:
    return repositories.chats.add(1, "private", "Ann", settings, NOW)


def entry(
    number: int,
    money: Money,
    category: str = "groceries",
    on: date = TODAY,
    **fields: Any,  # noqa: ANN401  # any field
) -> Entry:
    plain = Entry(
        id=f"e{number:06}",
        ledger_id=1,
        type="expense",
        money=money,
        spent_on=on,
        note=f"entry {number}",
        category=category,
        paid_by=7,
        source="text",
        source_key=f"tg:{1}:{number}:{0}",
        created_at=NOW,
        updated_at=NOW,
        base=Converted(money, Decimal(1), on) if money.currency == "EUR" else None,
    )
    return replace(plain, **fields)


def euros(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


def budget(repositories: Repositories, chat: Chat, scope: str, amount: str, per: Per) -> None:
    said = BudgetWords(scope=scope, amount=Decimal(amount), per=per)
    set_budget(Scope(repositories, chat.ledger, 7, NOW), said, operation_id=new_id(NOW))


def shown(summarised: Summarised) -> list[tuple[str, str, str]]:
    return [(s.budget.scope, s.budget.per, str(s.spent.amount)) for s in summarised.budgets]


async def test_an_empty_period_has_figures_too(run: Run) -> None:
    def work(repositories: Repositories) -> None:
        summary = summarise(
            Scope(repositories, begin(repositories).ledger, 0, NOW),
            NOVEMBER,
        ).summary
        assert (summary.spent, summary.income, summary.saved) == (euros("0.00"),) * 3
        assert (summary.count, summary.categories, summary.days, summary.change) == (
            0,
            (),
            (),
            None,
        )

    await run(work)


async def test_a_month_is_summed_up_against_the_same_days_before(run: Run) -> None:
    def work(repositories: Repositories) -> None:
        chat = begin(repositories)
        repositories.entries.add(
            [
                entry(1, euros("30"), on=date(2026, 11, 2)),
                entry(2, euros("4.50"), "eating_out", on=date(2026, 11, 20)),
                entry(3, euros("1200"), "income", on=date(2026, 11, 1), type="income"),
                entry(4, Money(Decimal(980), "JPY"), "eating_out"),
                # October: the 20th is compared, the 21st is not yet
                entry(5, euros("20"), on=date(2026, 10, 20)),
                entry(6, euros("999"), on=date(2026, 10, 21)),
                entry(7, euros("1000"), "income", on=date(2026, 10, 1), type="income"),
                # neither spending nor there any more
                entry(8, euros("50"), "transfer", type="transfer"),
                entry(9, euros("60"), deleted_at=NOW),
                entry(11, Money(Decimal(500), "USD"), "income", type="income"),
                # the next month begins tomorrow for nobody
                entry(10, euros("70"), on=date(2026, 12, 1)),
            ]
        )
        summary = summarise(Scope(repositories, chat.ledger, 0, NOW), NOVEMBER).summary
        assert [
            (c.category, str(c.total.amount), str(c.before.amount), c.count)
            for c in summary.categories
        ] == [("groceries", "30.00", "20.00", 1), ("eating_out", "4.50", "0.00", 1)]
        assert (summary.spent, summary.spent_before) == (euros("34.50"), euros("20.00"))
        assert (summary.income, summary.income_before) == (euros("1200.00"), euros("1000.00"))
        assert summary.saved == euros("1165.50")
        assert summary.change == Decimal("0.725")
        assert summary.unconverted == (Money(Decimal(980), "JPY"),)
        assert summary.unconverted_income == (Money(Decimal("500.00"), "USD"),)
        assert summary.count == 3
        assert summary.days == (
            (date(2026, 11, 2), euros("30.00")),
            (date(2026, 11, 20), euros("4.50")),
        )
        assert summary.before == Period(date(2026, 10, 1), date(2026, 10, 21))
        assert summary.through == TODAY

    await run(work)


async def test_a_period_that_is_over_is_compared_as_a_whole(run: Run) -> None:
    def work(repositories: Repositories) -> None:
        chat = begin(repositories)
        repositories.entries.add(
            [entry(1, euros("4"), on=date(2026, 9, 5)), entry(2, euros("6"), on=date(2026, 9, 30))]
        )
        summary = summarise(
            Scope(repositories, chat.ledger, 0, NOW), month_of(date(2026, 10, 5), 1)
        ).summary
        assert summary.through is None
        assert summary.spent_before == euros("10.00")

    await run(work)


async def test_the_chats_zone_says_which_day_it_is(run: Run) -> None:
    def work(repositories: Repositories) -> None:
        chat = begin(repositories, replace(BERLIN, timezone="Pacific/Auckland"))
        summary = summarise(Scope(repositories, chat.ledger, 0, NOW), NOVEMBER).summary
        assert summary.through == date(2026, 11, 21)

    await run(work)


async def test_the_budgets_that_run_stand_beside_it(run: Run) -> None:
    def work(repositories: Repositories) -> None:
        chat = begin(repositories)
        budget(repositories, chat, "", "1500", "month")
        budget(repositories, chat, "groceries", "100", "week")
        repositories.entries.add(
            [
                entry(1, euros("30"), on=date(2026, 11, 2)),
                entry(2, euros("10"), on=TODAY),
                entry(3, euros("5"), on=date(2026, 10, 6)),
            ]
        )
        total, week = ("", "month", "40.00"), ("groceries", "week", "10.00")
        today = Period(TODAY, TODAY + DAY, "day")
        # a running month shows its own, a running week and today the longer ones too
        assert shown(summarise(Scope(repositories, chat.ledger, 0, NOW), NOVEMBER)) == [total]
        assert shown(summarise(Scope(repositories, chat.ledger, 0, NOW), week_of(TODAY, 0))) == [
            total,
            week,
        ]
        assert shown(summarise(Scope(repositories, chat.ledger, 0, NOW), today)) == [total, week]
        # what is over shows its own as they ended
        october = summarise(
            Scope(repositories, chat.ledger, 0, NOW), month_of(date(2026, 10, 1), 1)
        )
        assert shown(october) == [("", "month", "5.00")]
        assert october.budgets[0].days_left == 0
        assert shown(
            summarise(Scope(repositories, chat.ledger, 0, NOW), week_of(date(2026, 10, 6), 0))
        ) == [("groceries", "week", "5.00")]
        # a year and a stretch of one's own have none
        assert (
            shown(
                summarise(Scope(repositories, chat.ledger, 0, NOW), Period(NOVEMBER.start, TODAY))
            )
            == []
        )

    await run(work)


@pytest.mark.parametrize("seed", range(2))
async def test_random_months_equal_an_exact_model(run: Run, seed: int) -> None:
    dice = random.Random(seed)
    currencies = ["EUR", *dice.sample(sorted(MINOR_DIGITS), 19)]

    def some(number: int) -> Entry:
        code = dice.choice(currencies)
        money = Money.of_minor(dice.randint(1, 10 ** dice.randint(1, 12)), code)
        rate = Decimal(dice.randint(1, 10**6)).scaleb(-4)
        base = Money.of_minor(Money(money.amount * rate, "EUR").minor, "EUR")
        known = code == "EUR" or dice.random() < 0.7
        on = date(2026, 10, 1) + dice.randrange(60) * DAY
        converted = Converted(base if code != "EUR" else money, rate, on) if known else None
        deleted = NOW if dice.random() < 0.1 else None
        category = dice.choice(REFUNDED)
        # What came back lowers its category and its day.
        kind: EntryType = "income" if dice.random() < 0.1 else "expense"
        return entry(number, money, category, on, base=converted, deleted_at=deleted, type=kind)

    entries = [some(number) for number in range(2000)]
    spent: dict[str, Decimal] = defaultdict(Decimal)
    apart: dict[str, Decimal] = defaultdict(Decimal)
    for one in entries:
        if one.deleted_at or not NOVEMBER.start <= one.spent_on < NOVEMBER.end:
            continue
        sign = 1 if one.type == "expense" else -1
        if one.base:
            spent[one.category] += sign * one.base.money.amount
        else:
            apart[one.money.currency] += sign * one.money.amount

    def work(repositories: Repositories) -> None:
        chat = begin(repositories)
        repositories.entries.add(entries)
        summary = summarise(Scope(repositories, chat.ledger, 0, NOW), NOVEMBER).summary
        assert {c.category: c.total.amount for c in summary.categories} == spent, f"seed {seed}"
        assert summary.spent.amount == sum(spent.values()), f"seed {seed}"
        assert sum(money.amount for _, money in summary.days) == summary.spent.amount
        assert {money.currency: money.amount for money in summary.unconverted} == apart
        totals = [category.total.amount for category in summary.categories]
        assert totals == sorted(totals, reverse=True)

    await run(work)


async def test_pages_lead_through_every_entry_once(run: Run) -> None:
    def work(repositories: Repositories) -> None:
        chat = begin(repositories)
        repositories.chats.see(chat, Member(7, "Ann"), NOW)
        repositories.entries.add([entry(n, euros("1"), on=TODAY - n // 3 * DAY) for n in range(20)])
        seen: list[str] = []
        cursor: Cursor | None = None
        firsts = []
        while True:
            page = list_page(
                Scope(repositories, chat.ledger, 0, NOW), EntryFilter(), cursor, len(seen) + 1
            )
            assert page.total == 20
            assert [member.name for member in page.members] == ["Ann"]
            firsts.append(page.first)
            seen += [one.id for one in page.entries]
            if page.next is None:
                break
            cursor = page.next
        assert firsts == [1, 9, 17]
        assert len(set(seen)) == len(seen) == 20
        days = [one.spent_on for one in repositories.entries.page(1, EntryFilter(), limit=20)]
        assert days == sorted(days, reverse=True)

    await run(work)


async def test_a_full_last_page_leads_nowhere(run: Run) -> None:
    def work(repositories: Repositories) -> None:
        chat = begin(repositories)
        repositories.entries.add([entry(n, euros("1")) for n in range(8)])
        assert list_page(Scope(repositories, chat.ledger, 0, NOW), EntryFilter()).next is None
        nothing = list_page(Scope(repositories, chat.ledger, 0, NOW), EntryFilter(words="zzz"))
        assert (nothing.entries, nothing.total, nothing.next) == ((), 0, None)

    await run(work)


@pytest.mark.parametrize(
    ("first", "compared"),
    [(date(2026, 9, 1), "10.00"), (date(2026, 9, 11), "10.00"), (date(2026, 9, 12), "0.00")],
)
async def test_a_ledger_that_began_late_in_the_period_before_is_not_compared(
    run: Run, first: date, compared: str
) -> None:
    def work(repositories: Repositories) -> None:
        chat = begin(repositories)
        repositories.entries.add([entry(1, euros("10"), on=first)])
        october = month_of(date(2026, 10, 5), 1)
        summary = summarise(Scope(repositories, chat.ledger, 0, NOW), october).summary
        assert summary.spent_before == euros(compared)

    await run(work)


async def test_averages_begin_with_the_first_entry(run: Run) -> None:
    def work(repositories: Repositories) -> None:
        chat = begin(repositories)
        repositories.entries.add([entry(1, euros("10"), on=date(2026, 11, 18))])
        scope = Scope(repositories, chat.ledger, 0, NOW)
        assert summarise(scope, NOVEMBER).summary.since == date(2026, 11, 18)
        repositories.entries.add([entry(2, euros("10"), on=date(2026, 8, 18))])
        assert summarise(scope, NOVEMBER).summary.since is None

    await run(work)
