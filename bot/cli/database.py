"""Bring the database to the newest schema (`kvitto migrate`)."""

from __future__ import annotations

import asyncio

from bot.setup.settings import read_settings
from storage.migrations import migrate as migrate_database


def migrate() -> int:
    """Bring the database to the newest schema; safe to repeat."""
    asyncio.run(migrate_database(read_settings().database_url.get_secret_value()))
    print("the database is up to date")
    return 0
