"""Updates a second through units of work, with the statements of a typed text, beside raw sqlite3.

One update: find the place, look corrections up, insert the entry, its act and change, list budgets,
sum one up, write keyboard and outbox row, mark the arrival, commit. `alone` is one update after the
other (each pays for the disk), `side by side` is 100 chats at once (they share commits). The raw
line does the same statements by hand on one connection with one commit each: what SQLite itself
costs here. `storage time` is the processor's time without the disk (synchronous=OFF), hops included.

Usage: python bench/updates.py [sqlite:///path | postgresql://…] [--updates N]
"""

from __future__ import annotations

import argparse
import asyncio
import sqlite3
import tempfile
import time
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import uvloop

from ledger.budgets.budget import Budget
from ledger.budgets.scopes import coverage_of
from ledger.chats import Member
from ledger.entries.changes import Operation, entry_change
from ledger.entries.entry import Converted, Entry
from ledger.money import Money
from ledger.periods.period import Period
from ledger.settings import Settings
from ports.messages import Action, Button, Line, Outgoing, Reply, Subject
from ports.queue import Delivery, InboxMessage
from ports.repositories import Repositories
from storage import Database, open_database

CHATS = 100
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
MONTH = Period(date(2026, 11, 1), date(2026, 12, 1), "month")
FOUR_FIFTY = Money(Decimal("4.50"), "EUR")


def capture(repositories: Repositories, chat_id: int, number: int) -> Entry:
    """Do what a typed text does."""
    place = repositories.chats.find(chat_id, 1)
    assert place is not None
    ledger_id = place.chat.ledger.id
    repositories.corrections.find(ledger_id, [("note", "coffee")])
    entry = Entry(
        id=f"e{number:012}",
        ledger_id=ledger_id,
        type="expense",
        money=FOUR_FIFTY,
        spent_on=NOW.date(),
        note="coffee",
        category="eating_out",
        paid_by=1,
        source="text",
        source_key=f"tg:{chat_id}:{number}:0",
        created_at=NOW,
        updated_at=NOW,
        base=Converted(FOUR_FIFTY, Decimal(1), NOW.date()),
    )
    [stored] = repositories.entries.add([entry])
    change = entry_change(None, stored)
    assert change is not None
    repositories.operations.record(Operation(f"a{number}", ledger_id, 1, "capture", NOW), [change])
    for budget in repositories.budgets.list_all(ledger_id):
        repositories.budgets.spent(ledger_id, coverage_of(budget.scope), MONTH)
    return stored


def confirmation(chat_id: int, entry: Entry) -> Outgoing:
    """Say it."""
    delete = Button("🗑", Action("delete", (entry.id,)))
    pick = Button("🏷", Action("category", (entry.id,)))
    reply = Reply("🍽 <b>4.50 €</b> coffee", ((pick, delete),), line=Line("coffee 4.50 €", pick))
    return Outgoing(chat_id, f"c{entry.id}", reply, owner_id=1, subject=Subject((entry.id,)))


async def update(database: Database, delivery: Delivery) -> None:
    """Handle one arrival, as the worker does."""
    chat_id, number = delivery.inbox_message.partition, delivery.id
    async with database.units.open(now=NOW, claim=delivery) as unit:
        entry = await unit.run(lambda repositories: capture(repositories, chat_id, number))
        unit.send(confirmation(chat_id, entry))


async def prepare(database: Database, updates: int) -> list[Delivery]:
    """Make the chats, fill the inbox."""

    def chats(repositories: Repositories) -> None:
        settings = Settings("EUR", "Europe/Berlin", "en")
        for chat_id in range(1, CHATS + 1):
            chat = repositories.chats.add(chat_id, "private", "Ann", settings, NOW)
            repositories.chats.see(chat, Member(1, "Ann"), NOW)
            limit = Money(Decimal(400), "EUR")
            repositories.budgets.put(
                Budget(f"b{chat_id}", chat.ledger.id, "eating_out", limit, "month"), NOW
            )

    async with database.units.open(now=NOW) as unit:
        await unit.run(chats)
    body = '{"update_id":1,"message":{"text":"coffee 4.50"}}' * 8
    inbox_messages = [
        InboxMessage(f"u{number}", number % CHATS + 1, body) for number in range(updates)
    ]
    await database.inbox.add(inbox_messages, now=NOW)
    return await database.inbox.claim(now=NOW, partitions=CHATS, lease_seconds=600)


async def alone(database: Database, work: list[Delivery]) -> float:
    """One after the other; seconds an update."""
    start = time.perf_counter()
    for delivery in work:
        await update(database, delivery)
    return (time.perf_counter() - start) / len(work)


async def side_by_side(database: Database, work: list[Delivery]) -> float:
    """Every chat at once, each in its order; seconds an update."""
    partitions: dict[int, list[Delivery]] = {}
    for delivery in work:
        partitions.setdefault(delivery.inbox_message.partition, []).append(delivery)
    start = time.perf_counter()
    await asyncio.gather(*(alone(database, partition) for partition in partitions.values()))
    return (time.perf_counter() - start) / len(work)


