"""Counts and digests: rows that are lost, copied or altered with their whole history are found."""

# ruff: noqa: S608  # statements of the test's own names
from __future__ import annotations

import random
import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest
from sqlalchemy import Connection, text

from ledger.entries.source_keys import telegram_source
from ledger.errors import LedgerError
from ledger.stored_receipts import Receipt
from ledger.text.model import BudgetWords
from ports.messages import Json, Outgoing, Reply
from ports.queue import InboxMessage
from ports.repositories import Repositories
from services.entering import SeenChat
from services.ids import new_id
from services.reporting.budgets import set_budget
from services.schedules import take_due
from services.scope import Scope
from storage import Database
from storage.database.tables import metadata
from tests.services.setup import ANN, NOW, Table
from tests.storage.test_chats import GROUP, SUPER

OPERATIONS = 100
CHAT = 1
SAYINGS = (
    "coffee 4.50",
    "taxi 20 USD",
    "salary 2000",
    "no, 7",
    "pizza 12 #party yesterday",
    "rent 800",
)
SETTINGS: tuple[dict[str, Json], ...] = (
    {"currency": "USD"},
    {"currency": "EUR"},
    {"timezone": "Asia/Tokyo"},
    {"weekly_on": False},
    {"weekly_on": True, "weekly_hour": 7},
    {"monthly_on": False},
)

Step = Callable[[Table, Repositories, random.Random], object]


def say(table: Table, repositories: Repositories, dice: random.Random) -> object:
    scope = table.scope(repositories)
    words = table.incoming(repositories, dice.choice(SAYINGS))
    return table.services.conversation.answer(scope, words, None)


def undo(table: Table, repositories: Repositories, dice: random.Random) -> object:
    history, scope = table.services.history, table.scope(repositories)
    return history.undo(scope) if dice.random() < 0.7 else history.redo(scope)


def change_settings(table: Table, repositories: Repositories, dice: random.Random) -> object:
    return table.services.preferences.change(table.scope(repositories), dice.choice(SETTINGS))


def limit(table: Table, repositories: Repositories, dice: random.Random) -> object:
    amount = Decimal(dice.choice((5, 50, 500)))
    words = BudgetWords(scope=dice.choice(("", "food")), amount=amount, currency=None, per="month")
    return set_budget(table.scope(repositories), words, operation_id=new_id(NOW))


def correct(table: Table, repositories: Repositories, dice: random.Random) -> object:
    scope, corrections = table.scope(repositories), table.services.corrections
    recent = repositories.entries.recent(scope.ledger.id, 20)
    if not recent:
        return None
    one = dice.choice(recent)
    if dice.random() < 0.4:
        return corrections.delete(scope, one.id)
    return corrections.category(scope, one.id, dice.choice(("groceries", "housing", "health")))


def tick(table: Table, repositories: Repositories, dice: random.Random) -> object:
    _ = table
    return take_due(repositories, NOW + timedelta(days=dice.randrange(40)))


STEPS: tuple[Step, ...] = (say, say, say, say, undo, change_settings, limit, correct, correct, tick)


async def handle(database: Database, number: int, work: Callable[[Repositories], object]) -> object:
    """Do what the worker does with an update: an error is explained in a unit of its own."""
    await database.inbox.add([InboxMessage(f"u{number}", CHAT, "{}")], now=NOW)
    (delivery,) = await database.inbox.claim(now=NOW, partitions=9, lease_seconds=60)
    message = Outgoing(CHAT, f"u{number}:1", Reply("done"))
    try:
        async with database.units.open(now=NOW, claim=delivery) as unit:
            found = await unit.run(work)
            unit.send(message)
            return found
    except LedgerError:
        async with database.units.open(now=NOW, claim=delivery) as unit:
            unit.send(message)
        return None


async def live(database: Database, seed: int, steps: int = OPERATIONS) -> Table:
    """Begin a chat and do random things in it, at least one of each kind."""
    dice, table = random.Random(seed), Table()
    chosen = [*STEPS, *dice.choices(STEPS, k=steps - len(STEPS))]
    dice.shuffle(chosen)
    for number, step in enumerate(chosen):
        await handle(database, number, lambda b, step=step: step(table, b, dice))  # type: ignore[misc]
    async with database.units.open(now=NOW) as unit:
        # Restating ends, so that every kind of check applies.
        while (await unit.run(lambda b: take_due(b, NOW + timedelta(days=60)))).more:
            pass
    return table


