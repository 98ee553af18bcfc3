"""Texts through many processes on PostgreSQL, against one process, against SQLite.

    python -m bench.growth texts [--texts 3000] [--chats 200] [--rounds 3] [--sqs] [--apart]

Every installation takes its texts by webhook from `bench.simulated_api`, pacing off, and all run in
turn in each round on the same server, which keeps fsync on unless `--no-fsync`. Figures are medians:

- texts/s   until the last text of a burst is committed and answered
- cpu ms    user and system time of all our processes for one text (the database's own is left out)
- busy ms   the same without what the processes use at rest, which counts where a run takes long
- x         busy ms as a multiple of one process on PostgreSQL
- rest ms   CPU of all processes a second without any text

With `--sqs` one more has the queue and the bucket of `bench.growth.simulated_aws`, new in each round.

With `--apart` our processes share one core and the servers have the others, as a database has a machine of
its own. Otherwise one process has a core nearly to itself, while those of a fleet take turns with the server on
each core, and whoever comes back to a core finds its caches full of another's memory.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import astuple, dataclass, replace
from pathlib import Path

import asyncpg
import psutil

from bench.free_ports import free_port
from bench.growth.posting import SECRET
from bench.growth.simulated_aws import running_aws
from bench.load import ROOT, TOKEN, ask, cpu_seconds, run_load, simulated
from tests.postgres import running_postgres

READY_SECONDS = 120
REST_SECONDS = 4.0


@dataclass(frozen=True, slots=True)
class Installation:
    """Processes by their roles; `database` is empty for SQLite."""

    name: str
    processes: tuple[str, ...]
    database: str = ""
    settings: tuple[tuple[str, str], ...] = ()
    cores: frozenset[int] = frozenset()
    """Where its processes may run; empty for every core."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What one run showed."""

    texts_per_second: float
    cpu_ms: float
    busy_ms: float
    rest_ms: float


def measure(installation: Installation, texts: int, chats: int) -> Figures:
    """Start an installation, warm it up, and load it.

    Raises:
        RuntimeError: not every text was answered.
    """
    with (
        tempfile.TemporaryDirectory() as folder,
        simulated(0) as url,
        running(installation, url, folder) as (processes, ports),
    ):
        ask(f"{url}/webhooks", {"ports": ports})
        run_load(url, chats * 2, chats)
        time.sleep(1)
        resting = sum(map(cpu_seconds, processes))
        time.sleep(REST_SECONDS)
        began, moment = sum(map(cpu_seconds, processes)), time.monotonic()
        result = run_load(url, texts, chats)
        cpu, seconds = sum(map(cpu_seconds, processes)) - began, time.monotonic() - moment
        at_rest = (began - resting) / REST_SECONDS
    if result["answered"] < texts:
        message = f"{installation.name} answered {result['answered']} of {texts} texts"
        raise RuntimeError(message)
    busy = cpu - at_rest * seconds
    return Figures(
        texts / result["seconds"], cpu / texts * 1000, busy / texts * 1000, at_rest * 1000
    )


@contextlib.contextmanager
def running(
    installation: Installation, url: str, folder: str
) -> Iterator[tuple[list[psutil.Process], list[int]]]:
    """Run the processes until all are ready; yield them, and the ports that take posts."""
    environment = {
        **os.environ,
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_API_URL": url,
        "TELEGRAM_PACING": "off",
        "TELEGRAM_WEBHOOK_URL": "http://127.0.0.1:1/telegram",
        "TELEGRAM_WEBHOOK_SECRET": SECRET,
        "DATABASE_URL": installation.database or f"sqlite:///{folder}/kvitto.db",
        "RECEIPT_STORE": f"{folder}/receipts",
        "LOG_LEVEL": "ERROR",
        **dict(installation.settings),
    }
    ports = [free_port() for _ in installation.processes]
    started: list[subprocess.Popen[bytes]] = []
    try:
        for roles, port in zip(installation.processes, ports, strict=True):
            command = [sys.executable, "-m", "bot", "run", "--role", roles]
            settings = environment | {"HTTP_PORT": str(port)}
            process = subprocess.Popen(command, cwd=ROOT, env=settings)
            started.append(process)
            if installation.cores:
                os.sched_setaffinity(process.pid, installation.cores)
        for port in ports:
            wait_until_ready(port)
        takes = [p for r, p in zip(installation.processes, ports, strict=True) if "intake" in r]
        yield [psutil.Process(process.pid) for process in started], takes
    finally:
        for process in started:
            process.send_signal(signal.SIGTERM)
        for process in started:
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()


