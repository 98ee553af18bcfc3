"""How the process lives and ends: locks, parts that fail, files nobody names, processes of ours."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest

from bot.ops.lifecycle import Supervisor, single_instance
from bot.ops.sweep import Sweep

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
    await asyncio.wait_for(entered.wait(), 3)
    await delivery


async def test_a_part_that_ends_by_mistake_ends_the_process_in_order() -> None:
    life = Supervisor()

    async def broken() -> None:
        raise ValueError

    async with life.endless(broken(), "broken"):
        await asyncio.wait_for(life.stopped.wait(), 2)
    assert life.failed


async def test_the_time_to_stop_is_shared() -> None:
    life = Supervisor()
    assert life.seconds_left(3) == pytest.approx(3, abs=0.1)
    life._deadline = time.monotonic() + 0.5
    assert life.seconds_left(3) == pytest.approx(0.5, abs=0.1)
    life._deadline = time.monotonic() - 5
    assert life.seconds_left(3) == pytest.approx(0.1)


class Store:
    """Files by key, and the keys that rows name."""

    def __init__(self, stored: set[str], named: set[str]) -> None:
        self.stored, self.named = stored, named

    async def keys(self) -> AsyncIterator[str]:
        for key in sorted(self.stored):
            yield key

    async def delete(self, key: str) -> None:
        self.stored.discard(key)

    async def referenced_blobs(self) -> set[str]:
        return self.named


async def test_a_file_that_nobody_names_goes_at_the_second_sight() -> None:
    store = Store({"named", "orphan", "on its way"}, {"named"})
    sweep = Sweep(store, store)  # type: ignore[arg-type]
    await sweep.run(NOW)
    assert store.stored == {"named", "orphan", "on its way"}
    store.named.add("on its way")
    store.stored.add("new")
    await sweep.run(NOW)
    assert store.stored == {"named", "on its way", "new"}


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
    _, alive = psutil.wait_procs(children, timeout=10)
    assert not alive