def book_in(table: Table, repositories: Repositories, chat_id: int) -> None:
    """Begin another chat and book an entry in it."""
    seen = SeenChat(chat_id, "group", "We")
    ledger = table.services.entering.enter(repositories, seen, ANN, now=NOW).chat.ledger
    words = table.incoming(repositories, "tea 2", addressed=True)
    words = replace(words, source=telegram_source(chat_id, 1))
    table.services.capture.from_text(Scope(repositories, ledger, ANN.user_id, NOW), words)


async def test_random_operations_leave_no_finding(database: Database) -> None:
    seed = secrets.randbelow(1 << 30)
    print("seed", seed)
    table = await live(database, seed)
    assert await database.find_damage(NOW) == []

    def meet(repositories: Repositories) -> None:
        for chat_id in (GROUP, SUPER):
            book_in(table, repositories, chat_id)
        table.services.merging.migrate(repositories, GROUP, SUPER, NOW)

    async with database.units.open(now=NOW) as unit:
        await unit.run(meet)
    await database.prune(NOW + timedelta(days=3))
    assert await database.find_damage(NOW) == []

    def forget(repositories: Repositories) -> object:
        return table.services.forgetting.forget(table.scope(repositories))

    await handle(database, 10_000, forget)
    assert await database.find_damage(NOW) == []


_ENTRY = "(SELECT id FROM entries WHERE deleted_at IS NULL ORDER BY id LIMIT 1)"
_LAST = "(SELECT id FROM entries ORDER BY created_at DESC, id DESC LIMIT 1)"
_OPERATION = f"(SELECT operation_id FROM changes WHERE subject_id = {_ENTRY} ORDER BY id LIMIT 1)"


def erase(entry: str) -> tuple[str, ...]:
    """Return statements that take an entry out with all that is known of it."""
    return (
        f"DELETE FROM message_entries WHERE entry_id = {entry}",
        f"CREATE TEMPORARY TABLE gone AS SELECT operation_id AS id FROM changes WHERE subject_id = {entry}",
        f"CREATE TEMPORARY TABLE lost AS SELECT {entry} AS id",
        "DELETE FROM entries WHERE id IN (SELECT id FROM lost)",
        "DELETE FROM changes WHERE operation_id IN (SELECT id FROM gone)",
        "DELETE FROM operations WHERE id IN (SELECT id FROM gone)",
        "DELETE FROM operations WHERE undoes IN (SELECT id FROM gone)",
    )


def copy(table: str, where: str, **changed: str) -> str:
    """Return a statement that copies rows with some columns changed; running numbers go on."""
    names = [c.name for c in metadata.tables[table].columns if c.name != "seq"]
    if table == "changes":
        names.remove("id")
    quoted = [f'"{name}"' for name in names]
    values = [changed.get(name, f'"{name}"') for name in names]
    return (
        f"INSERT INTO {table} ({', '.join(quoted)}) SELECT {', '.join(values)} "
        f"FROM {table} WHERE {where}"
    )


def edit(table: str, column: str, old: str, new: str) -> str:
    """Return a statement that replaces a part of each JSON value of a column."""
    return f"UPDATE {table} SET {column} = replace({column}::text, '{old}', '{new}')::json"


COPY = (
    copy("entries", f"id = {_ENTRY}", id="'copy'", source_key="'api:copy'"),
    copy("operations", f"id = {_OPERATION}", id="'copied'", number="{number}"),
    copy(
        "changes",
        f"operation_id = {_OPERATION} AND subject_id = {_ENTRY}",
        operation_id="'copied'",
        subject_id="'copy'",
    ),
)
_NEXT = "(SELECT max(number) + 1 FROM operations)"

