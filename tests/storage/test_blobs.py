"""The contract of the store of files, kept by every plug: folder, encrypted folder, S3."""

from __future__ import annotations

import asyncio
import base64
import os
import secrets
import stat
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from bot.cli.upkeep.reseal import reseal
from ledger.errors import NotFoundError, SettingsError, UnavailableError
from ports.aws import AwsAccess
from ports.blobs import Blobs
from storage.blobs.disk import DiskBlobs
from storage.blobs.s3 import S3Blobs, open_s3
from storage.blobs.sealing import MARK, build_sealer
from tests.aws import make_bucket

KEYS = [secrets.token_bytes(32) for _ in range(2)]


async def open_bucket(aws: AwsAccess) -> S3Blobs:
    return open_s3(f"s3://{await make_bucket(aws)}/a/b", aws, "aws:kms")


@pytest.fixture(params=["folder", "sealed", pytest.param("s3", marks=pytest.mark.external)])
async def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> Blobs:
    """Every plug, empty."""
    if request.param == "s3":
        return await open_bucket(request.getfixturevalue("aws"))
    keys = KEYS[:1] if request.param == "sealed" else []
    return DiskBlobs(tmp_path / "receipts", build_sealer(keys))


async def keys_of(blobs: Blobs) -> list[str]:
    return [key async for key in blobs.keys()]  # noqa: SIM118  # a method, no dict


async def test_bytes_come_back_as_they_were_put(blobs: Blobs) -> None:
    data = bytes(range(256)) * 1000
    first, second = [await blobs.put(data, media_type="image/jpeg") for _ in range(2)]
    empty = await blobs.put(b"", media_type="text/csv")
    assert first != second
    assert len(first) == 32, "128 bits"
    assert [await blobs.get(key) for key in (first, second, empty)] == [data, data, b""]
    assert sorted(await keys_of(blobs)) == sorted([first, second, empty])
    await blobs.check()
    assert len(await keys_of(blobs)) == 3, "a check leaves nothing"


async def test_the_stores_own_clock_says_what_is_old(blobs: Blobs) -> None:
    key = await blobs.put(b"x", media_type="image/jpeg")
    now = datetime.now(UTC)
    before = [key async for key in blobs.keys_before(now - timedelta(hours=1))]
    assert before == []
    assert [key async for key in blobs.keys_before(now + timedelta(hours=1))] == [key]


async def test_what_is_deleted_is_not_found(blobs: Blobs) -> None:
    key = await blobs.put(b"x", media_type="image/jpeg")
    await blobs.delete(key)
    await blobs.delete(key)
    with pytest.raises(NotFoundError):
        await blobs.get(key)
    assert await keys_of(blobs) == []


@pytest.mark.parametrize(
    "key", ["", "..", "../../etc/passwd", "/etc/passwd", "a" * 31, "A" * 32, "a" * 32 + "\n"]
)
async def test_a_key_never_leads_out_of_the_store(blobs: Blobs, key: str) -> None:
    for attempt in (blobs.get(key), blobs.delete(key)):
        with pytest.raises(NotFoundError):
            await attempt


async def test_many_at_once(blobs: Blobs) -> None:
    keys = await asyncio.gather(
        *(blobs.put(bytes([number]), media_type="x") for number in range(50))
    )
    assert [await blobs.get(key) for key in keys] == [bytes([number]) for number in range(50)]


# --- a folder -------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> DiskBlobs:
    return DiskBlobs(tmp_path / "receipts")


async def test_only_we_may_read(folder: DiskBlobs) -> None:
    key = await folder.put(b"x", media_type="image/jpeg")
    path = folder.folder / key[:2] / key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


async def test_a_half_written_file_is_no_file_and_is_swept(folder: DiskBlobs) -> None:
    key = await folder.put(b"x", media_type="image/jpeg")
    halves = [folder.folder / key[:2] / (letter * 32 + ".part") for letter in "ef"]
    for half in halves:
        half.write_bytes(b"hal")
    old = time.time() - 3600
    os.utime(halves[0], (old, old))
    assert await keys_of(folder) == [key]
    assert await folder.sweep_parts() == 1
    assert [half.exists() for half in halves] == [False, True], "another process writes that one"
    assert await folder.get(key) == b"x"


async def test_a_disk_that_refuses_is_told_as_something_to_try_again(tmp_path: Path) -> None:
    (tmp_path / "receipts").write_text("a file where a folder should be")
    folder = DiskBlobs(tmp_path / "receipts")
    with pytest.raises(UnavailableError):
        await folder.put(b"x", media_type="image/jpeg")
    with pytest.raises(UnavailableError):
        await folder.check()


# --- an encrypted folder --------------------------------------------------------------------------


def path_of(folder: DiskBlobs, key: str) -> Path:
    return folder.folder / key[:2] / key


async def test_a_sealed_file_tells_nothing_and_can_be_neither_altered_nor_exchanged(
    tmp_path: Path,
) -> None:
    folder = DiskBlobs(tmp_path, build_sealer(KEYS))
    one, other = [await folder.put(b"coffee 4.50" * 9, media_type="x") for _ in range(2)]
    sealed = path_of(folder, one).read_bytes()
    assert sealed.startswith(MARK)
    assert b"coffee" not in sealed
    assert sealed != path_of(folder, other).read_bytes()
    wrong = [sealed[:-1], sealed[:-1] + bytes([sealed[-1] ^ 1]), sealed[:20], sealed[:60] + b"x"]
    for damaged in [*wrong, path_of(folder, other).read_bytes()]:
        path_of(folder, one).write_bytes(damaged)
        with pytest.raises(UnavailableError) as caught:
            await folder.get(one)
        assert "damaged" in str(caught.value.values["remedy"])
    with pytest.raises(UnavailableError) as caught:
        await DiskBlobs(tmp_path, build_sealer([])).get(other)
    assert "RECEIPT_KEY" in str(caught.value.values["remedy"])


