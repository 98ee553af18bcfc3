"""The rows of promises.md against the real program, shortened; `bench.faults` has the full counts."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bench.faults.rows import ROWS, Stage, open_stage

pytestmark = pytest.mark.external

ROUNDS = 2


@pytest.fixture
async def sqlite_stage(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Stage]:
    seed = random.randrange(1 << 30)
    print(f"seed {seed}")
    async with open_stage(sqlite_url, tmp_path, seed, ROUNDS) as opened:
        # Reading takes seconds; photos under kills are the bench's.
        opened.town.samples.clear()
        yield opened


async def keeps(row: str, stage: Stage) -> None:
    for line in await ROWS[row](stage):
        # A share of doubled answers means nothing after two kills.
        if line.row == "D06" and "0 missing" in line.figures:
            continue
        assert line.is_kept, f"{line.row} {line.what}: {line.figures}"


async def test_nothing_is_lost_or_doubled_when_the_process_is_killed(sqlite_stage: Stage) -> None:
    # On PostgreSQL processes are killed in tests/bot/test_roles.py.
    await keeps("killed", sqlite_stage)


async def test_posts_are_not_lost_or_doubled_when_the_process_is_killed(
    sqlite_stage: Stage,
) -> None:
    await keeps("killed_webhook", sqlite_stage)


async def test_an_orderly_stop_loses_nothing_and_is_quick(sqlite_stage: Stage) -> None:
    await keeps("stopped", sqlite_stage)


async def test_two_processes_by_mistake_lose_and_double_nothing_and_say_so(
    sqlite_stage: Stage,
) -> None:
    await keeps("doubled", sqlite_stage)


async def test_double_taps_count_once(sqlite_stage: Stage) -> None:
    await keeps("pressed_twice", sqlite_stage)


async def test_update_ids_are_no_order(sqlite_stage: Stage) -> None:
    await keeps("jumping", sqlite_stage)


async def test_a_log_at_debug_holds_no_secret_no_words_and_no_amounts(sqlite_stage: Stage) -> None:
    """P01, P02: with requests that fail, updates that cannot be read, and a second process."""
    town, program, sim = sqlite_stage.town, sqlite_stage.program, sqlite_stage.demo.simulation
    town.settle(3)
    program.start(LOG_LEVEL="DEBUG")
    await town.write_until_answered(20)
    sim.faults.error_share = sim.faults.reset_share = 0.3
    sim.feed({"message": {"chat": {"id": town.people[0].id}, "text": "canary words 77.77"}})
    for person in town.people:
        sim.say(person, sim.private_chat(person), "canary words 77.77")
    await town.live(3, 20)
    sim.faults.clear()
    await town.drained(sqlite_stage.database_url, 60)
    program.stop()
    log = (program.folder / "log").read_text()
    assert "handling_failed" in log
    assert sqlite_stage.demo.token.partition(":")[2] not in log
    assert "canary" not in log
    assert "77.77" not in log
    assert "Traceback" not in log
