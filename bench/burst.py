"""A burst of texts to Kvitto and to a plain aiogram bot on SQLite, in turn on the same machine.

    python -m bench.burst [--texts 400] [--chats 100] [--rounds 3]

Both commit every entry before they answer. The aiogram bot (`bench.aiogram_bot`) runs in an
environment of its own in `build/`, because aiogram wants an older pydantic than Kvitto.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time

from bench.load import ROOT, TOKEN, Bot, kvitto, run_load, running, simulated

FOLDER = ROOT / "bench" / "aiogram_bot"
LOCK = FOLDER / "requirements.lock"
ENVIRONMENT = ROOT / "build" / "aiogram"


def install() -> str:
    """Make the aiogram bot's environment unless it is there; return its interpreter."""
    python = ENVIRONMENT / "bin" / "python"
    stamp = ENVIRONMENT / "requirements.lock"
    if not stamp.exists() or stamp.read_bytes() != LOCK.read_bytes():
        subprocess.run([sys.executable, "-m", "venv", "--clear", ENVIRONMENT], check=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "--require-hashes", "--no-deps", "-r", str(LOCK)], check=True)
        stamp.write_bytes(LOCK.read_bytes())
    return str(python)


def texts_per_second(bot: Bot, texts: int, chats: int) -> float:
    """Run a bot once: a small load that warms it, a pause, the burst.

    Raises:
        RuntimeError: not every text was answered.
    """
    with (
        tempfile.TemporaryDirectory() as folder,
        simulated(0) as url,
        running(bot.at(url, DATABASE=f"{folder}/aiogram.db"), url, folder),
    ):
        run_load(url, chats, chats)
        time.sleep(1)
        result = run_load(url, texts, chats)
    if result["answered"] < texts:
        message = f"{bot.name} answered {result['answered']} of {texts} texts"
        raise RuntimeError(message)
    return texts / float(result["seconds"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=int, default=400)
    parser.add_argument("--chats", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    bots = (Bot("aiogram", (install(), str(FOLDER), "URL", TOKEN, "DATABASE")), kvitto())
    found: dict[str, list[float]] = {bot.name: [] for bot in bots}
    for _ in range(options.rounds):
        for bot in bots:
            found[bot.name].append(texts_per_second(bot, options.texts, options.chats))
    medians = {name: statistics.median(rates) for name, rates in found.items()}
    for name, rates in found.items():
        each = ", ".join(f"{rate:.0f}" for rate in rates)
        print(f"{name:<8} {medians[name]:6.0f} texts/s   ({each})")
    print(f"kvitto / aiogram: {medians['kvitto'] / medians['aiogram']:.2f}")


if __name__ == "__main__":
    main()
