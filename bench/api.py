"""How long calls of the API take: a page of a thousand rows, and bookings at 50 a second.

The server is a process of its own over a ledger of 20,000 entries; the client measures whole calls over
a socket, and next to them bare calls of /healthz, which cost the round trip alone. Aims: a page ≤ 50 ms;
a booking ≤ 20 ms for 95 of 100. The server's CPU of a call is printed too, since it is the same whatever
else the machine does.

Usage: python -m bench.api [--database sqlite|postgres] [--pages N] [--seconds N]
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path

import aiohttp
import psutil

from ledger.entries.entry import Converted, Entry
from ledger.entries.source_keys import api_source, source_key
from ledger.money import Money
from ports.repositories import Repositories
from services.ids import new_id
from storage import open_database
from storage.migrations import migrate
from tests.postgres import running_postgres
from tests.web.api.stage import HOME, NOW, ApiStage, open_stage

ENTRIES, BATCH = 20_000, 2_000
PAGE_AIM, POST_AIM = 50.0, 20.0
PER_SECOND = 50
PAGE = 1000


@dataclass(frozen=True, slots=True)
class Served:
    """Where the server listens, and how to log in."""

    ledger: str
    health: str
    login: str
    process: psutil.Process

    def cpu(self) -> float:
        """Return the seconds of CPU that the server has had."""
        times = self.process.cpu_times()
        return float(times.user + times.system)


def main() -> None:
    """Measure, or serve in a child."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--database", choices=("sqlite", "postgres"))
    parser.add_argument("--pages", type=int, default=100)
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--serve", help="the database of a child of this bench")
    asked = parser.parse_args()
    if asked.serve:
        asyncio.run(_serve(asked.serve))
        return
    for kind in [asked.database] if asked.database else ["sqlite", "postgres"]:
        with tempfile.TemporaryDirectory() as folder, open_kind(kind, Path(folder)) as url:
            asyncio.run(_measure(kind, url, asked.pages, asked.seconds))


@contextmanager
def open_kind(kind: str, folder: Path) -> Iterator[str]:
    """Yield the address of a new database of a kind."""
    if kind == "sqlite":
        yield f"sqlite:///{folder}/kvitto.db"
        return
    with running_postgres(folder / "server") as server:
        yield f"{server}postgres"


async def _serve(url: str) -> None:
    """Serve until the parent closes our input."""
    await migrate(url)
    with tempfile.TemporaryDirectory() as folder:
        async with open_database(url) as database, open_stage(database, Path(folder)) as api:
            await _fill(api)
            ledger = f"{api.url}/ledgers/{api.home}"
            health = f"{api.url.removesuffix('/api/v1')}/healthz"
            print(ledger, health, api.logins["ann"], sep="\t", flush=True)
            await asyncio.to_thread(sys.stdin.read)


async def _fill(api: ApiStage) -> None:
    for first in range(0, ENTRIES, BATCH):

        def add(rows: Repositories, first: int = first) -> None:
            found = rows.chats.find(HOME)
            assert found is not None
            ledger_id = found.chat.ledger.id
            rows.entries.add([_entry(ledger_id, n) for n in range(first, first + BATCH)])

        async with api.database.units.open(now=NOW) as unit:
            await unit.run(add)


def _entry(ledger_id: int, number: int) -> Entry:
    money = Money(Decimal(number % 9973 + 1), "EUR")
    day = (NOW - timedelta(days=number % 700)).date()
    entry_id = new_id(NOW)
    return Entry(
        entry_id, ledger_id, "expense", money, day, f"coffee {number}", "eating_out", 7, "text",
        source_key(api_source(entry_id)), NOW, NOW, base=Converted(money, Decimal(1), day),
    )  # fmt: skip


@asynccontextmanager
async def _serving(url: str) -> AsyncIterator[Served]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.api", "--serve", url,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout
    assert process.stdin
    line = (await process.stdout.readline()).decode().strip()
    try:
        ledger, health, login = line.split("\t")
        yield Served(ledger, health, login, psutil.Process(process.pid))
    finally:
        process.stdin.close()
        await process.wait()


async def _measure(kind: str, url: str, pages: int, seconds: int) -> None:
    async with _serving(url) as served:
        headers = {"Authorization": served.login}
        async with aiohttp.ClientSession(headers=headers) as client:

            async def ask(path: str) -> None:
                async with client.get(path) as answer:
                    await answer.read()
                    assert answer.status == 200, answer.status

            async def book() -> None:
                body = {"amount": "4.50", "note": "coffee"}
                async with client.post(f"{served.ledger}/expenses", json=body) as answer:
                    await answer.read()
                    assert answer.status == 201, answer.status

            page_path = f"{served.ledger}/expenses?limit={PAGE}"
            for what, aim, run in (
                ("GET /healthz, in turn", None, partial(_in_turn, pages, served.health, ask)),
                (
                    f"GET a page of {PAGE}, in turn",
                    PAGE_AIM,
                    partial(_in_turn, pages, page_path, ask),
                ),
                (f"POST at {PER_SECOND}/s", POST_AIM, partial(_at_rate, PER_SECOND, seconds, book)),
            ):
                before = served.cpu()
                taken = await run()
                cpu = (served.cpu() - before) * 1000 / (len(taken) + 1)
                _print(f"{kind:9} {what:28}", taken, cpu, aim)


async def _in_turn(times: int, path: str, ask: Callable[[str], Awaitable[None]]) -> list[float]:
    await ask(path)
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        await ask(path)
        taken.append((time.perf_counter() - began) * 1000)
    return taken


async def _at_rate(rate: int, seconds: int, work: Callable[[], Awaitable[None]]) -> list[float]:
    """Start calls at a steady rate, whether earlier ones are answered or not."""
    taken: list[float] = []

    async def one(planned: float) -> None:
        await work()
        # From its planned start, so that a server that falls behind is seen.
        taken.append((time.perf_counter() - planned) * 1000)

    await work()
    began, tasks = time.perf_counter(), []
    for number in range(rate * seconds):
        planned = began + number / rate
        await asyncio.sleep(max(0.0, planned - time.perf_counter()))
        tasks.append(asyncio.create_task(one(planned)))
    await asyncio.gather(*tasks)
    return taken


def _print(what: str, taken: list[float], cpu: float, aim: float | None) -> None:
    half, most = statistics.median(taken), statistics.quantiles(taken, n=20)[-1]
    aimed = "" if aim is None else f"  aim {aim:g} ms: {'met' if most <= aim else 'not met'}"
    print(f"{what} p50 {half:7.1f} ms  p95 {most:7.1f} ms  server CPU {cpu:5.1f} ms{aimed}")


if __name__ == "__main__":
    main()
