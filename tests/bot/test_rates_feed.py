"""Daily rates over HTTP: two formats, bounded, and refused where they are not credible."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from aiohttp import web

from bot.cli.check_rates import try_rates
from bot.ops.clock import utc_now
from bot.rates.feed import ANSWER_BYTES_MAX, REDIRECTS_MAX, fetch_rates
from bot.rates.formats import parse_rates
from bot.rates.tick import RatesTick
from bot.setup.setting_fields import SecretText
from bot.setup.settings import Settings
from ledger.errors import UnavailableError
from ledger.rates.values import DayRates
from storage import Database, open_database

NOW = datetime(2026, 11, 30, 17, 0, tzinfo=UTC)
TODAY = NOW.date()
ECB = """<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01"
 xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
<gesmes:subject>Reference rates</gesmes:subject>
<Cube>
<Cube time="2026-11-30"><Cube currency="USD" rate="1.1172"/><Cube currency="JPY" rate="175.68"/></Cube>
<Cube time="2026-11-27"><Cube currency="USD" rate="1.113"/></Cube>
</Cube></gesmes:Envelope>"""
BOMB = """<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><x>&b;</x>"""


def day(on: date = TODAY, **rates: str) -> DayRates:
    return DayRates(on, {code: Decimal(rate) for code, rate in rates.items()})


READ = [
    (ECB, [day(USD="1.1172", JPY="175.68"), day(date(2026, 11, 27), USD="1.113")]),
    ('{"base": "EUR", "date": "2026-11-28", "rates": {"USD": 1.10}}', [day(date(2026, 11, 28), USD="1.10")]),
    ('{"base": "USD", "rates": {"USD": 1, "EUR": 0.8, "JPY": 160}}', [day(USD="1.25", JPY="200")]),
    ('{"base_code": "EUR", "conversion_rates": {"EUR": 1, "USD": "1.1"}}', [day(USD="1.1")]),
    ('{"rates": {"USD": 0, "JPY": -3, "XXX": 1, "GBP": null}}', [day(USD="0", JPY="-3")]),
]  # fmt: skip


@pytest.mark.parametrize(("body", "days"), READ)
def test_xml_and_json_are_read_exactly(body: str, days: list[DayRates]) -> None:
    assert parse_rates(body.encode(), TODAY) == days


@pytest.mark.parametrize(
    "body",
    ["", "<html>", BOMB, "[]", "{}", '{"base": "USD", "rates": {"JPY": 160}}', "NaN", "\x00",
     '{"base": "EUR", "rates": {}}', "[" * 5000],
)  # fmt: skip
def test_what_holds_no_rates_is_named(body: str) -> None:
    with pytest.raises(UnavailableError) as raised:
        parse_rates(body.encode(), TODAY)
    assert "RATES_URL" in str(raised.value.values["remedy"])


@asynccontextmanager
async def serving(handler: object) -> AsyncIterator[str]:
    """Serve every path on a free port."""
    app = web.Application()
    app.router.add_get("/{path:.*}", handler)  # type: ignore[arg-type]
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        await runner.cleanup()


def answer(body: str) -> object:
    async def handler(request: web.Request) -> web.Response:
        return web.Response(text=body)

    return handler


async def test_an_answer_without_end_a_refusal_and_a_circle_are_given_up() -> None:
    hops = 0

    async def handler(request: web.Request) -> web.StreamResponse:
        nonlocal hops
        if request.path == "/endless":
            response = web.StreamResponse()
            await response.prepare(request)
            for _ in range(ANSWER_BYTES_MAX // 65536 + 2):
                await response.write(b" " * 65536)
            return response
        if request.path == "/circle":
            hops += 1
            raise web.HTTPFound("/circle")
        return web.Response(status=503)

    async with serving(handler) as url:
        for path in ("/endless", "/circle", "/away"):
            with pytest.raises(UnavailableError) as raised:
                await fetch_rates(url + path, TODAY)
            assert raised.value.message_id == "rates_unavailable"
    assert hops <= REDIRECTS_MAX + 1


async def test_a_refreshment_keeps_credible_rates_and_refuses_jumps(database: Database) -> None:
    async with database.units.open(now=NOW) as unit:
        await unit.run(lambda r: r.rates.publish([day(date(2026, 11, 27), USD="1.1", JPY="170")]))
    rates = {"USD": 2.2, "JPY": 171, "GBP": 0, "CHF": -1, "SEK": 11}
    body = json.dumps({"base": "EUR", "date": "2026-11-30", "rates": rates})
    async with serving(answer(body)) as url:
        await RatesTick(database.units, url)._refresh(NOW)
    kept = await database.units.read(lambda r: r.rates.newest(["JPY"]))
    assert kept == day(JPY="171", SEK="11")
    dollars = await database.units.read(lambda r: r.rates.newest(["USD"]))
    assert dollars is not None
    assert dollars.on == date(2026, 11, 27), "the jump is not taken"


async def test_an_address_that_is_away_changes_nothing(database: Database) -> None:
    await RatesTick(database.units, "http://127.0.0.1:1/")._refresh(NOW)
    assert await database.units.read(lambda r: r.rates.newest()) is None


async def test_the_check_names_the_newest_day_and_what_is_refused(sqlite_url: str) -> None:
    settings = Settings(database_url=SecretText(sqlite_url), rates_url="")
    assert "first start" in await try_rates(settings)
    away = Settings(database_url=SecretText(sqlite_url), rates_url="http://127.0.0.1:1/")
    with pytest.raises(UnavailableError):
        await try_rates(away)
    async with open_database(sqlite_url) as database, database.units.open(now=NOW) as unit:
        # The command goes by the machine's clock, and knows a rate for a year.
        last = utc_now().date() - timedelta(days=30)
        await unit.run(lambda r: r.rates.publish([day(last, USD="1.1")]))
    note = await try_rates(settings)
    assert last.isoformat() in note
    assert "RATES_URL is not set" in note
    good, bad = ({"base": "EUR", "rates": {"USD": usd}} for usd in (1.12, 11.2))
    async with serving(answer(json.dumps(good))) as url:
        fine = Settings(database_url=SecretText(sqlite_url), rates_url=url)
        assert "RATES_URL publishes" in await try_rates(fine)
    async with serving(answer(json.dumps(bad))) as url:
        jumping = Settings(database_url=SecretText(sqlite_url), rates_url=url)
        with pytest.raises(UnavailableError) as raised:
            await try_rates(jumping)
    assert "USD" in str(raised.value.values["remedy"])
