"""The database of the first release as it was left on 28 November 2026, and Telegram's side of it.

`tests/data/upgrade/make.py` says how it came to be. Its rows are loaded into the schema of revision
0001, the only place where the names of the first release's columns are known.
"""

from __future__ import annotations

import asyncio
import json
import tarfile
from base64 import b64decode
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import JSON, Connection, Date, MetaData, Table, create_engine, func, select, text
from sqlalchemy.ext.asyncio import create_async_engine

from demo.botapi.world import Chat, Message
from demo.simulation import Simulation
from storage.migrations import FOLDER

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "tests" / "data" / "upgrade"
REVISION = "0001"

MIA, JONAS, ANA = 7_100_000_001, 7_100_000_002, 7_100_000_003
HOUSEHOLD, TRIP = -1_002_300_000_001, -4_800_000_002
CHATS = (MIA, ANA, HOUSEHOLD, TRIP)
"""Every chat with a ledger: two private ones, a supergroup that was a group, and a group."""

AFTER_SUNDAY = datetime(2026, 11, 29, 17, 30, tzinfo=UTC)
"""Half an hour after every ledger's weekly summary was due."""
AFTER_THE_FIRST = datetime(2026, 12, 1, 8, 30, tzinfo=UTC)
"""Half an hour after every ledger's monthly recap was due."""

Rows = dict[str, list[dict[str, Any]]]
Export = dict[str, Any]


@dataclass(frozen=True, slots=True)
class FirstRelease:
    """What the fixture holds.

    Attributes:
        rows: Every row by table; tables are in an order that keeps their references.
        numbers: The highest running number that each table ever gave.
        files: Receipts and pictures by key.
        world: What Telegram knows, as JSON.
    """

    rows: Rows
    numbers: dict[str, int]
    files: dict[str, bytes]
    world: dict[str, Any]


@cache
def read_fixture() -> FirstRelease:
    """Unpack the fixture."""
    rows: Rows = {}
    files: dict[str, bytes] = {}
    with tarfile.open(DATA / "first.tar.xz") as tar:
        contents = dict(_contents(tar))
    for name, content in contents.items():
        folder, _, rest = name.partition("/")
        if folder == "files":
            files[rest] = content
        elif folder == "tables":
            lines = content.splitlines()
            rows[rest.removesuffix(".jsonl")] = [json.loads(line) for line in lines]
    manifest = json.loads(contents["manifest.json"])
    return FirstRelease(rows, manifest["numbers"], files, json.loads(contents["world.json"]))


def pack_backup(path: Path) -> None:
    """Write the backup that the first release's program made."""
    with tarfile.open(DATA / "first.tar.xz") as tar, tarfile.open(path, "w:gz") as backup:
        contents = {name: data for name, data in _contents(tar) if name != "world.json"}
        folders = {"manifest.json": 0, "files": 1, "tables": 2}
        # The order of tables keeps their references.
        for name in sorted(contents, key=lambda name: folders[name.partition("/")[0]]):
            info = tarfile.TarInfo(name)
            info.size = len(contents[name])
            backup.addfile(info, BytesIO(contents[name]))


def read_before() -> dict[int, Export]:
    """Return each chat's export from before the upgrade."""
    found = json.loads((DATA / "before.json").read_text())["ledgers"]
    return {int(chat_id): export for chat_id, export in found.items()}


def _contents(tar: tarfile.TarFile) -> Iterator[tuple[str, bytes]]:
    for member in tar:
        file = tar.extractfile(member)
        if file is not None:
            yield member.name, file.read()


def load(url: str, receipts: Path, *, grow: Callable[[Rows], None] | None = None) -> None:
    """Make the first release's schema in an empty database and put its rows and files in place.

    Args:
        url: As in `DATABASE_URL`.
        receipts: As in `RECEIPT_STORE`.
        grow: May add rows before they are stored.
    """
    fixture = read_fixture()
    rows = {table: list(found) for table, found in fixture.rows.items()}
    if grow:
        grow(rows)
    for key, content in fixture.files.items():
        path = receipts / key[:2] / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    _connected(url, lambda connection: _fill(connection, rows, fixture.numbers))


