"""Published rates by day, and the chats' own."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from bot.rates.tick import CHUNK_DAYS, RatesTick
from ledger.rates.values import CurrencyPair, DayRates, OwnRate
from ledger.settings import Settings
from ports.rates import Rate
from ports.repositories import Repositories
from services.rates.stored import find_published
from storage import Database

NOW = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
DAY = date(2026, 11, 20)


def published(on: date, **rates: str) -> DayRates:
    return DayRates(on, {code: Decimal(rate) for code, rate in rates.items()})


async def put(database: Database, *days: DayRates) -> None:
    async with database.units.open(now=NOW) as unit:
        await unit.run(lambda repositories: repositories.rates.publish(days))


FRIDAY = published(DAY, USD="1.25", JPY="160", GBP="0.8")
# (pair, day asked for, rate, its day, its kind)
FOUND = [
    ("USD", "EUR", DAY, "0.8", "daily"),
    ("EUR", "USD", DAY, "1.25", "daily"),
    ("GBP", "USD", DAY, "1.5625", "daily"),  # through the euro
    ("USD", "EUR", date(2026, 11, 22), "0.8", "daily"),  # a Sunday has Friday's
    ("USD", "EUR", date(2026, 11, 27), "0.8", "daily"),  # the seventh day
    ("USD", "EUR", date(2026, 11, 28), "0.8", "provisional"),
    ("USD", "EUR", date(2027, 11, 20), "0.8", "provisional"),
    ("JPY", "EUR", DAY, "0.00625", "daily"),
]


@pytest.mark.parametrize(("source", "target", "on", "rate", "kind"), FOUND)
async def test_the_last_published_day_counts_and_is_named(
    database: Database, source: str, target: str, on: date, rate: str, kind: str
) -> None:
    await put(database, published(date(2026, 11, 19), USD="1.2"), FRIDAY)
    pair = CurrencyPair(source, target)
    found = await database.units.read(lambda r: find_published(r, pair, on))
    assert found == Rate(Decimal(rate), DAY, kind)  # type: ignore[arg-type]


# (pair, day): the day before the first, beyond a year, never published
@pytest.mark.parametrize(
    ("source", "on"),
    [("USD", date(2026, 11, 19)), ("USD", date(2027, 11, 21)), ("ARS", DAY)],
)
async def test_no_rate_is_guessed(database: Database, source: str, on: date) -> None:
    await put(database, FRIDAY)
    pair = CurrencyPair(source, "EUR")
    assert await database.units.read(lambda r: find_published(r, pair, on)) is None


async def test_a_currency_that_is_missing_on_a_day_has_its_own_last_day(database: Database) -> None:
    await put(database, FRIDAY, published(date(2026, 11, 23), USD="1.5"))
    pair = CurrencyPair("JPY", "USD")
    found = await database.units.read(lambda r: find_published(r, pair, date(2026, 11, 23)))
    assert found == Rate(Decimal("0.0078125"), DAY), "both sides are of one day"


async def test_a_day_keeps_codes_that_are_not_published_again(database: Database) -> None:
    await put(database, FRIDAY)
    await put(database, published(DAY, USD="1.3", UAH="48"))
    kept = await database.units.read(lambda r: r.rates.newest())
    assert kept == published(DAY, USD="1.3", JPY="160", GBP="0.8", UAH="48")


async def test_an_own_rate_counts_from_its_day_in_both_directions(database: Database) -> None:
    settings = Settings(currency="EUR", timezone="UTC", language="en")

    def work(repositories: Repositories) -> list[OwnRate | None]:
        ledger_id = repositories.chats.add(1, "private", "Ann", settings, NOW).ledger.id
        rates = repositories.rates
        typed = OwnRate(ledger_id, CurrencyPair("USD", "EUR"), Decimal("0.9"), DAY)
        newer = OwnRate(ledger_id, CurrencyPair("EUR", "USD"), Decimal("1.25"), date(2026, 12, 1))
        rates.put_own(typed)
        rates.put_own(newer)
        found = [
            rates.own(ledger_id, pair, on)
            for pair in (CurrencyPair("USD", "EUR"), CurrencyPair("EUR", "USD"))
            for on in (date(2026, 11, 19), DAY, date(2026, 12, 1))
        ]
        assert found == [None, typed, newer, None, typed, newer]
        assert rates.list_own(ledger_id) == [newer, typed]
        rates.remove_own(newer)
        return [rates.own(ledger_id, CurrencyPair("USD", "EUR"), date(2027, 1, 1)), typed]

    async with database.units.open(now=NOW) as unit:
        last, typed = await unit.run(work)
    assert last == typed


async def test_the_bundled_history_is_imported_once(database: Database) -> None:
    tick = RatesTick(database.units, "", rest_seconds=0)
    await tick.run(NOW)
    newest, oldest = await database.units.read(
        lambda r: (r.rates.newest(), r.rates.published(["USD"], date(1999, 1, 6), date(1999, 1, 1)))
    )
    assert newest is not None
    assert newest.on >= date(2026, 10, 30)
    assert newest.per_euro["USD"] > 0
    assert oldest == DayRates(date(1999, 1, 6), oldest.per_euro) if oldest else False
    opened = 0

    class Counted:
        """Counts the units that are opened."""

        def open(self, **arguments: object) -> object:
            nonlocal opened
            opened += 1
            return database.units.open(**arguments)  # type: ignore[arg-type]

    await RatesTick(Counted(), "").run(NOW)  # type: ignore[arg-type]
    assert opened == 1, "a second start only looks"
    assert CHUNK_DAYS <= 250, "the writer is held for some milliseconds"
