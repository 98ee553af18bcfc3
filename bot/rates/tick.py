"""Import the bundled history once, and refresh the rates while the program runs."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

from bot.ops.errors import explain_error
from bot.ops.logs import get_logger
from bot.rates.bundled import FIRST_DAY, find_history, read_history
from ledger.errors import UnavailableError
from ledger.rates.values import DayRates
from ports.units import UnitOfWorkFactory
from services.rates.publishing import Judged, describe, judge
from services.rates.recounting import plan_waiting

REFRESH_SECONDS = 4 * 3600.0
"""Rates come once a day; asking more often makes up for an address that was away."""
CHUNK_DAYS = 125
"""Days of one transaction, for which the writer is held for some milliseconds."""
REST_SECONDS = 1.5
"""Between two transactions of the import, each of 5 ms of CPU, so that texts keep all the rest. The
newest days come at once; amounts of older days are counted again when their rates are there."""

_log = get_logger("bot.rates.tick")


@dataclass(frozen=True, slots=True)
class RatesTick:
    """Keeps the table of published rates current; safe in several processes at once."""

    units: UnitOfWorkFactory
    url: str
    """Where daily rates are published; empty: nowhere."""
    rest_seconds: float = REST_SECONDS

    async def run(self, now: datetime) -> None:
        """Import and refresh, then let entries that waited for a rate be counted again."""
        imported = await self._import(now)
        if self.url:
            await self._refresh(now)
        if imported or self.url:
            await plan_waiting(self.units, now)

    async def _import(self, now: datetime) -> bool:
        """Import the bundled history unless it is there; the newest days come first."""
        days = read_history(await asyncio.to_thread(find_history))
        newest = await asyncio.to_thread(_take, days, 1)
        # The oldest day is written last, so it shows that an earlier import was not cut short.
        if not newest or await self._holds((newest[0].on, FIRST_DAY), now):
            return False
        await self._publish(newest, now)
        while await self._publish_next(days, now):  # noqa: ASYNC110  # a rest, no wait
            await asyncio.sleep(self.rest_seconds)
        _log.info("rates_imported")
        return True

    async def _publish_next(self, days: Iterator[DayRates], now: datetime) -> bool:
        """Publish the next days, if there are any; they take a megabyte only meanwhile."""
        chunk = await asyncio.to_thread(_take, days, CHUNK_DAYS)
        if chunk:
            await self._publish(chunk, now)
        return bool(chunk)

    async def _refresh(self, now: datetime) -> None:
        """Fetch the newest rates; a failure is logged, and the next tick tries again."""
        # The client is loaded only where rates are fetched.
        from bot.rates.feed import fetch_rates  # noqa: PLC0415

        try:
            fetched = await fetch_rates(self.url, now.date())
        except UnavailableError as error:
            _log.warning("rates_not_refreshed", trouble=explain_error(error))
            return
        judged: Judged = await self.units.read(lambda r: judge(r.rates, fetched, now.date()))
        if judged.refused:
            _log.warning("rates_refused", refused=describe(judged.refused))
        for start in range(0, len(judged.days), CHUNK_DAYS):
            await self._publish(judged.days[start : start + CHUNK_DAYS], now)
        _log.info("rates_refreshed", days=len(judged.days))

    async def _holds(self, days: Sequence[date], now: datetime) -> bool:
        # In a unit, because the engine of `read` brings SQLAlchemy's ORM along (7 MB).
        async with self.units.open(now=now) as unit:
            return await unit.run(lambda r: all(r.rates.published((), d, d) for d in days))

    async def _publish(self, days: list[DayRates] | tuple[DayRates, ...], now: datetime) -> None:
        async with self.units.open(now=now) as unit:
            await unit.run(lambda repositories: repositories.rates.publish(days))


def _take(days: Iterator[DayRates], most: int) -> list[DayRates]:
    return list(islice(days, most))
