"""Backup and restore: while the bot runs, of either database into either, and never over data."""

from __future__ import annotations

import asyncio
import tarfile
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select

from ledger.entries.queries import EntryFilter
from ledger.errors import InputError
from ports.messages import Attachment, Reply
from ports.queue import NewJob
from ports.repositories import Repositories
from storage import Database, open_database
from storage.backup import restore_backup, write_backup
from storage.blobs.disk import DiskBlobs
from storage.database.tables import metadata
from tests.storage.samples import CHAT, NOW, entry, open_chat, outgoing, update
from tests.storage.test_check import lived_in

pytestmark = pytest.mark.slow

Rows = dict[str, list[Any]]


def everything(connection: Connection) -> Rows:
    return {
        table.name: list(connection.execute(select(table).order_by(*table.primary_key)).all())
        for table in metadata.sorted_tables
    }


async def live(database: Database, blobs: DiskBlobs) -> None:
    """A past, a receipt's picture, something of everything that waits."""
    async with database.units.open(now=NOW) as unit:
        await unit.run(lived_in)
        picture = await blobs.put(b"jpeg", media_type="image/jpeg")
        clean = await blobs.put(b"clean", media_type="image/jpeg")
        export = await blobs.put(b"csv", media_type="text/csv")

        def keep(repositories: Repositories) -> None:
            receipt = repositories.receipts.get(1, "r1")
            from dataclasses import replace

            repositories.receipts.save(
                replace(receipt, blob_key=picture, clean_key=clean, text="ÄÖ€🍜")
            )

        await unit.run(keep)
        unit.send(outgoing("h1", reply=Reply("x", attachment=Attachment(export, "a.csv"))))
        unit.send(outgoing("p1", "alert", kind="push"))
        unit.start(NewJob("j1", "read", {"a": [1, "ü"]}, partition=CHAT))
    await database.inbox.add([update(1), update(2)], now=NOW, offset=3)


@pytest.fixture
def blobs(tmp_path: Path) -> DiskBlobs:
    return DiskBlobs(tmp_path / "receipts")


@pytest.mark.external
@pytest.mark.parametrize("source", ["sqlite", "postgresql"])
@pytest.mark.parametrize("target", ["sqlite", "postgresql"])
async def test_everything_comes_back_in_either_database(
    source: str, target: str, sqlite_url: str, postgres_url: str, tmp_path: Path, blobs: DiskBlobs
) -> None:
    urls = {"sqlite": sqlite_url, "postgresql": postgres_url}
    if source == target == "sqlite":
        urls["target"] = f"sqlite:///{tmp_path / 'restored.db'}"
    elif source == target:
        urls["target"] = f"sqlite:///{tmp_path / 'between.db'}"
    url = urls.get("target", urls[target])
    async with open_database(urls[source]) as database:
        await live(database, blobs)
        before = await database.backend.read(everything)
        counts = await write_backup(database, blobs, tmp_path / "kvitto.tar.gz", now=NOW)
    assert counts.rows == sum(map(len, before.values()))
    assert counts.files == 3
    elsewhere = DiskBlobs(tmp_path / "elsewhere")
    assert await restore_backup(url, elsewhere, tmp_path / "kvitto.tar.gz") == counts
    async with open_database(url) as database:
        after = await database.backend.read(everything)
        assert await database.find_damage(NOW, elsewhere) == []
        assert [row.state for row in after["outbox"]] == ["waiting", "dropped"]
        assert sorted([await elsewhere.get(key) for key in await database.referenced_blobs()]) == [
            b"clean",
            b"csv",
            b"jpeg",
        ]
        changing = {"receipts", "outbox"}  # keys of files, pushes that waited
        assert {k: v for k, v in after.items() if k not in changing} == {
            k: v for k, v in before.items() if k not in changing
        }
        # Running numbers go on: nothing that is new takes the place of something old.
        await database.inbox.add([update(9)], now=NOW)
        found = await database.inbox.claim(now=NOW, partitions=9, lease_seconds=60)
        assert [each.id for each in found] == [1, 2, 3]


async def test_a_number_that_was_given_is_never_given_again(
    database: Database, tmp_path: Path, blobs: DiskBlobs
) -> None:
    """The result of a job is known by its number, which may outlive the job."""
    async with database.units.open(now=NOW) as unit:
        for name in "abc":
            unit.start(NewJob(name, "read", {}, partition=CHAT))
    for job in await database.jobs.claim(now=NOW, room=lambda _: 9, lease_seconds=9):
        await database.jobs.done(job, event="{}", now=NOW)
    await write_backup(database, blobs, tmp_path / "a.tar.gz", now=NOW)
    url = f"sqlite:///{tmp_path / 'restored.db'}"
    await restore_backup(url, blobs, tmp_path / "a.tar.gz")
    async with open_database(url) as restored:
        async with restored.units.open(now=NOW) as unit:
            unit.start(NewJob("d", "read", {}, partition=CHAT))
        [job] = await restored.jobs.claim(now=NOW, room=lambda _: 9, lease_seconds=9)
        assert job.id == 4


