"""`/forget`: nothing is left, neither rows nor files."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from demo import samples
from tests.conversations.conftest import READ_SECONDS, Talk

pytestmark = [pytest.mark.external, pytest.mark.asyncio(loop_scope="session")]
SAMPLE = Path(samples.__file__).parent / "berlin-groceries.jpg"


async def test_forgetting_deletes_the_receipts_of_this_chat_and_of_no_other(
    ann: Talk, installation: Path
) -> None:
    before = _receipt_files(installation)
    ann.sim.photo(ann.person, ann.chat, SAMPLE.read_bytes())
    reading = await ann.hear()
    if not reading.edit_count:
        await ann.sim.edit_of(reading, timeout=READ_SECONDS)
    kept = _receipt_files(installation) - before
    assert kept
    asked = await ann.say("/forget")
    ann.sim.press(ann.person, asked, asked.labels[-1])
    assert "deleted" in (await ann.hear()).text
    await ann.sim.quiet(1)
    assert not _files(installation) & kept
    assert _files(installation) >= before
    assert not _rows_of(installation, ann.chat.id)
    again = await ann.say("/list")
    assert "There are none" in again.text


def _receipt_files(installation: Path) -> set[Path]:
    """Return the files of receipts; pictures and exports of other chats are deleted once sent."""
    with closing(sqlite3.connect(installation / "kvitto.db")) as database:
        rows = database.execute("SELECT blob_key, clean_key FROM receipts").fetchall()
    keys = {key for row in rows for key in row if key}
    return {path for path in _files(installation) if path.name in keys}


def _files(installation: Path) -> set[Path]:
    return {path for path in (installation / "receipts").rglob("*") if path.is_file()}


def _rows_of(installation: Path, chat_id: int) -> list[str]:
    """Name every table that still speaks of a chat, but for the words of its farewell."""
    with closing(sqlite3.connect(installation / "kvitto.db")) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_schema")]
        found = []
        for table in tables:
            columns = {row[1] for row in database.execute(f"PRAGMA table_info({table})")}
            if "chat_id" in columns and table not in {"outbox", "keyboards"}:
                where = f"SELECT 1 FROM {table} WHERE chat_id = {chat_id} LIMIT 1"  # noqa: S608
                if database.execute(where).fetchone():
                    found.append(table)
        return found