def wait_until_ready(port: int) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        address = f"http://127.0.0.1:{port}/readyz"
        with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=3):  # ours
            return
        time.sleep(0.1)
    message = f"nothing is ready at port {port}"
    raise RuntimeError(message)


async def create(server: str, name: str) -> str:
    """Make a database; return its URL."""
    connection = await asyncpg.connect(server + "postgres")
    await connection.execute(f"CREATE DATABASE {name}")
    await connection.close()
    return server + name


def create_now(server: str, name: str) -> str:
    """Make a database, outside of any event loop; return its URL."""
    return asyncio.run(create(server, name))


ALL_ROLES = "intake,worker,scheduler,web"


FLEET = ("intake", "intake", "worker", "worker")


def list_installations(server: str, number: int) -> list[Installation]:
    """Return what is compared, each on an empty database of this round."""
    return [
        Installation("SQLite, 1 process", (ALL_ROLES,)),
        Installation("PostgreSQL, 1 process", (ALL_ROLES,), create_now(server, f"one_{number}")),
        Installation(
            "PostgreSQL, 2 intakes + 2 workers", FLEET, create_now(server, f"fleet_{number}")
        ),
    ]


def measure_sqs(server: str, number: int, options: argparse.Namespace) -> tuple[str, Figures]:
    """Measure the fleet behind SQS; return its name with what was found."""
    with running_aws() as settings:
        name, database = "the same with SQS and S3", create_now(server, f"sqs_{number}")
        fleet = Installation(name, FLEET, database, tuple(settings.items()), options.cores)
        return name, measure(fleet, options.texts, options.chats)


def keep_servers_apart() -> frozenset[int]:
    """Keep this process and the servers that it starts off one core, and return that one."""
    cores = os.sched_getaffinity(0)
    ours = cores.pop()
    os.sched_setaffinity(0, cores)
    return frozenset({ours})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=int, default=3000)
    parser.add_argument("--chats", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sqs", action="store_true")
    parser.add_argument("--no-fsync", action="store_true", help="where the disk is busy: CPU only")
    parser.add_argument(
        "--apart", action="store_true", help="our processes and servers on own cores"
    )
    options = parser.parse_args()
    options.cores = keep_servers_apart() if options.apart else frozenset()
    runs: dict[str, list[Figures]] = {}
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = stack.enter_context(
            running_postgres(folder / "postgres", durable=not options.no_fsync)
        )
        for number in range(options.rounds):
            for each in list_installations(server, number):
                placed = replace(each, cores=options.cores)
                runs.setdefault(each.name, []).append(measure(placed, options.texts, options.chats))
            if options.sqs:
                name, found = measure_sqs(server, number, options)
                runs.setdefault(name, []).append(found)
    print(f"{'':<36}{'texts/s':>9}{'cpu ms':>9}{'busy ms':>9}{'x':>7}{'rest ms':>9}")
    middle = {
        name: Figures(*map(statistics.median, zip(*map(astuple, found), strict=True)))
        for name, found in runs.items()
    }
    baseline = middle["PostgreSQL, 1 process"].busy_ms
    for name, found in middle.items():
        print(
            f"{name:<36}{found.texts_per_second:>9.0f}{found.cpu_ms:>9.2f}{found.busy_ms:>9.2f}"
            f"{found.busy_ms / baseline:>7.2f}{found.rest_ms:>9.1f}"
        )


if __name__ == "__main__":
    main()