SEEDED: dict[str, tuple[tuple[str, ...], str]] = {
    "alerts deleted": (("DELETE FROM alerts",), "alerts_incomplete"),
    "one alert deleted": (
        ("DELETE FROM alerts WHERE threshold = (SELECT min(threshold) FROM alerts)",),
        "alerts_incomplete",
    ),
    "an entry copied with its history": (
        (COPY[0], COPY[2].replace("'copied'", _OPERATION)),
        "operation_altered",
    ),
    "an entry copied with its history and operation": (
        tuple(one.replace("{number}", "NULL") for one in COPY),
        "operation_without_number",
    ),
    "an entry copied with its operation, numbered": (
        tuple(one.replace("{number}", _NEXT) for one in COPY),
        "history_incomplete",
    ),
    "a numbered copy by its digest": (
        tuple(one.replace("{number}", _NEXT) for one in COPY),
        "operation_altered",
    ),
    "an entry erased with its history and operation": (erase(_ENTRY), "history_incomplete"),
    "the last entry erased with its history": (erase(_LAST), "history_incomplete"),
    "an entry and its history altered alike": (
        (
            f"UPDATE entries SET note = 'x', search = 'x' WHERE id = {_ENTRY}",
            edit("changes", "after", '"note":"', '"note":"x'),
        ),
        "operation_altered",
    ),
    "a history told to be of somebody else": (
        ("UPDATE operations SET user_id = 0",),
        "operation_altered",
    ),
    "a done inbox row lost": (("DELETE FROM inbox WHERE key = 'u3'",), "update_lost"),
    "another valid time zone": (
        (edit("ledgers", "settings", "Berlin", "Vienna"),),
        "settings_altered",
    ),
    "a week that begins on another day": (
        (edit("ledgers", "settings", '"week_start":0', '"week_start":6'),),
        "settings_altered",
    ),
    "another currency in the settings": (
        (edit("ledgers", "settings", '"EUR"', '"CHF"'),),
        "ledger_in_two_currencies",
    ),
    "another currency in the column": (
        ("UPDATE ledgers SET currency = 'CHF'",),
        "ledger_in_two_currencies",
    ),
    "a schedule lost": (("DELETE FROM schedules WHERE kind = 'monthly'",), "schedule_missing"),
    "a receipt lost": (("DELETE FROM receipts",), "receipts_incomplete"),
    "a member lost": (("DELETE FROM members",), "operation_of_unknown_member"),
    "the evidence lost": (("DELETE FROM evidence",), "ledger_without_evidence"),
}


def spoil(connection: Connection, statements: tuple[str, ...]) -> None:
    """Write with the keys switched off, as a careless hand does."""
    is_sqlite = connection.dialect.name == "sqlite"
    if not is_sqlite:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
    for statement in statements:
        # JSON is text on SQLite, and a type of its own on PostgreSQL.
        plain = statement.replace("::text", "").replace("::json", "")
        connection.exec_driver_sql(plain if is_sqlite else statement)


@pytest.mark.parametrize("name", SEEDED)
async def test_seeded_damage_is_found(database: Database, name: str) -> None:
    statements, kind = SEEDED[name]
    await begin(database)
    assert await database.find_damage(NOW) == []
    await database.backend.write(lambda connection: spoil(connection, statements))
    assert kind in {finding.what for finding in await database.find_damage(NOW)}


async def begin(database: Database) -> None:
    """A chat with an alert, pushes, a receipt and three entries that were answered."""
    table = Table()

    def receive(repositories: Repositories) -> object:
        ledger = table.chat(repositories).ledger
        receipt = Receipt("r1", ledger.id, "tg:1:9", ANN.user_id, "f", "a.jpg", "", "stored", NOW)
        return repositories.receipts.add(receipt)

    def limit_food(repositories: Repositories) -> object:
        words = BudgetWords(scope="food", amount=Decimal(5))
        return set_budget(table.scope(repositories), words, operation_id=new_id(NOW))

    def spend(repositories: Repositories, saying: str) -> object:
        words = table.incoming(repositories, saying)
        return table.services.capture.from_text(table.scope(repositories), words)

    works: tuple[Callable[[Repositories], object], ...] = (
        receive,
        limit_food,
        *(partial(spend, saying=saying) for saying in ("bread 4.20", "butter 3", "taxi 8")),
    )
    for number, work in enumerate(works):
        await handle(database, number, work)
