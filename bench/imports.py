"""What importing a long statement costs, and what people who type meanwhile wait.

    python -m bench.imports [--rows 100000] [--people 5]

Starts `kvitto run` on SQLite behind the demo's Bot API server, once. People type without the import
first, then while one of them imports. Prints seconds, CPU seconds and memory of the bot's process
(the child apart), and the p95 of the answers with its ratio to the one before.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import statistics
import sys
import tempfile
import time
from asyncio.subprocess import DEVNULL
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from demo.botapi.world import Chat, Message, User
from demo.server import open_demo
from demo.simulation import Simulation

ROOT = Path(__file__).resolve().parents[1]
WAIT_SECONDS = 600.0
ALONE_SECONDS = 15.0
_TICKS = os.sysconf("SC_CLK_TCK")
WARM_UP_SECONDS = 5.0


def write_statement(rows: int) -> bytes:
    """Return a bank's CSV with a running balance."""
    chance, balance = random.Random(5), 10**9
    lines = ["Buchungstag;Empfänger;Verwendungszweck;Betrag;Saldo;Währung"]
    for number in range(rows):
        day = date(2010, 1, 1) + timedelta(days=number // 20)
        cents = chance.randrange(100, 9999)
        balance -= cents
        amounts = [f"{value // 100},{value % 100:02d}" for value in (cents, balance)]
        shop = f"Markt {chance.randrange(500)}"
        lines.append(f"{day:%d.%m.%Y};{shop};Einkauf {number};-{amounts[0]};{amounts[1]};EUR")
    return "\n".join(lines).encode()


@dataclass(slots=True)
class Meter:
    """CPU seconds and memory of a process, its children apart."""

    pid: int
    peak_kb: int = 0
    is_over: bool = False

    def cpu(self) -> float:
        """Return the CPU seconds so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text("utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def rss_kb(self) -> int:
        """Return the resident memory."""
        lines = Path(f"/proc/{self.pid}/status").read_text("utf-8").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))

    async def watch(self) -> None:
        """Keep the peak until it is over."""
        while not self.is_over:
            self.peak_kb = max(self.peak_kb, self.rss_kb())
            await asyncio.sleep(0.1)


@dataclass(slots=True)
class Typists:
    """People who type one text after the other, and wait for each answer."""

    sim: Simulation
    people: list[tuple[User, Chat]]
    waits: list[float] = field(default_factory=list)
    ends: list[float] = field(default_factory=list)
    """The moment of each answer."""
    is_over: bool = False

    async def type(self, seconds: float | None = None) -> float:
        """Type until it is over, or for some seconds; return the p95 of the waits."""
        self.waits, self.ends, self.is_over = [], [], False
        await asyncio.gather(*(self._type(*one, seconds) for one in self.people))
        return _p95(self.waits)

    def between(self, start: float, end: float) -> float:
        """Return the p95 of the waits that ended between two moments."""
        pairs = zip(self.ends, self.waits, strict=True)
        return _p95([wait for at, wait in pairs if start <= at < end])

    async def _type(self, person: User, chat: Chat, seconds: float | None) -> None:
        end = time.monotonic() + (seconds or WAIT_SECONDS)
        for number in self._numbers(end):
            started = time.monotonic()
            self.sim.say(person, chat, f"coffee {number % 90 + 1}.20")
            await self.sim.answers(chat, timeout=WAIT_SECONDS)
            self.ends.append(time.monotonic())
            self.waits.append(self.ends[-1] - started)
            await asyncio.sleep(0.3)

    def _numbers(self, end: float) -> Iterator[int]:
        number = 0
        while not self.is_over and time.monotonic() < end:
            number += 1
            yield number


def _p95(waits: list[float]) -> float:
    return statistics.quantiles(waits, n=20)[-1] if len(waits) > 1 else 0.0


async def run_import(sim: Simulation, statement: bytes) -> tuple[float, float]:
    """Import a file as a person would; return the seconds of reading and of writing."""
    person = sim.add_user("Importer", language_code="en")
    chat = sim.private_chat(person)
    started = time.monotonic()
    sim.document(person, chat, statement, file_name="long.csv")
    (message,) = await sim.answers(chat, timeout=WAIT_SECONDS)
    preview = await _wait(sim, message)
    read = time.monotonic() - started
    started = time.monotonic()
    sim.press(person, preview, preview.labels[0])
    done = await _wait(sim, await sim.edit_of(preview, timeout=WAIT_SECONDS))
    assert "Imported" in done.text, done.text
    print(done.text)
    return read, time.monotonic() - started


async def _wait(sim: Simulation, message: Message) -> Message:
    while "\u23f3" in message.text:
        message = await sim.edit_of(message, timeout=WAIT_SECONDS)
    return message


async def measure(rows: int, people: int) -> None:
    """Run both parts and print the figures."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        async with open_demo() as demo:
            environment = {
                **os.environ,
                "TELEGRAM_BOT_TOKEN": demo.token,
                "TELEGRAM_API_URL": demo.url,
                "TELEGRAM_PACING": "off",
                "DATABASE_URL": f"sqlite:///{folder}/kvitto.db",
                "RECEIPT_STORE": f"{folder}/receipts",
                "HTTP_PORT": "0",
            }
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "run", cwd=ROOT, env=environment, stderr=DEVNULL
            )
            sim = demo.simulation
            try:
                await sim.until(lambda: sim.requests("getMe"), what="the bot", timeout=60)
                await _measure(sim, Meter(process.pid), write_statement(rows), people)
            finally:
                with suppress(ProcessLookupError):
                    process.terminate()
                await process.wait()


async def _measure(sim: Simulation, meter: Meter, statement: bytes, people: int) -> None:
    users = [sim.add_user(f"Typist {number}", language_code="en") for number in range(people)]
    typists = Typists(sim, [(user, sim.private_chat(user)) for user in users])
    await typists.type(WARM_UP_SECONDS)
    alone = await typists.type(ALONE_SECONDS)
    before_kb, before_cpu = meter.rss_kb(), meter.cpu()
    watching = asyncio.create_task(meter.watch())
    typing = asyncio.create_task(typists.type())
    began = time.monotonic()
    read, written = await run_import(sim, statement)
    typists.is_over = meter.is_over = True
    beside = await typing
    await watching
    cpu, memory = meter.cpu() - before_cpu, (meter.peak_kb - before_kb) / 1024
    print(f"read {read:.1f} s, written {written:.1f} s, bot {cpu:.1f} CPU s, +{memory:.0f} MB")
    print(
        f"p95 of others: {alone * 1000:.0f} ms alone, {beside * 1000:.0f} ms, x{beside / alone:.2f}"
        f" (reading {typists.between(began, began + read) * 1000:.0f} ms,"
        f" writing {typists.between(began + read, time.monotonic()) * 1000:.0f} ms)"
    )


def main() -> None:
    """Read the options and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--people", type=int, default=5)
    options = parser.parse_args()
    asyncio.run(measure(options.rows, options.people))


if __name__ == "__main__":
    main()