async def test_keys_are_rotated_without_a_pause(tmp_path: Path) -> None:
    plain = await DiskBlobs(tmp_path).put(b"before keys", media_type="x")
    first = DiskBlobs(tmp_path, build_sealer(KEYS[:1]))
    old = await first.put(b"by the first key", media_type="x")
    longago = time.time() - 86400
    os.utime(path_of(first, old), (longago, longago))
    both = DiskBlobs(tmp_path, build_sealer(KEYS[::-1]))
    assert await both.get(plain) == b"before keys"
    assert await both.get(old) == b"by the first key"
    new = await both.put(b"by the second key", media_type="x")
    assert [await both.reseal(key) for key in (plain, old, new)] == [True, True, False]
    assert not any(await asyncio.gather(*map(both.reseal, (plain, old, new))))
    second = DiskBlobs(tmp_path, build_sealer(KEYS[1:]))
    found = [await second.get(key) for key in (plain, old, new)]
    assert found == [b"before keys", b"by the first key", b"by the second key"]
    assert path_of(second, old).stat().st_mtime == pytest.approx(longago), "orphans keep their age"
    assert stat.S_IMODE(path_of(second, plain).stat().st_mode) == 0o600


def test_the_command_rewrites_every_file_and_says_what_it_could_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = DiskBlobs(tmp_path / "r")
    plain = asyncio.run(folder.put(b"before keys", media_type="x"))
    older = DiskBlobs(folder.folder, build_sealer(KEYS[:1]))
    lost = asyncio.run(older.put(b"lost", media_type="x"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RECEIPT_STORE", str(folder.folder))
    with pytest.raises(SettingsError, match="setting_missing"):
        reseal()
    words = [base64.b64encode(key).decode() for key in KEYS[::-1]]
    monkeypatch.setenv("RECEIPT_KEY", words[0])
    assert reseal() == 1
    assert capsys.readouterr() == (
        "1 files rewritten, 0 had the first key already\n",
        "1 files cannot be read; keep the older keys\n",
    )
    assert path_of(folder, plain).read_bytes().startswith(MARK)
    monkeypatch.setenv("RECEIPT_KEY", ", ".join(words))
    assert reseal() == 0
    assert capsys.readouterr().out == "1 files rewritten, 1 had the first key already\n"
    newest = DiskBlobs(folder.folder, build_sealer(KEYS[1:]))
    assert asyncio.run(newest.get(lost)) == b"lost"


# --- S3 -------------------------------------------------------------------------------------------


@pytest.mark.external
async def test_an_object_is_encrypted_and_gone_when_it_is_deleted(
    aws: AwsAccess,
) -> None:
    blobs = await open_bucket(aws)
    key = await blobs.put(b"<script>", media_type="text/html")
    client = await blobs.client.open()
    head = client.head_object(Bucket=blobs.bucket, Key=f"a/b/{key}")
    assert head["ServerSideEncryption"] == "aws:kms"
    client.put_object(Bucket=blobs.bucket, Key="a/b/analytics/x.parquet", Body=b"x")
    assert await keys_of(blobs) == [key], "what lies beside the receipts is not swept"
    address = f"{aws.endpoint_url}/{blobs.bucket}/a/b/{key}"
    await blobs.delete(key)
    with pytest.raises(HTTPError):
        await asyncio.to_thread(urlopen, address)


@pytest.mark.external
async def test_a_bucket_of_many_pages_is_listed_whole(aws: AwsAccess) -> None:
    blobs = await open_bucket(aws)
    keys = sorted([await blobs.put(b"x", media_type="x") for _ in range(5)])
    events = (await blobs.client.open()).meta.events
    small = "provide-client-params.s3.ListObjectsV2"
    events.register(small, lambda params, **_: {**params, "MaxKeys": 2})
    assert await keys_of(blobs) == keys


@pytest.mark.external
async def test_a_wrong_bucket_stops_the_start_and_an_outage_does_not(aws: AwsAccess) -> None:
    from bot.setup.plugs import open_blobs
    from bot.setup.setting_fields import SecretText
    from bot.setup.settings import Settings

    def settings(store: str, url: str) -> Settings:
        named = {"receipt_store": store, "aws_endpoint_url": url, "aws_region": aws.region}
        key, secret = SecretText("AKIATEST"), SecretText("secret")
        return Settings(**named, aws_access_key_id=key, aws_secret_access_key=secret)  # type: ignore[arg-type]  # texts of other kinds

    with pytest.raises(SettingsError) as caught:
        await open_blobs(settings("s3://no-such-bucket-here/x", aws.endpoint_url))
    assert caught.value.values["name"] == "RECEIPT_STORE"
    assert "NoSuchBucket" in str(caught.value.values["remedy"])
    away = await open_blobs(settings("s3://bucket", "http://127.0.0.1:9"))
    with pytest.raises(UnavailableError) as refused:
        await away.put(b"x", media_type="x")
    assert refused.value.message_id == "files_unavailable"
