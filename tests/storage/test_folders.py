"""Who may see what we write, whatever the umask says."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage import open_database
from storage.backup import write_backup
from storage.blobs.disk import DiskBlobs
from tests.storage.samples import NOW


@pytest.fixture(autouse=True)
def _open_umask() -> Iterator[None]:
    """The umask that hides least."""
    before = os.umask(0)
    yield
    os.umask(before)


async def test_everything_that_is_written_belongs_to_its_owner_alone(tmp_path: Path) -> None:
    blobs = DiskBlobs(tmp_path / "data" / "receipts")
    await blobs.put(b"picture", media_type="image/jpeg")
    async with open_database(f"sqlite:///{tmp_path}/data/deep/kvitto.db") as database:
        await write_backup(database, blobs, tmp_path / "data" / "backup", now=NOW)
        written = sorted((tmp_path / "data").rglob("*"))
        seen = {path.name for path in written}
        assert {"kvitto.db", "kvitto.db-wal", "backup", "receipts", "deep"} <= seen
        for path in [tmp_path / "data", *written]:
            mode = stat.S_IMODE(path.stat().st_mode)
            assert mode == (0o700 if path.is_dir() else 0o600), path
