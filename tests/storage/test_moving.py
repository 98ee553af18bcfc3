"""`kvitto move`: everything arrives, equal to the minor unit, also after kills; nothing is overwritten."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import cycle
from pathlib import Path

import asyncpg
import pytest

from bot.cli.upkeep.move import move as run_move
from bot.ops.lifecycle import locked_out
from bot.setup.roles import find_lock
from ledger.entries.changes import entry_change
from ledger.entries.entry import Converted
from ledger.errors import InputError, SettingsError
from ledger.money import MINOR_DIGITS, Money
from ports.repositories import Repositories
from storage import Database, open_database
from storage.migrations import migrate
from storage.moving import move, sum_up
from tests.storage.queues.test_outbox import pending, post
from tests.storage.samples import NOW, TODAY, entry, open_chat, operation, outgoing, update
from tests.storage.test_check import live

pytestmark = pytest.mark.external

ENTRIES = 2500
"""More than two batches."""
CURRENCIES = sorted(MINOR_DIGITS)[:20]


def write_many(repositories: Repositories) -> None:
    """Write entries of many currencies."""
    chat = open_chat(repositories, 777)
    for kind in ("weekly", "monthly"):
        repositories.schedules.plan(chat.ledger.id, kind, NOW)
    codes = cycle(CURRENCIES)
    for number in range(ENTRIES):
        amount = Money.of_minor(10**9 + number * 7, next(codes))
        is_own = amount.currency == chat.ledger.settings.currency
        base = Converted(amount, Decimal(1), TODAY) if is_own else None
        made = entry(chat.ledger.id, id=f"m{number}", money=amount, base=base)
        made = replace(made, note=f"note {number} ☕ 'quoted'")
        repositories.entries.add([made])
        change = entry_change(None, made)
        assert change is not None
        repositories.operations.record(operation(chat, f"many{number}"), [change])


async def fill(url: str) -> None:
    async with open_database(url) as database:
        await live(database)
        async with database.units.open(now=NOW) as unit:
            await unit.run(write_many)
        await database.inbox.add([update(number) for number in range(9)], now=NOW, offset=8)
        await post(database, outgoing("sent"), outgoing("waits"))
        sent = next(each for each in await pending(database) if each.message_key == "sent")
        # As a kill leaves it: the chat has the message, and the database does not know.
        database.outbox.note_sent([sent], 100)


def start(source: str, target: str, folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "bot", "move", "--to", target],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "DATABASE_URL": source, "TMPDIR": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


async def test_everything_arrives_after_kills_and_the_bot_goes_on_there(
    sqlite_url: str, postgres_url: str, tmp_path: Path
) -> None:
    await fill(sqlite_url)
    for table in ("changes", "entries"):
        # After this table at the latest; wherever it is by then.
        process = start(sqlite_url, postgres_url, tmp_path)
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith(f"{table}:"):
                break
        process.kill()
        process.communicate()
        with pytest.raises(SettingsError, match="schema_moving"):
            await migrate(postgres_url)
    process = start(sqlite_url, postgres_url, tmp_path)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    assert f"entries: {ENTRIES + 2} rows\n" in out
    assert f" {CURRENCIES[0]} in 125 entries, equal in both\n" in out
    async with open_database(sqlite_url) as old, open_database(postgres_url) as new:
        totals = await new.backend.read(sum_up)
        assert totals == await old.backend.read(sum_up)
        assert len(totals) >= len(CURRENCIES)
        assert await new.find_damage(NOW + timedelta(seconds=1)) == []
        assert await new.inbox.offset() == 8
        await go_on(new)
    with pytest.raises(InputError, match="move_not_empty"):
        await move(sqlite_url, postgres_url, lambda *_: None)


async def go_on(database: Database) -> None:
    """Numbers go on after the highest, known keys stay known, and nothing is sent again."""
    waiting = [each.message_key for each in await pending(database)]
    assert "waits" in waiting
    assert "sent" not in waiting
    assert await database.inbox.add([update(8), update(1001)], now=NOW) == 1
    deliveries = await database.inbox.claim(now=NOW, partitions=9, lease_seconds=60)
    assert len(deliveries) == 10


async def test_data_that_changed_meanwhile_or_is_foreign_is_refused(
    sqlite_url: str, postgres_url: str
) -> None:
    await fill(sqlite_url)

    class KilledError(Exception):
        pass

    def kill(table: str, rows: int) -> None:
        if table == "entries":
            raise KilledError

    with pytest.raises(KilledError):
        await move(sqlite_url, postgres_url, kill)
    async with open_database(sqlite_url) as database:
        await database.inbox.add([update(5000)], now=NOW)
    with pytest.raises(InputError, match="move_other_source"):
        await move(sqlite_url, postgres_url, kill)


def test_a_row_that_was_changed_behind_the_move_is_found(
    sqlite_url: str, postgres_url: str
) -> None:
    async def fill_few() -> None:
        async with open_database(sqlite_url) as database:
            await live(database)

    def tell(table: str, rows: int) -> None:
        if table == "entries":
            change = "UPDATE entries SET amount_minor = amount_minor + 1"
            # In a thread of its own, since the move's event loop waits for this function.
            with ThreadPoolExecutor(1) as pool:
                pool.submit(asyncio.run, execute(postgres_url, change)).result()

    asyncio.run(fill_few())
    with pytest.raises(InputError, match="move_differs"):
        asyncio.run(move(sqlite_url, postgres_url, tell))


async def execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute(statement)
    await connection.close()


def test_a_running_bot_and_another_kind_of_target_are_refused(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    with pytest.raises(InputError, match="move_target"):
        run_move("sqlite:///other.db")
    with pytest.raises(InputError, match="password_in_the_open") as refused:
        run_move("postgresql://nobody:canary@127.0.0.1:9/x")
    assert "canary" not in str(refused.value.values)
    lock = find_lock(sqlite_url, "worker")
    assert lock is not None
    with locked_out(lock), pytest.raises(InputError, match="bot_runs"):
        run_move("postgresql://nobody@127.0.0.1:9/x")
    monkeypatch.setenv("DATABASE_URL", "postgresql://a@127.0.0.1/x")
    with pytest.raises(InputError, match="move_source"):
        run_move("postgresql://nobody@127.0.0.1:9/x")
