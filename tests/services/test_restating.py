"""A new currency for a ledger of many entries: in batches, at any moment right, through kills."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from ledger.entries.entry import Converted, Entry
from ledger.errors import UnavailableError
from ledger.money import Money
from ledger.periods.period import month_of
from ports.repositories import Repositories
from services.restating import BATCH_ENTRIES
from services.schedules import take_due
from tests.services.setup import ANN, NOW, Run, Table

ENTRIES = 2 * BATCH_ENTRIES + 50
DAY = date(2026, 11, 20)


def fill(repositories: Repositories, table: Table) -> None:
    """A ledger in which every second entry was paid in yen."""
    ledger = table.chat(repositories).ledger
    made = []
    for number in range(ENTRIES):
        money = Money(Decimal(1), "EUR") if number % 2 else Money(Decimal(100), "JPY")
        base = Converted(money, Decimal(1), DAY) if number % 2 else None
        one = Entry(
            id=f"e{number}",
            ledger_id=ledger.id,
            type="expense",
            money=money,
            spent_on=DAY,
            note="coffee",
            category="eating_out",
            paid_by=ANN.user_id,
            source="text",
            source_key=f"tg:1:{number}:0",
            created_at=NOW,
            updated_at=NOW,
            base=base,
        )
        made.append(one if number % 7 else replace(one, deleted_at=NOW))
    repositories.entries.add(made)


def live(currency: str) -> int:
    """Count the live entries that were typed in a currency."""
    odd = int(currency == "EUR")
    return sum(1 for number in range(ENTRIES) if number % 2 == odd and number % 7)


def sums(repositories: Repositories, table: Table) -> dict[str | None, tuple[int, int]]:
    """Return minor units and counts by the currency that stands apart; None: the ledger's."""
    found: dict[str | None, tuple[int, int]] = {}
    ledger_id = table.chat(repositories).ledger.id
    for total in repositories.entries.totals(ledger_id, month_of(DAY, 1)):
        minor, count = found.get(total.currency, (0, 0))
        found[total.currency] = (minor + total.minor, count + total.count)
    return found


def assert_right(repositories: Repositories, table: Table, *, done: bool) -> None:
    """No yen counts as a euro, nothing is lost; what is not restated yet stands apart."""
    found = sums(repositories, table)
    currency = table.chat(repositories).settings.currency
    worth = {"EUR": 100, "JPY": 100}
    stated = found.pop(None, (0, 0))
    apart = {code: count for code, (_, count) in found.items()}
    assert stated[0] == stated[1] * worth[currency]
    assert stated[1] + apart.get(currency, 0) == live(currency)
    assert done == (currency not in apart)
    other = "JPY" if currency == "EUR" else "EUR"
    assert found[other] == (live(other) * worth[other], live(other))


def set_currency(repositories: Repositories, table: Table, currency: str) -> None:
    table.services.preferences.change(table.scope(repositories), {"currency": currency})


async def test_a_large_ledger_is_restated_in_batches_and_is_right_all_the_time(run: Run) -> None:
    table = Table()
    await run(lambda repositories: fill(repositories, table))
    await run(lambda repositories: set_currency(repositories, table, "JPY"))
    await run(lambda repositories: assert_right(repositories, table, done=False))

    def die(repositories: Repositories) -> None:
        assert take_due(repositories, NOW).more
        raise ConnectionAbortedError

    # How a lost database is called is the plug's affair.
    with pytest.raises((ConnectionAbortedError, UnavailableError)):
        await run(die)
    assert (await run(lambda repositories: take_due(repositories, NOW))).more
    await run(lambda repositories: assert_right(repositories, table, done=False))
    await run(lambda repositories: take_due(repositories, NOW))
    await run(lambda repositories: assert_right(repositories, table, done=True))
    assert not (await run(lambda repositories: take_due(repositories, NOW))).more


async def test_undo_in_the_middle_brings_the_old_amounts_back(run: Run) -> None:
    table = Table()
    await run(lambda repositories: fill(repositories, table))
    await run(lambda repositories: set_currency(repositories, table, "JPY"))
    await run(lambda repositories: take_due(repositories, NOW))
    await run(lambda repositories: table.services.history.undo(table.scope(repositories)))
    for _ in range(6):
        await run(lambda repositories: take_due(repositories, NOW + timedelta(minutes=1)))
    await run(lambda repositories: assert_right(repositories, table, done=True))
    assert (await run(table.chat)).settings.currency == "EUR"
    assert not (await run(lambda repositories: take_due(repositories, NOW))).more