def raw(path: Path, updates: int, *, synchronous: str) -> float:
    """The same statements by hand; seconds an update."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute(f"PRAGMA synchronous = {synchronous}")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA secure_delete = ON")
    # Connections of other rows: the identifiers go on where the measured run ended.
    inbox = [
        row[0] for row in connection.execute("SELECT id FROM inbox ORDER BY id LIMIT ?", (updates,))
    ]
    clock = time.perf_counter if synchronous == "FULL" else time.process_time
    start = clock()
    for number in inbox:
        _raw_update(connection, number)
    seconds = (clock() - start) / len(inbox)
    connection.close()
    return seconds


def _raw_update(connection: sqlite3.Connection, number: int) -> None:
    run = connection.execute
    chat, name, at = number % CHATS + 1, f"r{number:012}", NOW.isoformat()
    run("BEGIN IMMEDIATE")
    (ledger, _, _) = run(
        "SELECT l.id, l.settings, m.name FROM chats c JOIN ledgers l ON l.id = c.ledger_id "
        "LEFT JOIN members m ON m.ledger_id = l.id AND m.user_id = 1 WHERE c.chat_id = ?",
        (chat,),
    ).fetchone()
    run(
        "SELECT kind, key, category FROM corrections WHERE ledger_id = ? AND key IN (?)",
        (ledger, "coffee"),
    ).fetchall()
    run(
        "INSERT INTO entries VALUES (?,?,'expense',450,'EUR',450,'EUR','1','2026-11-20','2026-11-20','coffee',"
        "NULL,'eating_out','[]',1,'text',?,?,0,NULL,?,?,NULL,'coffee')",
        (name, ledger, -chat, number, at, at),
    )
    run(
        "INSERT INTO acts (id, ledger_id, chat_id, user_id, verb, at) VALUES (?,?,?,1,'capture',?)",
        (name, ledger, chat, at),
    )
    run(
        "INSERT INTO changes (operation_id, ledger_id, subject, subject_id, after) VALUES (?,?,'entry',?,?)",
        (name, ledger, name, "{" + "x" * 300 + "}"),
    )
    run(
        "SELECT * FROM budgets WHERE ledger_id = ? AND removed_at IS NULL ORDER BY scope", (ledger,)
    ).fetchall()
    run(
        "SELECT sum(base_minor) FROM entries WHERE ledger_id = ? AND spent_on >= '2026-11-01' AND spent_on < '2026-12-01' "
        "AND deleted_at IS NULL AND type = 'expense' AND category IN ('eating_out')",
        (ledger,),
    ).fetchone()
    run("INSERT INTO keyboards VALUES (?,?,1,?,?)", (name, chat, "[]" * 40, at))
    cursor = run(
        "INSERT INTO outbox (message_key, chat_id, method, state, payload, kind, created_at) VALUES (?,?,'send','waiting',?,'answer',?)",
        (name, chat, "{" + "x" * 300 + "}", at),
    )
    run("INSERT INTO message_entries VALUES (?,?,0)", (name, cursor.lastrowid))
    run("UPDATE inbox SET state = 'done', body = NULL WHERE id = ?", (number,))
    run("COMMIT")


async def measure(url: str, updates: int) -> tuple[float, float]:
    """Run both ways on fresh arrivals."""
    async with open_database(url) as database:
        work = await prepare(database, updates)
        few = max(50, updates // 10)
        await alone(database, work[:20])
        return (
            await alone(database, work[20:few]),
            await side_by_side(database, work[few:]),
        )


async def without_disk(url: str, updates: int) -> float:
    """Storage time of one update: its statements and hops, no waiting for the disk."""
    async with open_database(url) as database:
        work = await prepare(database, updates)
        await database.backend.write(lambda c: c.exec_driver_sql("SELECT 1").scalar())
        writer = database.backend._writer  # type: ignore[attr-defined]  # noqa: SLF001
        await writer._thread.submit(lambda: writer._driver.execute("PRAGMA synchronous = OFF"))  # noqa: SLF001
        await alone(database, work[:50])
        start = time.process_time()
        await alone(database, work[50:])
        return (time.process_time() - start) / len(work[50:])


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("url", nargs="?")
    parser.add_argument("--updates", type=int, default=4000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.db"
        one, many = uvloop.run(measure(options.url or f"sqlite:///{path}", options.updates))
        print(f"alone         {one * 1e6:7.0f} µs  {1 / one:6.0f} updates/s")
        print(f"side by side  {many * 1e6:7.0f} µs  {1 / many:6.0f} updates/s")
        if options.url:
            return
        slow = raw(path, options.updates // 10, synchronous="FULL")
        print(f"raw sqlite3   {slow * 1e6:7.0f} µs  {1 / slow:6.0f} updates/s, one commit each")
        print(f"ratio         {slow / many:.2f} side by side, {slow / one:.2f} alone")
        bare = uvloop.run(without_disk(f"sqlite:///{folder}/bare.db", options.updates))
        hand = raw(Path(folder) / "bare.db", options.updates, synchronous="OFF")
        print(
            f"storage time  {bare * 1e6:7.0f} µs of the processor an update; by hand {hand * 1e6:.0f}"
        )


if __name__ == "__main__":
    main()