def _connected(url: str, work: Callable[[Connection], None]) -> None:
    """Do something in one transaction of a database of either kind."""
    if url.startswith("sqlite:"):
        engine = create_engine(url)
        with engine.begin() as connection:
            work(connection)
        engine.dispose()
        return

    async def on_postgres() -> None:
        server = create_async_engine(url.replace("postgresql:", "postgresql+asyncpg:", 1))
        async with server.begin() as connection:
            await connection.run_sync(work)
        await server.dispose()

    asyncio.run(on_postgres())


def _fill(connection: Connection, rows: Rows, numbers: dict[str, int]) -> None:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["connection"] = connection
    command.upgrade(config, REVISION)
    metadata = MetaData()
    metadata.reflect(connection)
    for name, found in rows.items():
        table = metadata.tables[name]
        for column in table.columns:
            if isinstance(column.type, JSON):
                column.type = JSON(none_as_null=True)
        values = [_typed(row, table, connection.dialect.name) for row in found]
        for start in range(0, len(values), 1000):
            connection.execute(table.insert().inline(), values[start : start + 1000])
    _number(connection, metadata, rows, numbers)


def _typed(row: dict[str, Any], table: Table, dialect: str) -> dict[str, Any]:
    """Return a row with times and dates in place of their texts."""

    def value(name: str, found: Any) -> Any:  # noqa: ANN401  # any column's value
        if found is None:
            return None
        if isinstance(table.c[name].type, Date):
            return date.fromisoformat(found)
        if name.endswith("_at") or name in {"at", "taken_until"}:
            moment = datetime.fromisoformat(found)
            return moment.isoformat(timespec="microseconds") if dialect == "sqlite" else moment
        return found

    return {name: value(name, found) for name, found in row.items()}


def _number(
    connection: Connection, metadata: MetaData, rows: Rows, numbers: dict[str, int]
) -> None:
    """Let running numbers go on after the highest that was ever given."""
    for name, last in numbers.items():
        (column,) = metadata.tables[name].primary_key
        highest = max([last, *(row[column.name] for row in rows[name])])
        if not highest:
            continue
        if connection.dialect.name == "sqlite":
            known = {"name": name, "last": highest}
            connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), known)
            connection.execute(text("INSERT INTO sqlite_sequence VALUES (:name, :last)"), known)
        else:
            sequence = func.pg_get_serial_sequence(name, column.name)
            connection.execute(select(func.setval(sequence, highest)))


def restore_telegram(simulation: Simulation) -> None:
    """Give a Bot API server the people, chats, messages and files that the first release knew."""
    told = read_fixture().world
    world = simulation.telegram.world
    for user in told["users"]:
        added = simulation.add_user(user["first_name"], user_id=user["id"])
        added.has_blocked_bot = user["has_blocked_bot"]
    for card in told["chats"]:
        chat = Chat(card["id"], card["kind"], title=card["title"], user=world.users.get(card["id"]))
        chat.members = {int(user_id): status for user_id, status in card["members"].items()}
        chat.migrated_to, chat.last_message_id = card["migrated_to"], card["last_message_id"]
        world.chats[chat.id] = chat
        for kept in card["messages"]:
            sender = world.users[kept["sender_id"]]
            data = {**kept["data"], "chat": chat.to_json(), "from": sender.to_json()}
            world.keep(chat, Message(chat.id, kept["message_id"], sender.id, data))
    world._last_box_id = told["last_private_message_id"]  # noqa: SLF001  # no bot may set it
    simulation.jump_update_ids(told["next_update_id"])
    files = simulation.telegram.files
    for file_id, card in told["files"].items():
        content = b64decode(card["content"])
        stored = files.add("documents", content, card["file_name"], "image/png")
        files._by_id[file_id] = replace(stored, file_id=file_id)  # noqa: SLF001  # as above


def totals(export: Export) -> dict[tuple[str, str, str], Decimal]:
    """Return the sums of an export by type, currency and category."""
    found: defaultdict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    for entry in export["entries"]:
        found[entry["type"], entry["currency"], entry["category"]] += Decimal(entry["amount"])
    return dict(found)
