"""How budgets of any scope, period and currency stand, over both databases, against plain sums."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, get_args

import pytest

from ledger.budgets.budget import Budget, BudgetState, budget_fields, budget_with_fields
from ledger.budgets.scopes import counts
from ledger.categories import SPENDING
from ledger.chats import Chat, Member
from ledger.entries.changes import Change
from ledger.entries.entry import Converted, Entry
from ledger.errors import InputError
from ledger.money import Money, round_to_minor
from ledger.periods.period import Period
from ledger.rates.values import CurrencyPair
from ledger.settings import OwnCategory, Per, Settings
from ledger.text import parse_budget
from ledger.text.model import TextContext
from ports.answers import BudgetSet
from ports.rates import Rate
from ports.repositories import Repositories
from services.conversion import Conversion
from services.ids import new_id
from services.reporting.budget_states import Sums
from services.reporting.budgets import apply_budget_change, set_budget
from services.reporting.reports import summarise
from services.reporting.searching import find_period
from services.scope import Scope
from tests.services.reporting.test_budgets import ANN, BERLIN, NOW, TODAY, Run, begin, entry, spents

BO = 8
DAY = timedelta(days=1)
PERS: tuple[Per, ...] = get_args(Per)


@dataclass(frozen=True, slots=True)
class _Table:
    """A rate a day: 1 USD is 0.90 EUR, a cent more each day; no other currency is known."""

    def find(
        self, repositories: Repositories, ledger_id: int, pair: CurrencyPair, on: date
    ) -> Rate | None:
        _ = repositories, ledger_id
        usd = Decimal("0.90") + Decimal("0.01") * (on.toordinal() % 10)
        known = {("USD", "EUR"): usd, ("EUR", "USD"): 1 / usd}
        value = known.get((pair.source, pair.target))
        return Rate(value, on) if value else None


def said(scope: Scope, text: str) -> BudgetSet:
    """Say `/budget` and get the budget that it sets."""
    chat = TextContext("private", scope.settings.currency, scope.now, scope.settings.language)
    words = parse_budget(text, chat)
    assert words is not None, text
    answer = set_budget(scope, words, operation_id=new_id(scope.now))
    assert isinstance(answer, BudgetSet), text
    return answer


def at(repositories: Repositories, chat: Chat, day: date) -> Scope:
    now = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    return Scope(repositories, chat.ledger, ANN, now)


async def test_tags_people_and_refunds_count(run: Run) -> None:
    def work(repositories: Repositories) -> None:
        chat = begin(repositories)
        for member in (Member(ANN, "Ann"), Member(BO, "Bo Berg", "bobo")):
            repositories.chats.see(chat, member, NOW)
        scope = Scope(repositories, chat.ledger, ANN, NOW)
        for text in ("#Trip 500", "@bobo 300", "groceries 100", "1500"):
            said(scope, text)
        repositories.entries.add(
            [
                entry(1, "30", tags=("trip", "sun")),
                entry(2, "5", tags=("tripod",)),
                entry(3, "20", paid_by=BO, tags=("TRIP",)),
                # A refund lowers its category, the whole, its tag and its person.
                entry(4, "8", type="income", paid_by=BO),
                entry(5, "1000", "income", type="income"),
                entry(6, "1", "", type="income"),
            ]
        )
        found = {one.budget.scope: one for one in show_all(scope)}
        assert {name: str(one.spent.amount) for name, one in found.items()} == {
            "#trip": "50.00",
            "@8": "12.00",
            "groceries": "47.00",
            "": "47.00",
        }
        assert found["@8"].person == "Bo Berg"
        # By name too, whole or in part; unknown names are explained.
        assert said(scope, "Bo 310").before == found["@8"].budget
        assert said(scope, "Bo Berg 320").state.budget.id == found["@8"].budget.id
        with pytest.raises(InputError, match="budget_unknown"):
            said(scope, "@Zoe 300")

    await run(work)


def show_all(scope: Scope, conversion: Conversion | None = None) -> list[BudgetState]:
    sums = Sums(scope, scope.today, conversion or Conversion())
    return [sums.state(one) for one in scope.repositories.budgets.list_all(scope.ledger.id)]


async def test_a_foreign_budget_counts_by_the_rate_of_each_day(run: Run) -> None:
    def work(repositories: Repositories) -> None:
        chat = begin(repositories)
        scope = Scope(repositories, chat.ledger, ANN, NOW)
        assert said(scope, "groceries 100 USD").state.budget.limit == money("100", "USD")
        said(scope, "groceries 100 EUR week")
        rates = _Table()
        day = TODAY - DAY
        for number, (amount, code) in enumerate([("10", "USD"), ("9.5", "EUR"), ("500", "JPY")]):
            typed = money(amount, code)
            plain = entry(number, amount, on=day, money=typed, base=None)
            repositories.entries.add([Conversion(rates).convert(scope, plain)])
        dollars, euros = show_all(scope, Conversion(rates))
        rate = rates.find(repositories, 1, CurrencyPair("EUR", "USD"), day)
        assert rate is not None
        assert dollars.spent == money(
            str(10 + round_to_minor(Decimal("9.5") * rate.value, "USD")), "USD"
        )
        # Yen have no rate here: in no sum, but named.
        assert dollars.apart == euros.apart == (money("500", "JPY"),)
        # Setting it in another currency begins its rests anew.
        said(scope, "groceries 100 USD carry over")
        changed = said(scope, "groceries 90").state.budget
        assert (changed.limit, changed.carry) == (money("90.00", "EUR"), "both")

    await run(work)


def money(amount: str, code: str) -> Money:
    return Money(Decimal(amount), code)


async def test_a_rest_is_carried_and_can_be_undone(run: Run) -> None:
    def work(repositories: Repositories) -> None:
        chat = begin(repositories)
        august = at(repositories, chat, date(2026, 8, 10))
        said(august, "groceries 400 carry over")
        repositories.entries.add([entry(1, "300", on=date(2026, 8, 12))])
        september = at(repositories, chat, date(2026, 9, 1))
        (state,) = show_all(september)
        # It is there on the 1st, before any entry.
        assert (str(state.available.amount), str(state.left.amount)) == ("500.00", "500.00")
        # A new limit keeps the carry (#8728) and what was carried.
        state = said(september, "groceries 500").state
        assert (state.budget.carry, str(state.available.amount)) == ("both", "600.00")
        # A late entry in August counts at once.
        late = entry(2, "50", on=date(2026, 8, 30))
        repositories.entries.add([late])
        (state,) = show_all(september)
        assert str(state.available.amount) == "550.00"
        repositories.entries.save(replace(late, deleted_at=NOW))
        (state,) = show_all(at(repositories, chat, date(2026, 11, 1)))
        assert str(state.available.amount) == str(Decimal("100.00") + 500 * 3)
        # Off and on again begins with this period.
        off = said(september, "groceries 500 no carry over").state
        assert (off.budget.carry_from, off.carried) == (None, None)
        again = said(september, "groceries 500 carry surplus").state.budget
        assert again.carry_from == date(2026, 9, 1)
        history = repositories.operations.of_subject(1, "budget", again.id)
        for change in reversed(history[2:]):
            apply_budget_change(september, change.reversed())
        (state,) = show_all(september)
        assert (state.budget.carry, str(state.available.amount)) == ("both", "600.00")

    await run(work)


async def test_a_trip_has_dates_and_is_a_period(run: Run) -> None:
    def work(repositories: Repositories) -> None:
        chat = begin(repositories)
        scope = Scope(repositories, chat.ledger, ANN, NOW)
        with pytest.raises(InputError, match="budget_trip_dates"):
            said(scope, "1500 trip")
        assert find_period(scope, "trip") is None
        days = Period(date(2026, 12, 3), date(2026, 12, 15), "trip")
        first = said(scope, "1500 trip 3.12.-14.12.").state
        assert (first.budget.trip, first.period, first.days_left) == (days, days, 12)
        assert find_period(scope, "trip") == days
        # Overlapping days correct the same trip; others are another one.
        moved = said(scope, "1500 trip 4.12.-15.12.")
        assert (moved.before, moved.state.budget.id) == (first.budget, first.budget.id)
        said(scope, "200 trip 1.9.-4.9.")
        assert [str(one.limit.amount) for one in repositories.budgets.list_all(1)] == [
            "1500.00",
            "200.00",
        ]
        # Without dates it is the trip that the ledger knows: the last that has begun.
        assert said(scope, "groceries 50 trip").state.period.start == date(2026, 9, 1)
        repositories.entries.add(
            [entry(1, "12", on=date(2026, 9, 4)), entry(2, "9", on=date(2026, 9, 5))]
        )
        assert ("groceries", "12.00") in spents(show_all(scope))
        with pytest.raises(InputError, match="budget_trip_carry"):
            said(scope, "1500 trip 3.12.-14.12. carry over")

    await run(work)


async def test_an_undo_never_doubles_a_budget(run: Run) -> None:
    def work(repositories: Repositories) -> None:
        chat = begin(repositories)
        scope = Scope(repositories, chat.ledger, ANN, NOW)
        old = Budget("legacy", 1, "groceries", money("100", "EUR"), "month")
        repositories.budgets.put(old, NOW)
        repositories.budgets.remove(1, "legacy", NOW)
        said(scope, "groceries 200")
        removed = Change("budget", "legacy", None, budget_fields(old))
        assert apply_budget_change(scope, removed) is None
        assert len(repositories.budgets.list_all(1)) == 1
        # Fields of earlier releases have no carry and no trip.
        fields = {"scope": "", "limit_minor": 100, "currency": "EUR", "per": "week"}
        assert budget_with_fields("b", 1, fields).carry == "none"

    await run(work)


async def test_entries_keep_their_day_when_the_zone_changes(run: Run) -> None:
    def work(repositories: Repositories) -> None:
        chat = begin(repositories)
        # 00:30 on 1 December in Berlin is still November in New York.
        late = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)
        berlin = Scope(repositories, chat.ledger, ANN, late)
        assert berlin.today == date(2026, 12, 1)
        said(berlin, "100")
        repositories.entries.add([entry(1, "7", on=berlin.today)])
        (state,) = show_all(berlin)
        assert (state.period.start, str(state.spent.amount)) == (date(2026, 12, 1), "7.00")
        york = berlin.with_settings(replace(BERLIN, timezone="America/New_York"))
        (state,) = show_all(york)
        # The period is November's again, and December keeps its entry.
        assert (state.period.start, str(state.spent.amount)) == (date(2026, 11, 1), "0.00")
        december = summarise(york, york.settings.calendar.month_named(2026, 12)).summary
        assert str(december.spent.amount) == "7.00"

    await run(work)


@pytest.mark.parametrize("seed", range(4))
async def test_random_budgets_stand_as_plain_sums_say(run: Run, seed: int) -> None:
    dice = random.Random(seed)
    own = (OwnCategory("Bees", "Bees"),)
    settings = Settings(
        "EUR", "Europe/Berlin", "en", week_start=dice.randrange(7), month_start=dice.randint(1, 31),
        month_workday=dice.random() < 0.5, year_start="04-06", categories=own,
    )  # fmt: skip
    rates = _Table()

    def work(repositories: Repositories) -> None:
        chat = begin(repositories, settings)
        for member in (Member(ANN, "Ann"), Member(BO, "Bo")):
            repositories.chats.see(chat, member, NOW)
        scope = Scope(repositories, chat.ledger, ANN, NOW)
        entries = [_random_entry(dice, scope, number, rates) for number in range(120)]
        repositories.entries.add(entries)
        sums = Sums(scope, scope.today, Conversion(rates))
        for budget in _random_budgets(dice, scope):
            state = sums.state(budget)
            assert state.spent.minor == _plain(sums, budget, state.period, entries), (seed, budget)

    await run(work)


def _random_entry(dice: random.Random, scope: Scope, number: int, rates: _Table) -> Entry:
    code = dice.choice(["EUR", "EUR", "USD", "JPY"])
    plain = entry(
        number,
        "1",
        dice.choice([*SPENDING, "Bees", "", "income", "transfer"]),
        on=TODAY - DAY * dice.randrange(-40, 400),
        money=Money.of_minor(dice.randint(1, 10_000), code),
        type=dice.choice(["expense", "expense", "expense", "income"]),
        paid_by=dice.choice([ANN, BO]),
        tags=tuple(dice.sample(["trip", "work", "50%"], dice.randrange(3))),
        base=None,
        deleted_at=NOW if dice.random() < 0.1 else None,
    )
    return Conversion(rates).convert(scope, plain)


def _random_budgets(dice: random.Random, scope: Scope) -> list[Budget]:
    trip = Period(TODAY - DAY * 3, TODAY + DAY * 4, "trip")
    scopes = ["", "Food", "Other", "groceries", "Bees", "#trip", "#50%", f"@{BO}"]
    return [
        Budget(
            f"b{number}",
            scope.ledger.id,
            target,
            Money.of_minor(100_00, dice.choice(["EUR", "USD"])),
            per,
            trip=trip if per == "trip" else None,
        )
        for number, (target, per) in enumerate((t, p) for t in scopes for p in PERS)
    ]


def _plain(sums: Sums, budget: Budget, period: Period, entries: Sequence[Entry]) -> int:
    """Add up by hand: an amount by itself, in its currency or at the rate of its day."""
    total, by_day = 0, dict[tuple[Any, ...], int]()
    currency = budget.limit.currency
    for one in entries:
        if one.deleted_at or not period.contains(one.spent_on) or not counts(budget.scope, one):
            continue
        sign = -1 if one.type == "income" else 1
        if currency == "EUR":
            base: Converted | None = one.base
            total += sign * base.money.minor if base else 0
        else:
            key = (one.spent_on, one.money.currency)
            by_day[key] = by_day.get(key, 0) + sign * one.money.minor
    for (day, code), minor in by_day.items():
        stated = sums.conversion.restate(sums.scope, Money.of_minor(minor, code), currency, day)
        total += stated.minor if stated else 0
    return total
