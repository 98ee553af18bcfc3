"""A scheduler on its own, which books until nothing is due: `python -m bench.recurring.scheduler URL`."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime

from bot.setup.lazy import LazyCategoriser
from scheduler.pushes import PushTick
from services.bundle import build_services
from services.entering import InstallationDefaults
from services.schedules import build_rules
from storage import Database, open_database

NOW = datetime(2026, 12, 1, 6, tzinfo=UTC)


async def run_tick(database: Database) -> None:
    """Do everything that is due."""
    defaults = InstallationDefaults("EUR", "Europe/Berlin", "en")
    services = build_services(LazyCategoriser(), defaults)
    rules = build_rules(due=services.series.due)
    await PushTick(database.units, asyncio.Event(), rules).run(NOW)


async def main(url: str) -> None:
    """Run one tick, which goes on until nothing is due."""
    async with open_database(url) as database:
        await run_tick(database)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
