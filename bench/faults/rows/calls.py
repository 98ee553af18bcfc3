"""Try calls of the API that a kill interrupts and that come again."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import aiohttp

from bench.faults.program import Program
from bench.faults.rows.stage import Line, Stage
from tests.init_data import init_data

AT_ONCE = 50
"""Calls of one key that are under way when the process is killed."""
KILL_SECONDS = 0.25
"""A kill comes at a random moment of this time."""
READY_SECONDS = 120.0


async def calls_killed(stage: Stage) -> list[Line]:
    """D10: fifty calls of one key at once, kill -9 in their middle, the same calls after the start."""
    person = stage.demo.simulation.add_user("Ann", language_code="en")
    user = {"id": person.id, "first_name": "Ann"}
    login = f"tma {init_data(user, datetime.now(UTC), token=stage.demo.token)}"
    stage.program.start()
    stage.demo.simulation.say(person, stage.demo.simulation.private_chat(person), "tea 1")
    async with aiohttp.ClientSession(headers={"Authorization": login}) as client:
        path = await _find_ledger(stage.program, client)
        outcomes: Counter[str] = Counter()
        for number in range(stage.rounds):
            outcomes += await _one_round(stage, client, path, number)
        rows = await _count(client, path)
    stage.program.stop()
    doubled = sum(count - 1 for count in rows.values() if count > 1)
    lost = stage.rounds - len(rows)
    kept = not (doubled or lost or outcomes["differs"] or outcomes["refused"])
    figures = (
        f"{stage.rounds} kills, {stage.rounds * AT_ONCE * 2} calls: {lost} lost, {doubled} doubled, "
        f"{outcomes['answered']} answered before the kill, {outcomes['differs']} answered otherwise later"
    )
    return [Line("D10", "kill -9 among calls of one key: one row, one answer", figures, kept)]


async def _one_round(
    stage: Stage, client: aiohttp.ClientSession, path: str, number: int
) -> Counter[str]:
    calls = [asyncio.create_task(_call(client, path, number)) for _ in range(AT_ONCE)]
    await asyncio.sleep(stage.rng.random() * KILL_SECONDS)
    stage.program.kill()
    before = [answer for answer in await asyncio.gather(*calls) if answer]
    stage.program.start()
    await _wait_until_open(stage.program, client, path)
    after = await asyncio.gather(*(_call(client, path, number) for _ in range(AT_ONCE)))
    outcomes: Counter[str] = Counter(answered=len(before), refused=after.count(None))
    outcomes["differs"] = len({answer for answer in (*before, *after) if answer}) - 1
    return outcomes


async def _call(client: aiohttp.ClientSession, path: str, number: int) -> tuple[int, bytes] | None:
    """Return status and body; None where the process ended before it answered."""
    body, key = {"amount": "1", "note": f"call {number}"}, {"Idempotency-Key": f"key-{number}"}
    try:
        async with client.post(f"{path}/expenses", json=body, headers=key) as answer:
            shown = answer.status, await answer.read()
    except (aiohttp.ClientError, OSError):
        return None
    return shown


async def _find_ledger(program: Program, client: aiohttp.ClientSession) -> str:
    site = f"http://127.0.0.1:{program.http_port}/api/v1/ledgers"
    async with asyncio.timeout(READY_SECONDS):
        while True:
            found = await _read(client, site)
            if found and found["items"]:
                return f"{site}/{found['items'][0]['id']}"
            await asyncio.sleep(0.2)


async def _wait_until_open(program: Program, client: aiohttp.ClientSession, path: str) -> None:
    assert program.is_running
    async with asyncio.timeout(READY_SECONDS):
        # No event of ours tells when another process listens.
        while await _read(client, path) is None:  # noqa: ASYNC110
            await asyncio.sleep(0.1)


async def _read(client: aiohttp.ClientSession, url: str) -> dict[str, Any] | None:
    """Return JSON; None while nobody answers it."""
    try:
        async with client.get(url) as answer:
            body = await answer.read()
            return json.loads(body) if answer.status == 200 else None
    except (aiohttp.ClientError, OSError):
        return None


async def _count(client: aiohttp.ClientSession, path: str) -> Counter[str]:
    """Count the rows of each call."""
    rows: Counter[str] = Counter()
    place: str | None = ""
    while place is not None:
        found = await _read(client, f"{path}/expenses?q=call&limit=1000{place}")
        assert found is not None
        rows.update(one["note"] for one in found["items"])
        place = f"&cursor={found['next']}" if found["next"] else None
    return rows
