"""How fast texts go through the whole bot, and what a quiet process costs.

    python -m bench.throughput [--texts 5000] [--chats 100] [--no-echo]

Starts `kvitto run` on SQLite (`synchronous=FULL`) against `bench.simulated_api` in a process of its
own, pacing off, and prints: texts a second with 0 and with 50 ms of API latency, update in to reply
out at 100 texts a second beyond the API's own latency, start to first poll, resident memory. A
plain echo bot runs beside it (`bench.echo_bot`), so that a slower machine is seen as such.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parent.parent
TOKEN = "123456:BENCH-token-of-this-machine"  # noqa: S105  # opens nothing
WAIT_SECONDS = 120


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def ask(url: str, body: dict[str, object] | None = None) -> dict[str, Any]:
    data = json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"})  # noqa: S310
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
        found: dict[str, Any] = json.loads(answer.read())["result"]
    return found


@contextlib.contextmanager
def simulated(latency_ms: float) -> Iterator[str]:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.simulated_api", str(port), str(latency_ms)], cwd=ROOT
    )
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
def bot(url: str, folder: str, command: list[str] | None = None) -> Iterator[psutil.Process]:
    environment = {
        **os.environ,
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_API_URL": url,
        "TELEGRAM_PACING": "off",
        "DATABASE_URL": f"sqlite:///{folder}/kvitto.db",
        "RECEIPT_STORE": f"{folder}/receipts",
        "HTTP_PORT": "0",
        "LOG_LEVEL": "WARNING",
    }
    started = time.time()
    process = subprocess.Popen(
        command or [sys.executable, "-m", "bot", "run"], cwd=ROOT, env=environment
    )
    try:
        while not ask(f"{url}/result")["first_poll"]:
            assert process.poll() is None, "the bot ended"
            assert time.time() - started < WAIT_SECONDS, "the bot never polled"
            time.sleep(0.01)
        watched = psutil.Process(process.pid)
        yield watched
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()


def run_load(url: str, texts: int, chats: int, rate: float) -> dict[str, Any]:
    ask(f"{url}/load", {"texts": texts, "chats": chats, "rate": rate})
    deadline = time.time() + WAIT_SECONDS + (texts / rate if rate else 0)
    result = ask(f"{url}/result")
    while result["answered"] < texts and time.time() < deadline:
        time.sleep(0.25)
        result = ask(f"{url}/result")
    return result


def megabytes(process: psutil.Process) -> float:
    return float(process.memory_info().rss) / 1e6


def measure(
    latency_ms: float, texts: int, chats: int, name: str, command: list[str] | None
) -> None:
    with tempfile.TemporaryDirectory() as folder, simulated(latency_ms) as url:
        filled = [url if part == "URL" else part for part in command] if command else None
        began = time.time()
        with bot(url, folder, filled) as process:
            first = ask(f"{url}/result")["first_poll"] - began
            time.sleep(2)
            quiet = megabytes(process)
            run_load(url, chats * 2, chats, 0)
            cpu = sum(process.cpu_times()[:2])
            result = run_load(url, texts, chats, 0)
            cpu = sum(process.cpu_times()[:2]) - cpu
            rate = result["answered"] / result["seconds"]
            print(
                f"{name:<9} {latency_ms:>3.0f} ms  {rate:7.0f} texts/s"
                f"  answered {result['answered']}/{texts}"
                f"  cpu {cpu / max(result['answered'], 1) * 1000:.2f} ms/text"
                f"  first poll {first:.2f} s  rss {quiet:.0f} -> {megabytes(process):.0f} MB"
            )
            if name == "kvitto":
                paced = run_load(url, 1000, chats, 100)
                beyond = [max(paced[p] * 1000 - 2 * latency_ms, 0) for p in ("p50", "p95", "p99")]
                print(
                    f"{name:<9} {latency_ms:>3.0f} ms  at 100/s beyond the API: "
                    f"p50 {beyond[0]:.0f} ms, p95 {beyond[1]:.0f} ms, p99 {beyond[2]:.0f} ms"
                )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=int, default=5000)
    parser.add_argument("--chats", type=int, default=100)
    parser.add_argument("--no-echo", action="store_true", help="leave the yardstick out")
    parser.add_argument("--run", help="another script that stands for `kvitto run`")
    options = parser.parse_args()
    command = [sys.executable, options.run] if options.run else None
    for latency_ms in (0, 50):
        measure(latency_ms, options.texts, options.chats, "kvitto", command)
        if not options.no_echo:
            echo = [sys.executable, "-m", "bench.echo_bot", "URL", TOKEN, "concurrent"]
            measure(latency_ms, min(options.texts, 2000), options.chats, "echo bot", echo)


if __name__ == "__main__":
    main()
