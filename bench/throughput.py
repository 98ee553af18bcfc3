"""How fast texts go through the whole bot, and what a quiet process costs.

    python -m bench.throughput [--against COMMIT] [--texts 5000] [--chats 100] [--rounds 3]

Starts `kvitto run` on SQLite (`synchronous=FULL`) against `bench.simulated_api` in a process of its
own, pacing off, with 0 and with 50 ms of API latency. With `--against` (a commit, or the folder of a
checkout that was installed) an older build runs in turn with this one, so that both see the same
machine; without it a plain echo bot (`bench.echo_bot`) does. Each figure is the median of the rounds:

- texts/s       a load of texts at once, until the last one is answered
- cpu ms        user and system time of the process for a text of that load
- p50, p95      from a text to its answer at 100 texts a second, beyond the API's own latency
- first poll    from the start of the process
- first answer  from the first text, sent right after the first poll
- rest, text    resident megabytes three seconds after the first poll, and after the load
"""

from __future__ import annotations

import argparse
import contextlib
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from bench.load import (
    ROOT,
    TOKEN,
    Bot,
    ask,
    cpu_seconds,
    kvitto,
    megabytes,
    run_load,
    running,
    simulated,
)

LATENCIES_MS = (0, 50)
PACED_TEXTS, PACED_RATE = 1000, 100
REST_SECONDS = 3
ECHO_TEXTS = 2000
HEADS = ("texts/s", "cpu ms", "p50 ms", "p95 ms", "first poll s", "first answer ms", "rest MB",
         "text MB")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figures:
    """What one run of one bot showed, in the order of the table."""

    texts_per_second: float
    cpu_ms: float
    p50_ms: float
    p95_ms: float
    first_poll_seconds: float
    first_answer_ms: float
    rest_mb: float
    text_mb: float


def measure(bot: Bot, latency_ms: float, texts: int, chats: int) -> Figures:
    """Start a bot twice: for its first answer, and for all the rest."""
    return Figures(**measure_start(bot, latency_ms), **measure_load(bot, latency_ms, texts, chats))


def measure_start(bot: Bot, latency_ms: float) -> dict[str, float]:
    """Start a bot and send one text as soon as it polls."""
    with tempfile.TemporaryDirectory() as folder, simulated(latency_ms) as url:
        began = time.time()
        with running(bot.at(url), url, folder):
            first = run_load(url, 1, 1)
            first_poll = ask(f"{url}/result")["first_poll"] - began
    return {
        "first_poll_seconds": first_poll,
        "first_answer_ms": first["p50"] * 1000 - 2 * latency_ms,
    }


def measure_load(bot: Bot, latency_ms: float, texts: int, chats: int) -> dict[str, float]:
    """Start a bot, let it rest, and load it.

    Raises:
        RuntimeError: not every text was answered.
    """
    with (
        tempfile.TemporaryDirectory() as folder,
        simulated(latency_ms) as url,
        running(bot.at(url), url, folder) as process,
    ):
        time.sleep(REST_SECONDS)
        rest = megabytes(process)
        run_load(url, chats * 2, chats)
        cpu = cpu_seconds(process)
        result = run_load(url, texts, chats)
        cpu = cpu_seconds(process) - cpu
        busy = megabytes(process)
        if result["answered"] < texts:
            message = f"{bot.name} answered {result['answered']} of {texts} texts"
            raise RuntimeError(message)
        paced = run_load(url, PACED_TEXTS, chats, PACED_RATE)
    return {
        "texts_per_second": texts / result["seconds"],
        "cpu_ms": cpu / texts * 1000,
        "p50_ms": max(paced["p50"] * 1000 - 2 * latency_ms, 0),
        "p95_ms": max(paced["p95"] * 1000 - 2 * latency_ms, 0),
        "rest_mb": rest,
        "text_mb": busy,
    }


def median(runs: list[Figures]) -> Figures:
    """Return the median of each figure."""
    return Figures(*(statistics.median(column) for column in zip(*map(astuple, runs), strict=True)))


@contextlib.contextmanager
def checked_out(commit: str) -> Iterator[Path]:
    """Install a commit in a folder of its own while the block runs; a folder is taken as it is."""
    if Path(commit).is_dir():
        yield Path(commit).resolve()
        return
    with tempfile.TemporaryDirectory(prefix="kvitto-old-") as parent:
        folder = Path(parent) / "kvitto"
        git = ["git", "-C", str(ROOT), "worktree"]
        subprocess.run([*git, "add", "--quiet", "--detach", str(folder), commit], check=True)
        try:
            subprocess.run(["make", "-s", "-C", str(folder), "install"], check=True)  # noqa: S607  # on every machine that builds this
            yield folder
        finally:
            subprocess.run([*git, "remove", "--force", str(folder)], check=True)


def line(name: str, values: tuple[float, ...]) -> str:
    """Return a line of the table."""
    cells = (
        f"{v:>{len(head)}.{2 if v < 10 else 0}f}" for head, v in zip(HEADS, values, strict=True)
    )
    return "  ".join((f"{name:<14}", *cells))


def compare(bots: list[Bot], latency_ms: int, options: argparse.Namespace) -> None:
    """Run bots in turn at one latency, and print their medians and the last one's ratio."""
    runs: dict[str, list[Figures]] = {bot.name: [] for bot in bots}
    for _ in range(options.rounds):
        for bot in bots:
            texts = min(options.texts, ECHO_TEXTS) if bot.name == "echo bot" else options.texts
            runs[bot.name].append(measure(bot, latency_ms, texts, options.chats))
    print("  ".join((f"{f'API {latency_ms} ms':<14}", *HEADS)))
    medians = [astuple(median(found)) for found in runs.values()]
    for bot, figures in zip(bots, medians, strict=True):
        print(line(bot.name, figures))
    if len(bots) > 1:
        ratios = tuple(new / old if old else 0 for old, new in zip(*medians, strict=True))
        print(line(f"{bots[1].name}/{bots[0].name}"[:14], ratios), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=int, default=5000)
    parser.add_argument("--chats", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--against", help="a commit, or the folder of an installed checkout")
    parser.add_argument("--no-echo", action="store_true", help="leave the yardstick out")
    options = parser.parse_args()
    assert len(fields(Figures)) == len(HEADS)
    with contextlib.ExitStack() as stack:
        bots = [kvitto()]
        if options.against:
            old = stack.enter_context(checked_out(options.against))
            bots = [kvitto("old", old), kvitto("new")]
        elif not options.no_echo:
            echo = (sys.executable, "-m", "bench.echo_bot", "URL", TOKEN, "concurrent")
            bots = [Bot("echo bot", echo), kvitto()]
        for latency_ms in LATENCIES_MS:
            compare(bots, latency_ms, options)


if __name__ == "__main__":
    main()
