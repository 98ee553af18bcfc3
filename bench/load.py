"""Loads a bot with texts on `bench.simulated_api`, for the benches that compare bots or builds."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psutil

from bench.free_ports import free_port

ROOT = Path(__file__).resolve().parent.parent
TOKEN = "123456:BENCH-token-of-this-machine"  # noqa: S105  # opens nothing
WAIT_SECONDS = 300
POLL_SECONDS = 0.005


@dataclass(frozen=True, slots=True)
class Bot:
    """A bot to measure: how its process is started, and from which folder."""

    name: str
    command: tuple[str, ...]
    folder: Path = ROOT

    def at(self, url: str, **more: str) -> Bot:
        """Return the bot with an address, and more, in place of the words that stand for them."""
        filled = {"URL": url, **more}
        return replace(self, command=tuple(filled.get(part, part) for part in self.command))


def kvitto(name: str = "kvitto", folder: Path = ROOT) -> Bot:
    """Return Kvitto as it is in a checkout with its own environment."""
    own = folder / ".venv" / "bin" / "python"
    python = sys.executable if folder == ROOT else str(own)
    return Bot(name, (python, "-m", "bot", "run"), folder)


def ask(url: str, body: dict[str, object] | None = None) -> dict[str, Any]:
    data = json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"})  # noqa: S310
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
        found: dict[str, Any] = json.loads(answer.read())["result"]
    return found


@contextlib.contextmanager
def simulated(latency_ms: float) -> Iterator[str]:
    """Run the Bot API server in a process of its own; yield its address."""
    port = free_port()
    command = [sys.executable, "-m", "bench.simulated_api", str(port), str(latency_ms)]
    process = subprocess.Popen(command, cwd=ROOT)
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(200):
            with contextlib.suppress(OSError):
                ask(f"{url}/result")
                break
            time.sleep(0.05)
        yield url
    finally:
        process.kill()
        process.wait()


@contextlib.contextmanager
def running(bot: Bot, url: str, folder: str, **more: str) -> Iterator[psutil.Process]:
    """Run a bot from its first poll on; its data goes into `folder`, and `more` are settings."""
    environment = {
        **os.environ,
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_API_URL": url,
        "TELEGRAM_PACING": "off",
        "DATABASE_URL": f"sqlite:///{folder}/kvitto.db",
        "RECEIPT_STORE": f"{folder}/receipts",
        "HTTP_PORT": "0",
        "LOG_LEVEL": "WARNING",
        **more,
    }
    started = time.time()
    process = subprocess.Popen(bot.command, cwd=bot.folder, env=environment)
    try:
        while not ask(f"{url}/result")["first_poll"]:
            assert process.poll() is None, f"{bot.name} ended"
            assert time.time() - started < WAIT_SECONDS, f"{bot.name} never polled"
            time.sleep(POLL_SECONDS)
        yield psutil.Process(process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()


def run_load(
    url: str, texts: int, chats: int, rate: float = 0, notes: Sequence[str] = (), **more: float
) -> dict[str, Any]:
    """Send texts, all at once or `rate` a second; return what the server measured.

    `more` goes into the load; see `bench.simulated_api`.
    """
    load: dict[str, object] = {"texts": texts, "chats": chats, "rate": rate, **more}
    ask(f"{url}/load", load | ({"notes": list(notes)} if notes else {}))
    deadline = time.time() + WAIT_SECONDS + (texts / rate if rate else 0)
    result = ask(f"{url}/result")
    while result["answered"] < texts and time.time() < deadline:
        time.sleep(0.25)
        result = ask(f"{url}/result")
    return result


def megabytes(process: psutil.Process) -> float:
    return float(process.memory_info().rss) / 1e6


def cpu_seconds(process: psutil.Process) -> float:
    """Return user and system seconds of the process so far."""
    return float(sum(process.cpu_times()[:2]))
