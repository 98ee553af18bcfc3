"""Write the files of a night: spool, convert in a process of its own, put in place, drop the rest.

Every night writes everything again, so what a person has forgotten is gone from the files a night
later, and a file that is missing or damaged is mended by the next night.
"""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
from datetime import date
from pathlib import Path

from sqlalchemy import Connection, bindparam

from ledger.errors import UnavailableError
from storage.analytics.description import describe, write_athena, write_duckdb
from storage.analytics.places import Place
from storage.analytics.spooling import spool_entries
from storage.database.connections.backend import Backend
from storage.database.connections.prepared import change
from storage.database.tables import offsets
from storage.database.upsert import insert

_NAME = "analytics"
_OF_A_MONTH = re.compile(r"(parquet|csv)/month=\d{4}-\d\d/entries\.(parquet|csv\.gz)")
"""The files of which a night may write fewer than the one before."""
_NEW = insert(offsets).values(name=_NAME, value=bindparam("day"))
# Every scheduler tries; only the first of a day changes the row.
_CLAIM = _NEW.on_conflict_do_update(
    index_elements=["name"],
    set_={"value": _NEW.excluded.value},
    where=offsets.c.value < _NEW.excluded.value,
)
# A claim of a later day stays, as its files replace all of these.
_GIVE_BACK = offsets.update().where(
    offsets.c.name == _NAME, offsets.c.value == bindparam("day")
).values(value=offsets.c.value - 1)  # fmt: skip


async def claim_day(backend: Backend, day: date) -> bool:
    """Claim the files of a day for this process; False when they are claimed already."""

    def claim(connection: Connection) -> bool:
        return change(connection, _CLAIM, {"day": day.toordinal()}) > 0

    return await backend.write(claim)


async def give_day_back(backend: Backend, day: date) -> None:
    """Let the files of a day be tried again."""
    values = {"day": day.toordinal()}
    await backend.write(lambda connection: change(connection, _GIVE_BACK, values))


async def write_files(backend: Backend, place: Place) -> int:
    """Write everything; return the count of rows.

    Raises:
        UnavailableError: the database or the place fails, or the process that converts.
    """
    # Plain files of all ledgers: the folder is ours alone and goes with the block.
    with tempfile.TemporaryDirectory(prefix="kvitto-analytics-") as name:
        folder = Path(name)
        count = await spool_entries(backend, folder)
        await _convert(folder)
        names = await asyncio.to_thread(_complete, folder, place.address)
        for file, path in names.items():
            await place.put(file, path)
    # Last, so that a reader finds each month at any moment.
    for file in await place.list_names():
        # Whatever else lies there is not ours: an operator may have named a folder that holds more.
        if file not in names and _OF_A_MONTH.fullmatch(file):
            await place.delete(file)
    return count


def _complete(folder: Path, address: str) -> dict[str, Path]:
    """Add what describes the files, and return all by their names."""
    for name, content in (
        ("description.json", describe()),
        ("athena.sql", write_athena(address)),
        ("duckdb.sql", write_duckdb(address)),
    ):
        (folder / name).write_bytes(content)
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path for path in found}


async def _convert(folder: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "storage.analytics.parquet", str(folder)
    )
    try:
        failed = await process.wait()
    except asyncio.CancelledError:
        # Its folder is deleted next, so it has to be gone by then.
        process.kill()
        await process.wait()
        raise
    if failed:
        raise UnavailableError("analytics_failed")
