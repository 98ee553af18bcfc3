"""How many megabytes a process holds, beside older builds, and which modules hold them.

    python -m bench.memory [--against COMMIT]... [--texts 1500] [--rounds 3] [--modules 25]

Starts `kvitto run` on SQLite against `bench.simulated_api`, pacing off, as `bench.throughput` does.
`--against` (a commit, or the folder of a checkout that was installed) may be given several times; all
builds run in turn. Each figure is resident megabytes (of 10^6 bytes), the median of the rounds:

- rest          three seconds after the first poll, on a new database
- restarted     the same on a database that was there
- served        the same, also listening for the page and the API (HTTP_PORT)
- text          after a load of texts of 100 chats

Then, for this build: the resident memory by mapping, and the memory that Python allocated by the package
and the module whose import did, what it imported itself left out.
"""

from __future__ import annotations

import argparse
import contextlib
import re
import signal
import statistics
import tempfile
import time
from collections import Counter
from dataclasses import astuple, dataclass, fields, replace
from pathlib import Path

import psutil

from bench.free_ports import free_port
from bench.load import Bot, kvitto, megabytes, run_load, running, simulated
from bench.throughput import REST_SECONDS, checked_out

CHATS = 100
DUMP_SECONDS = 30
_MAPPING = re.compile(r"[0-9a-f]+-[0-9a-f]+ \S+ \S+ \S+ \S+\s*(.*)")


@dataclass(frozen=True, slots=True)
class Figures:
    """The resident megabytes of one build, in the order of the table."""

    rest: float
    restarted: float
    served: float
    text: float


def measure(bot: Bot, texts: int) -> Figures:
    """Start a bot three times: on a new database, on the same again, and with a listener."""
    with tempfile.TemporaryDirectory() as folder, simulated(0) as url:
        with running(bot.at(url), url, folder) as process:
            rest = rest_of(process)
            run_load(url, texts, CHATS)
            text = megabytes(process)
        # Another server, because this one has been polled already.
        with simulated(0) as second, running(bot.at(second), second, folder) as process:
            restarted = rest_of(process)
        port = str(free_port())
        with (
            simulated(0) as third,
            running(bot.at(third), third, folder, HTTP_PORT=port) as process,
        ):
            served = rest_of(process)
    return Figures(rest, restarted, served, text)


def rest_of(process: psutil.Process) -> float:
    """Let a process rest, and return its megabytes."""
    time.sleep(REST_SECONDS)
    return megabytes(process)


def print_mappings(pid: int) -> None:
    """Print the resident memory of a process by mapped file; the rest is of no file."""
    sizes: Counter[str] = Counter()
    name = ""
    for line in Path(f"/proc/{pid}/smaps").read_text(encoding="ascii").splitlines():
        if mapping := _MAPPING.fullmatch(line):
            name = Path(mapping[1]).name or "of no file"
        elif line.startswith("Rss:"):
            sizes[name] += int(line.split()[1])
    for name, size in sizes.most_common(12):
        print(f"{size * 1024 / 1e6:>8.1f}  {name}")


def print_parts(modules: int) -> None:
    """Start this build twice more, and print what holds its memory at rest."""
    plain = kvitto()
    with tempfile.TemporaryDirectory() as folder, simulated(0) as url:
        with running(plain.at(url), url, folder) as process:
            rest_of(process)
            print("by mapping")
            print_mappings(process.pid)
        out = Path(folder) / "modules"
        traced = replace(plain, command=(plain.command[0], "-m", "bench.memory.tracing", str(out)))
        with simulated(0) as second, running(traced.at(second), second, folder) as process:
            rest_of(process)
            process.send_signal(signal.SIGUSR1)
            ended = time.monotonic() + DUMP_SECONDS
            while not out.exists() and time.monotonic() < ended:
                time.sleep(0.1)
        rows = [line.split() for line in out.read_text(encoding="utf-8").splitlines()]
    sizes = Counter({name: int(size) for size, name in rows})
    packages: Counter[str] = Counter()
    for name, size in sizes.items():
        packages[name.partition(".")[0]] += size
    for head, counted in (("by package", packages), ("by module", sizes)):
        print(head)
        for name, size in counted.most_common(modules):
            print(f"{size / 1e6:>8.1f}  {name}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--against", action="append", default=[])
    parser.add_argument("--texts", type=int, default=1500)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--modules", type=int, default=25)
    options = parser.parse_args()
    with contextlib.ExitStack() as stack:
        old = [kvitto(c, stack.enter_context(checked_out(c))) for c in options.against]
        bots = [*old, kvitto("this build")]
        runs: dict[str, list[Figures]] = {bot.name: [] for bot in bots}
        for _ in range(options.rounds):
            for bot in bots:
                runs[bot.name].append(measure(bot, options.texts))
    heads = [field.name for field in fields(Figures)]
    print("".join([f"{'MB':<24}", *(f"{head:>11}" for head in heads)]))
    for name, found in runs.items():
        columns = zip(*map(astuple, found), strict=True)
        cells = (f"{statistics.median(column):>11.1f}" for column in columns)
        print("".join([f"{name[-24:]:<24}", *cells]), flush=True)
    print_parts(options.modules)


if __name__ == "__main__":
    main()
