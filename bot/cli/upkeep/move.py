"""Copy everything from SQLite into an empty PostgreSQL (`kvitto move`)."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from urllib.parse import urlsplit

from bot.ops.lifecycle import locked_out
from bot.setup.roles import ROLES, find_lock
from bot.setup.settings import read_settings
from ledger.errors import InputError, SettingsError
from ledger.money import from_minor
from storage import open_database
from storage.migrations import HEAD, find_schema
from storage.moving import Totals
from storage.moving import move as copy_database


def move(target: str) -> int:
    """Copy the database of DATABASE_URL, compare both, and say how to go on.

    Raises:
        InputError: the bot runs, or the target is of another kind, not empty, or holds a password.
        SettingsError: the database is missing or of another version.
        UnavailableError: a database cannot be reached.
    """
    source = read_settings().database_url.get_secret_value()
    if not target.startswith(("postgresql://", "postgres://")):
        raise InputError("move_target", remedy="--to takes postgresql://user@host/name")
    if urlsplit(target).password:
        # Every user of the machine can read the arguments of a process.
        remedy = "leave it out of --to, and set PGPASSWORD or write it into ~/.pgpass"
        raise InputError("password_in_the_open", remedy=remedy)
    with ExitStack() as stack:
        for role in ROLES:
            lock = find_lock(source, role)
            if lock is None:
                remedy = "from PostgreSQL use `kvitto backup` and `kvitto restore`"
                raise InputError("move_source", remedy=remedy)
            if lock.parent.is_dir():
                stack.enter_context(locked_out(lock))
        totals = asyncio.run(_move(source, target))
    for currency, (count, minor) in totals.items():
        print(f"{from_minor(minor, currency)} {currency} in {count} entries, equal in both")
    print("Done. Set DATABASE_URL to the new address and start; receipts stay where they are.")
    return 0


async def _move(source: str, target: str) -> Totals:
    if await find_schema(source) != HEAD:
        remedy = "there is no database of this version; run `kvitto migrate` first"
        raise SettingsError("schema_older", name="DATABASE_URL", remedy=remedy)
    async with open_database(source) as database:
        # A killed bot leaves notes of what it sent next to the file, and they are not copied.
        await database.outbox.recover()
    return await copy_database(source, target, _tell)


def _tell(table: str, rows: int) -> None:
    # At once, because a large table takes a while.
    print(f"{table}: {rows} rows", flush=True)
