"""Files for analysts: what DuckDB sums in them is what the ledger holds, and nothing typed is in them."""

from __future__ import annotations

import asyncio
import gzip
import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow.parquet
import pytest

from bot.ops.analytics import AnalyticsTick
from ledger.entries.changes import entry_change
from ledger.entries.entry import Converted
from ledger.errors import UnavailableError
from ledger.money import Money
from ports.aws import AwsAccess
from ports.repositories import Repositories
from storage import Database, open_database
from storage.analytics.description import COLUMNS
from storage.analytics.nightly import claim_day, give_day_back
from storage.analytics.places import FolderPlace, S3Place
from storage.analytics.spooling import spool_entries
from storage.blobs.s3 import open_s3
from storage.folders import make_private
from tests.aws import make_bucket
from tests.storage.samples import NOW, TODAY, entry, money, open_chat, operation

NIGHT = datetime(2026, 11, 21, 2, 30, tzinfo=NOW.tzinfo)


def live(repositories: Repositories) -> None:
    chat = open_chat(repositories)
    ledger = chat.ledger.id
    rate = Converted(money("5.42"), Decimal("0.00553"), TODAY)
    made = [
        entry(ledger, id="a", money=money("4.50"), note="=canary coffee", merchant="canary shop"),
        entry(ledger, id="b", money=money("12.25"), spent_on=date(2026, 10, 3), tags=("canary",)),
        entry(ledger, id="c", money=Money.of_minor(980, "JPY"), base=rate),
        entry(ledger, id="d", money=Money.of_minor(1250, "KWD"), base=None),
        entry(ledger, id="e", money=money("7.77"), category="canary's own"),
        replace(entry(ledger, id="f", money=money("99.99")), deleted_at=NOW),
    ]
    for each in made:
        repositories.entries.add([each])
        change = entry_change(None, each)
        assert change is not None
        repositories.operations.record(operation(chat, f"of {each.id}"), [change])


async def fill(database: Database) -> None:
    async with database.units.open(now=NOW) as unit:
        await unit.run(live)


def query(place: FolderPlace) -> list[tuple[object, ...]]:
    """Run the query that lies beside the files."""
    found = duckdb.sql((place.folder / "duckdb.sql").read_text())
    assert found is not None
    return found.fetchall()


def make_private_folder(folder: Path) -> Path:
    make_private(folder)
    return folder


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def test_rows_are_spooled_by_month_from_both_databases(
    database: Database, tmp_path: Path
) -> None:
    await fill(database)
    folder = make_private_folder(tmp_path / "spool")
    assert await spool_entries(database.backend, folder) == 5
    assert names_in(folder) == ["month=2026-10.csv", "month=2026-11.csv"]
    lines = (folder / "month=2026-11.csv").read_text().splitlines()
    assert lines[0] == ",".join(column.name for column in COLUMNS)
    assert lines[1].startswith(f"a,1,{TODAY},expense,eating_out,EUR,4.50,EUR,4.50,text,2026-11-")
    assert lines[2].startswith(f"c,1,{TODAY},expense,eating_out,JPY,980,EUR,5.42,text,2026-11-")
    assert [line.split(",")[4] for line in lines[3:]] == ["eating_out", "own"]


async def test_a_day_is_claimed_once(database: Database) -> None:
    day = NIGHT.date()
    claims = await asyncio.gather(*(claim_day(database.backend, day) for _ in range(4)))
    assert sorted(claims) == [False, False, False, True]
    await give_day_back(database.backend, day)
    assert await claim_day(database.backend, day)
    assert await claim_day(database.backend, day + timedelta(days=1))


async def test_duckdb_finds_what_the_ledger_holds_and_a_night_later_nothing_that_was_deleted(
    sqlite_url: str, tmp_path: Path
) -> None:
    place = FolderPlace(tmp_path / "analytics")
    (tmp_path / "file").write_text("where a folder should be")
    async with open_database(sqlite_url) as database:
        await fill(database)
        # A failure gives the day back to the next tick.
        await AnalyticsTick(database.backend, FolderPlace(tmp_path / "file" / "x")).run(NIGHT)
        tick = AnalyticsTick(database.backend, place)
        await tick.run(NIGHT - timedelta(hours=1))
        assert not place.folder.exists(), "too early"
        await tick.run(NIGHT)
        check_files(place)
        await tick.run(NIGHT + timedelta(hours=1))
        # The operator named a folder that held something before.
        theirs = place.folder / "receipts" / "a.jpg"
        theirs.parent.mkdir()
        theirs.write_bytes(b"a receipt")
        async with database.units.open(now=NOW) as unit:
            await unit.run(delete_b)
        await tick.run(NIGHT + timedelta(days=1))
    assert not (place.folder / "parquet" / "month=2026-10").exists()
    assert theirs.read_bytes() == b"a receipt"
    assert {month for month, *_ in query(place)} == {"2026-11"}


def check_files(place: FolderPlace) -> None:
    assert query(place) == [
        ("2026-10", "EUR", "eating_out", Decimal("12.25"), 1),
        ("2026-11", "EUR", "eating_out", Decimal("4.50"), 1),
        ("2026-11", "EUR", "own", Decimal("7.77"), 1),
        ("2026-11", "JPY", "eating_out", Decimal(980), 1),
        ("2026-11", "KWD", "eating_out", Decimal("1.25"), 1),
    ]
    described = json.loads((place.folder / "description.json").read_text())
    month = place.folder / "parquet" / "month=2026-11" / "entries.parquet"
    names = pyarrow.parquet.read_schema(month).names
    assert [*names, "month"] == [column["name"] for column in described["columns"]]
    packed = (place.folder / "csv" / "month=2026-11" / "entries.csv.gz").read_bytes()
    every = b"".join(path.read_bytes() for path in place.folder.rglob("*") if path.is_file())
    assert b"canary" not in every + gzip.decompress(packed)


def delete_b(repositories: Repositories) -> None:
    found = repositories.entries.find(1, "b")
    assert found is not None
    repositories.entries.save(replace(found, deleted_at=NOW))


@pytest.mark.external
async def test_files_in_a_bucket_lie_beside_the_receipts(aws: AwsAccess, tmp_path: Path) -> None:
    bucket = await make_bucket(aws)
    receipts = open_s3(f"s3://{bucket}", aws, "aws:kms")
    receipt = await receipts.put(b"x", media_type="image/jpeg")
    place = S3Place(open_s3(f"s3://{bucket}/analytics", aws, "aws:kms"))
    assert place.address == f"s3://{bucket}/analytics/"
    (tmp_path / "a").write_bytes(b"rows")
    for name in ("parquet/month=2026-11/entries.parquet", "description.json"):
        await place.put(name, tmp_path / "a")
    await place.delete("description.json")
    assert await place.list_names() == ["parquet/month=2026-11/entries.parquet"]
    assert [key async for key in receipts.keys()] == [receipt]  # noqa: SIM118  # a method, no dict
    away = S3Place(open_s3("s3://no-such-bucket", aws, "aws:kms"))
    with pytest.raises(UnavailableError):
        await away.list_names()
