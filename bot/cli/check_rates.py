"""Check the published exchange rates, and the address that refreshes them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from bot.ops.clock import utc_now
from bot.setup.settings import Settings
from ledger.errors import UnavailableError
from ledger.rates.rules import FRESH_DAYS
from ledger.rates.values import DayRates
from services.rates.publishing import describe, judge
from storage import Database, open_database
from storage.migrations import HEAD, find_schema


async def try_rates(settings: Settings) -> str:
    """Return the latest published day; with `RATES_URL` fetch rates and judge them, keeping none.

    Raises:
        UnavailableError: the address does not answer, or publishes rates that are refused.
    """
    url = settings.database_url.get_secret_value()
    if await find_schema(url) != HEAD:
        published = f", {await _fetch(settings.rates_url)}" if settings.rates_url else ""
        return f"the first start imports them{published}"
    async with open_database(url, up_to_date=False) as database:
        newest = await database.units.read(lambda repositories: repositories.rates.newest())
        note = _describe_newest(newest)
        if not settings.rates_url:
            return f"{note}; RATES_URL is not set, so no newer ones come"
        return f"{note}, {await _try_url(settings.rates_url, database)}"


def _describe_newest(newest: DayRates | None) -> str:
    if newest is None:
        return "none yet; the first start imports them"
    age = (utc_now().date() - newest.on).days
    old = f", {age} days old" if age > FRESH_DAYS else ""
    return f"up to {newest.on.isoformat()}{old}"


async def _fetch(url: str) -> str:
    """Fetch rates where none are known yet by which they could be judged."""
    from bot.rates.feed import fetch_rates  # noqa: PLC0415 -- as below

    today = utc_now().date()
    return _describe_published(await fetch_rates(url, today), today)


def _describe_published(days: Iterable[DayRates], today: date) -> str:
    return f"RATES_URL publishes {max((day.on for day in days), default=today).isoformat()}"


async def _try_url(url: str, database: Database) -> str:
    # The client and the XML reader are loaded only where rates are fetched.
    from bot.rates.feed import fetch_rates  # noqa: PLC0415

    today = utc_now().date()
    fetched = await fetch_rates(url, today)
    judged = await database.units.read(lambda r: judge(r.rates, fetched, today))
    if judged.refused:
        remedy = f"{describe(judged.refused)}; not taken, see whether the address is right"
        raise UnavailableError("rates_refused", remedy=remedy)
    return _describe_published(judged.days, today)
