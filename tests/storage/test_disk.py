"""Files in a folder: whole or not at all, under keys nobody guesses."""

from __future__ import annotations

import asyncio
import stat
from pathlib import Path

import pytest

from ledger.errors import NotFoundError, UnavailableError
from storage.blobs.disk import DiskBlobs


@pytest.fixture
def blobs(tmp_path: Path) -> DiskBlobs:
    return DiskBlobs(tmp_path / "receipts")


async def test_bytes_come_back_as_they_were_put(blobs: DiskBlobs) -> None:
    data = bytes(range(256)) * 1000
    first, second = [await blobs.put(data, media_type="image/jpeg") for _ in range(2)]
    assert first != second
    assert len(first) == 32, "128 bits"
    assert await blobs.get(first) == data
    assert await blobs.get(second) == data
    assert sorted([key async for key in blobs.keys()]) == sorted([first, second])  # noqa: SIM118
    await blobs.check()


async def test_only_we_may_read(blobs: DiskBlobs) -> None:
    key = await blobs.put(b"x", media_type="image/jpeg")
    path = blobs.folder / key[:2] / key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


async def test_what_is_deleted_is_not_found(blobs: DiskBlobs) -> None:
    key = await blobs.put(b"x", media_type="image/jpeg")
    await blobs.delete(key)
    await blobs.delete(key)
    with pytest.raises(NotFoundError):
        await blobs.get(key)
    assert [each async for each in blobs.keys()] == []  # noqa: SIM118


@pytest.mark.parametrize(
    "key", ["", "..", "../../etc/passwd", "/etc/passwd", "a" * 31, "A" * 32, "a" * 32 + "\n"]
)
async def test_a_key_never_leads_out_of_the_folder(blobs: DiskBlobs, key: str) -> None:
    with pytest.raises(NotFoundError):
        await blobs.get(key)
    with pytest.raises(NotFoundError):
        await blobs.delete(key)


async def test_a_half_written_file_is_no_file_and_is_swept(blobs: DiskBlobs) -> None:
    key = await blobs.put(b"x", media_type="image/jpeg")
    half = blobs.folder / key[:2] / ("f" * 32 + ".part")
    half.write_bytes(b"hal")
    assert [each async for each in blobs.keys()] == [key]  # noqa: SIM118
    assert await blobs.sweep_parts() == 1
    assert not half.exists()
    assert await blobs.get(key) == b"x"


async def test_a_disk_that_refuses_is_told_as_something_to_try_again(tmp_path: Path) -> None:
    (tmp_path / "receipts").write_text("a file where a folder should be")
    blobs = DiskBlobs(tmp_path / "receipts")
    with pytest.raises(UnavailableError):
        await blobs.put(b"x", media_type="image/jpeg")
    with pytest.raises(UnavailableError):
        await blobs.check()


async def test_many_at_once(blobs: DiskBlobs) -> None:
    keys = await asyncio.gather(
        *(blobs.put(bytes([number]), media_type="x") for number in range(50))
    )
    assert [await blobs.get(key) for key in keys] == [bytes([number]) for number in range(50)]
