"""Amounts in other currencies, counted again: exact, resumed after kills, never rewritten as typed."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from ledger.entries.entry import Entry
from ledger.entries.queries import EntryFilter
from ledger.errors import UnavailableError
from ledger.money import MINOR_DIGITS, Money
from ledger.periods.period import Period
from ledger.rates.values import CurrencyPair, DayRates, OwnRate
from ledger.text import BudgetWords
from ports.repositories import Repositories
from services.rates.recounting import BATCH_ENTRIES, Recounted, plan_waiting
from services.reporting.budgets import set_budget
from services.schedules import Taken, take_due
from storage import Database
from tests.services.setup import NOW, Run, Table

TODAY = NOW.date()
DAYS = [TODAY - timedelta(days=back) for back in (0, 1, 4, 20, 90, 300)]
PUBLISHED = {
    day: {"USD": f"1.{10 + at}", "JPY": str(160 + at), "KWD": f"0.3{at}1", "CLP": f"10{at}0.5"}
    for at, day in enumerate(DAYS)
}
CODES = ("EUR", "USD", "JPY", "KWD", "CLP", "ARS")
STEPS = 60


def publish(repositories: Repositories, days: dict[date, dict[str, str]]) -> None:
    repositories.rates.publish(
        [DayRates(day, {c: Decimal(r) for c, r in rates.items()}) for day, rates in days.items()]
    )


def say(repositories: Repositories, table: Table, text: str) -> Any:  # noqa: ANN401
    incoming = table.incoming(repositories, text)
    return table.services.capture.from_text(table.scope(repositories), incoming)


def entries(repositories: Repositories, table: Table) -> list[Entry]:
    ledger_id = table.chat(repositories).ledger.id
    return repositories.entries.page(ledger_id, EntryFilter(), limit=10_000)


async def settle(run: Run) -> list[Recounted]:
    """Do every batch that is due; return the outcomes with alerts."""
    found: list[Recounted] = []
    for _ in range(200):
        taken: Taken = await run(lambda repositories: take_due(repositories, NOW))
        found += taken.recounted
        if not taken.more:
            return found
    raise AssertionError


# --- an independent computation, with fractions ---------------------------------------------------


def rounded(value: Fraction, places: int) -> Decimal:
    """Round half even to so many decimals."""
    scaled = value * 10**places
    return Decimal(round(scaled)).scaleb(-places)


def digits_12(value: Fraction) -> Fraction:
    """Round to twelve digits that count."""
    exponent = 0
    while value * Fraction(10) ** -exponent >= 10:
        exponent += 1
    while value * Fraction(10) ** -exponent < 1:
        exponent -= 1
    unit = Fraction(10) ** (exponent - 11)
    return round(value / unit) * unit


def expected_rate(own: list[OwnRate], source: str, target: str, on: date) -> Fraction | None:
    mine = [r for r in own if set(r.pair) == {source, target} and r.starts_on <= on]
    if mine:
        newest = max(mine, key=lambda rate: rate.starts_on)
        value = Fraction(newest.value)
        return value if newest.pair.source == source else digits_12(1 / value)
    for day in sorted(PUBLISHED, reverse=True):
        rates = {"EUR": "1", **PUBLISHED[day]}
        if on - timedelta(days=365) <= day <= on and {source, target} <= rates.keys():
            return digits_12(Fraction(rates[target]) / Fraction(rates[source]))
    return None


def expected_base(own: list[OwnRate], entry: Entry, home: str) -> Decimal | None:
    if entry.money.currency == home:
        return entry.money.amount
    rate = expected_rate(own, entry.money.currency, home, entry.spent_on)
    return (
        None if rate is None else rounded(Fraction(entry.money.amount) * rate, MINOR_DIGITS[home])
    )


def check(repositories: Repositories, table: Table, typed: dict[str, Money]) -> None:
    """Compare every base amount and their sum; nothing typed may have changed."""
    ledger = table.chat(repositories).ledger
    own = repositories.rates.list_own(ledger.id)
    found = entries(repositories, table)
    wanted = {entry.id: expected_base(own, entry, ledger.currency) for entry in found}
    stated = {entry.id: entry.base.money.amount if entry.base else None for entry in found}
    assert stated == wanted
    for entry in found:
        assert typed.setdefault(entry.id, entry.money) == entry.money
    whole = Period(date(1990, 1, 1), date(2100, 1, 1), "custom")
    totals = repositories.entries.totals(ledger.id, whole)
    total = sum(one.minor for one in totals if one.currency is None)
    places = MINOR_DIGITS[ledger.currency]
    assert total == sum(int(base.scaleb(places)) for base in wanted.values() if base is not None)
    apart = {one.currency for one in totals if one.currency is not None}
    assert apart == {entry.money.currency for entry in found if wanted[entry.id] is None}


def random_step(repositories: Repositories, table: Table, rng: random.Random) -> None:
    scope = table.scope(repositories)
    services, home = table.services, scope.ledger.currency
    code, day = rng.choice(CODES), TODAY - timedelta(days=rng.randrange(0, 320))
    choice = rng.randrange(10)
    if choice < 4:
        amount = Decimal(rng.randrange(1, 10**7)).scaleb(-MINOR_DIGITS[code])
        say(repositories, table, f"thing {amount:f} {code} {day.isoformat()}")
    elif choice < 6 and code != home:
        pair = CurrencyPair(code, home)
        value = Decimal(rng.randrange(1, 10**6)).scaleb(-rng.randrange(0, 6))
        services.rates.set(scope, rng.choice([pair, pair.reversed]), value, day)
    elif choice == 6:
        mine = [r.pair for r in repositories.rates.list_own(scope.ledger.id) if home in r.pair]
        if mine:
            (other,) = set(rng.choice(mine)) - {home}
            services.rates.remove(scope, other)
    elif choice == 7:
        services.preferences.change(scope, {"currency": rng.choice(("EUR", "USD", "JPY", "KWD"))})
    elif choice == 8:
        services.history.undo(scope)
    else:
        services.history.redo(scope)


async def test_random_changes_leave_exactly_what_an_independent_computation_says(run: Run) -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    rng, table, typed = random.Random(seed), Table(), dict[str, Money]()
    await run(lambda repositories: publish(repositories, PUBLISHED))
    for _ in range(STEPS):
        await run(lambda repositories: random_step(repositories, table, rng))
        await settle(run)
        await run(lambda repositories: check(repositories, table, typed))


# --- batches --------------------------------------------------------------------------------------


def fill(repositories: Repositories, table: Table, count: int) -> None:
    """Many entries of ten dollars on a day."""
    (one,) = (say(repositories, table, "coffee 10 USD 2026-11-19")).booked
    made = [replace(one.entry, id=f"e{n:05}", source_key=f"tg:9:{n}:0") for n in range(count)]
    repositories.entries.add(made)


def counts(repositories: Repositories, table: Table) -> set[tuple[int, str] | None]:
    found = entries(repositories, table)
    return {(e.base.money.minor, e.base.kind) if e.base else None for e in found}


async def test_a_rate_counts_a_large_ledger_again_in_batches_through_a_kill(run: Run) -> None:
    table = Table()
    await run(lambda repositories: publish(repositories, {date(2026, 11, 19): {"USD": "1.25"}}))
    await run(lambda repositories: fill(repositories, table, 2 * BATCH_ENTRIES + 50))

    def set_rate(repositories: Repositories) -> bool:
        pair = CurrencyPair("USD", "EUR")
        scope = table.scope(repositories)
        done = table.services.rates.set(scope, pair, Decimal("0.9"), date(2026, 11, 1))
        return done.more

    assert await run(set_rate), "a job does the rest"

    def die(repositories: Repositories) -> None:
        take_due(repositories, NOW)
        raise ConnectionAbortedError

    with pytest.raises((ConnectionAbortedError, UnavailableError)):
        await run(die)
    assert await run(lambda r: counts(r, table)) == {(900, "own"), (800, "daily")}
    await settle(run)
    assert await run(lambda r: counts(r, table)) == {(900, "own")}
    await run(lambda repositories: table.services.history.undo(table.scope(repositories)))
    await settle(run)
    assert await run(lambda r: counts(r, table)) == {(800, "daily")}


async def test_a_provisional_rate_is_replaced_and_budgets_alert(
    database: Database, run: Run
) -> None:
    table = Table()
    await run(lambda repositories: publish(repositories, {date(2026, 10, 1): {"USD": "1.25"}}))

    def begin(repositories: Repositories) -> None:
        scope = table.scope(repositories)
        set_budget(scope, BudgetWords("", Decimal(100), None, "month"), operation_id="b")
        say(repositories, table, "coat 90 USD")
        say(repositories, table, "hat 5 USD 2026-10-05")

    await run(begin)
    assert await run(lambda r: counts(r, table)) == {(7200, "provisional"), (400, "daily")}
    await run(lambda repositories: publish(repositories, {date(2026, 11, 19): {"USD": "1"}}))
    await plan_waiting(database.units, NOW)
    (recounted,) = await settle(run)
    assert [alert.threshold for alert in recounted.alerts]
    assert await run(lambda r: counts(r, table)) == {(9000, "daily"), (400, "daily")}
    await run(lambda repositories: publish(repositories, {TODAY: {"USD": "2"}}))
    await plan_waiting(database.units, NOW)
    assert await settle(run) == []
    kept = await run(lambda r: counts(r, table))
    assert kept == {(9000, "daily"), (400, "daily")}, "a final rate stays"


async def test_an_entry_without_a_rate_is_counted_once_one_is_published(
    database: Database, run: Run
) -> None:
    table = Table()
    await run(lambda repositories: publish(repositories, {TODAY: {"USD": "1.25"}}))
    await run(lambda repositories: say(repositories, table, "taxi 1000 UAH"))
    assert await run(lambda r: counts(r, table)) == {None}
    await plan_waiting(database.units, NOW)
    assert await settle(run) == [], "nothing is walked through for a currency nobody publishes"
    await run(lambda repositories: publish(repositories, {TODAY: {"UAH": "50"}}))
    await plan_waiting(database.units, NOW)
    await settle(run)
    assert await run(lambda r: counts(r, table)) == {(2000, "daily")}
