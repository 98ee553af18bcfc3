"""How the process lives and ends: locks, parts that fail, files nobody names, processes of ours."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest

from bot.ops.lifecycle import Supervisor, single_instance
from bot.ops.sweep import Sweep, delete_folders
from ledger.stored_receipts import Receipt
from ports.messages import Attachment, Reply
from ports.repositories import Repositories
from storage import Database
from storage.blobs.disk import DiskBlobs
from tests.storage.samples import open_chat, outgoing

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 21, tzinfo=UTC)


async def test_a_second_process_waits_for_the_lock_of_the_first(tmp_path: Path) -> None:
    lock = tmp_path / "kvitto.db.worker.lock"
    entered = asyncio.Event()

    async def second() -> None:
        async with single_instance(lock):
            entered.set()

    async with single_instance(lock):
        delivery = asyncio.create_task(second())
        await asyncio.sleep(0.3)
        assert not entered.is_set()
    await asyncio.wait_for(entered.wait(), 60)
    await delivery


async def test_a_part_that_ends_by_mistake_ends_the_process_in_order() -> None:
    life = Supervisor()

    async def broken() -> None:
        raise ValueError

    async with life.endless(broken(), "broken"):
        await asyncio.wait_for(life.stopped.wait(), 60)
    assert life.failed


async def test_the_time_to_stop_is_shared() -> None:
    life = Supervisor()
    assert life.seconds_left(3) == pytest.approx(3)
    life._deadline = time.monotonic() + 0.5
    assert 0.1 <= life.seconds_left(3) <= 0.5
    life._deadline = time.monotonic() - 5
    assert life.seconds_left(3) == pytest.approx(0.1)


def test_a_folder_that_a_killed_export_left_goes(tmp_path: Path) -> None:
    for name in ("kvitto-export-old", "kvitto-export-young", "another"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.csv").write_text("secret")
        if "young" not in name:
            os.utime(tmp_path / name, (1, 1))
    delete_folders(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"kvitto-export-young", "another"}


async def test_an_old_file_that_no_row_names_goes_however_often_we_restart(
    database: Database, tmp_path: Path
) -> None:
    blobs = DiskBlobs(tmp_path / "receipts")
    keys = [await blobs.put(b"x", media_type="text/csv") for _ in range(4)]
    named, attached, orphan, young = keys
    for key in (named, attached, orphan):
        os.utime(tmp_path / "receipts" / key[:2] / key, (1, 1))

    def keep(repositories: Repositories) -> None:
        chat = open_chat(repositories)
        receipt = Receipt(
            "r1", chat.ledger.id, "tg:1:1", 7, "file", "a.jpg", "", "read", NOW, clean_key=named
        )
        repositories.receipts.add(receipt)

    async with database.units.open(now=NOW) as unit:
        await unit.run(keep)
        unit.send(outgoing("h1", reply=Reply("x", attachment=Attachment(attached, "a.csv"))))
    await Sweep(blobs, database).run(NOW)
    left = {key async for key in blobs.keys()}  # noqa: SIM118  # not a dict
    assert left == {named, attached, young}, orphan


@pytest.mark.external
def test_the_drawing_process_ends_with_ours_however_that_ends(tmp_path: Path) -> None:
    script = tmp_path / "draws.py"
    script.write_text(
        "import asyncio, contextlib\n"
        "from bot.engine.drawing import open_drawing\n"
        "async def main():\n"
        "    async with open_drawing() as draw:\n"
        "        with contextlib.suppress(Exception):\n"
        "            await draw('no such picture', {})\n"
        "        print('ready', flush=True)\n"
        "        await asyncio.sleep(60)\n"
        "if __name__ == '__main__':\n"
        "    asyncio.run(main())\n"
    )
    with subprocess.Popen(
        [sys.executable, str(script)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        children = psutil.Process(process.pid).children(recursive=True)
        assert children
        process.send_signal(signal.SIGKILL)
    _, alive = psutil.wait_procs(children, timeout=60)
    assert not alive