async def test_a_push_that_was_claimed_and_not_composed_is_not_sent_again(
    database: Database, tmp_path: Path, blobs: DiskBlobs
) -> None:
    def claim(repositories: Repositories) -> None:
        ledger = open_chat(repositories).ledger.id
        assert repositories.pushes.claim(ledger, "weekly", "2026-11-16", NOW, due_at=NOW)

    async with database.units.open(now=NOW) as unit:
        await unit.run(claim)
    await write_backup(database, blobs, tmp_path / "a.tar.gz", now=NOW)
    url = f"sqlite:///{tmp_path / 'restored.db'}"
    await restore_backup(url, blobs, tmp_path / "a.tar.gz")
    async with database.units.open(now=NOW) as unit:
        assert len(await unit.run(lambda b: b.pushes.waiting(9))) == 1
    async with open_database(url) as restored, restored.units.open(now=NOW) as unit:
        assert await unit.run(lambda b: b.pushes.waiting(9)) == []


async def test_a_database_that_holds_anything_is_left_alone(
    database: Database, database_url: str, tmp_path: Path, blobs: DiskBlobs
) -> None:
    await write_backup(database, blobs, tmp_path / "empty.tar.gz", now=NOW)
    async with database.units.open(now=NOW) as unit:
        await unit.run(open_chat)
    before = await database.backend.read(everything)
    with pytest.raises(InputError) as refused:
        await restore_backup(database_url, blobs, tmp_path / "empty.tar.gz")
    assert refused.value.message_id == "restore_not_empty"
    assert await database.backend.read(everything) == before


async def test_a_backup_under_load_holds_all_that_was_confirmed_before(
    database: Database, tmp_path: Path, blobs: DiskBlobs
) -> None:
    """Row U04, shortened: booking goes on while six backups are made; each is whole."""
    async with database.units.open(now=NOW) as unit:
        chat = await unit.run(open_chat)
    confirmed = 0
    stopping = asyncio.Event()

    async def book() -> None:
        nonlocal confirmed
        while not stopping.is_set():
            async with database.units.open(now=NOW) as unit:
                await unit.run(lambda b: b.entries.add([entry(chat.ledger.id)]))
                unit.send(outgoing(f"h{confirmed}"))
            confirmed += 1

    async with AsyncExitStack() as stack:
        stack.callback(stopping.set)
        writer = asyncio.create_task(book())
        for number in range(6):
            await asyncio.sleep(0.05)
            at_least, path = confirmed, tmp_path / f"{number}.tar.gz"
            await write_backup(database, blobs, path, now=NOW)
            url = f"sqlite:///{tmp_path / f'{number}.db'}"
            await restore_backup(url, blobs, path)
            async with open_database(url) as restored:
                stored = await restored.units.read(
                    lambda b: len(list(b.entries.stream(chat.ledger.id, EntryFilter())))
                )
                unsent = await restored.outbox.count()
            assert stored >= at_least
            assert stored == unsent, "an entry and its confirmation are of one snapshot"
        stopping.set()
        await writer


async def test_a_file_that_was_forgotten_meanwhile_is_left_out(
    database: Database, tmp_path: Path, blobs: DiskBlobs
) -> None:
    await live(database, blobs)
    [key, *_] = sorted(await database.referenced_blobs())
    await blobs.delete(key)
    counts = await write_backup(database, blobs, tmp_path / "a.tar.gz", now=NOW)
    assert counts.files == 2


async def test_what_is_no_backup_is_refused_and_leaves_nothing(
    database: Database, tmp_path: Path, blobs: DiskBlobs
) -> None:
    await live(database, blobs)
    whole = tmp_path / "whole.tar.gz"
    await write_backup(database, blobs, whole, now=NOW + timedelta(days=1))
    data = whole.read_bytes()
    bad = {
        "text": b"this is no backup",
        "empty": b"",
        "cut": data[: len(data) // 2],
        "flipped": data[:-200] + bytes([data[-200] ^ 0xFF]) + data[-199:],
    }
    with tarfile.open(tmp_path / "foreign", "w:gz") as tar:
        tar.add(__file__, "etc/passwd")
    bad["foreign"] = (tmp_path / "foreign").read_bytes()
    for name, content in bad.items():
        path = tmp_path / f"{name}.tar.gz"
        path.write_bytes(content)
        url = f"sqlite:///{tmp_path / name}.db"
        with pytest.raises(InputError, match="backup_unreadable"):
            await restore_backup(url, DiskBlobs(tmp_path / f"{name}-files"), path)
        async with open_database(url) as untouched:
            assert not any((await untouched.backend.read(everything)).values())
    left = await asyncio.to_thread(lambda: list(tmp_path.glob(".kvitto-backup-*")))
    assert not left, "nothing half made is left behind"
