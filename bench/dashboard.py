"""What a person waits for on the dashboard of a ledger with 1,000,000 entries in ten years.

The views as a client over HTTP gets them, what a browser paints first (with the system's Chromium), and the
texts that the ledger books in a second while ten browsers look at it, next to those without.

Usage: python -m bench.dashboard [--entries N] [--rounds N]
"""

from __future__ import annotations

import argparse
import asyncio
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from playwright.async_api import async_playwright

from ledger.text import BudgetWords
from storage import open_database
from storage.database.tables import entries
from tests.demo.stage import CHROMIUM, FLAGS
from tests.init_data import init_data
from tests.web.page.stage import ANN, BO, NOW, Stage, open_stage

YEARS = 10
CATEGORIES = ("groceries", "eating_out", "transport", "housing", "health", "shopping", "other")
BROWSERS = 10
LOOK_SECONDS = 10.0
"""A person turns to another view this often."""
TEXTS = 300
TURNS = 3
PAINTED = """() => new Promise((resolve) => new PerformanceObserver((list) => {
    const found = list.getEntriesByName("first-contentful-paint")[0];
    if (found) resolve(found.startTime);
}).observe({ type: "paint", buffered: true }))"""
VIEWS = (
    ("first view, the month", ""),
    ("the year", "?from=2026-01-01&to=2026-12-31"),
    ("entries of the month", "/entries?from=2026-11-01&to=2026-11-30"),
    ("a category", "/entries?from=2026-11-01&to=2026-11-30&category=groceries"),
    ("a search through all years", "/entries?q=note+77"),
)


def rows(number: int, ledger_id: int) -> Iterator[dict[str, Any]]:
    """Entries of two people, evenly over the years up to today."""
    days, at = 365 * YEARS, NOW.isoformat(timespec="microseconds")
    for n in range(number):
        day = (NOW.date() - timedelta(days=n % days)).isoformat()
        note, minor = f"note {n % 500}", n * 7919 % 9973 + 1
        yield {
            "id": f"e{n:09}",
            "ledger_id": ledger_id,
            "type": "expense",
            "amount_minor": minor,
            "currency": "EUR",
            "base_minor": minor,
            "base_currency": "EUR",
            "rate": "1",
            "rate_on": day,
            "spent_on": day,
            "note": note,
            "merchant": None,
            "category": CATEGORIES[n * 31 % len(CATEGORIES)],
            "category_guessed": 0,
            "tags": "[]",
            "marks": "[]",
            "paid_by": (ANN, BO)[n % 2].user_id,
            "source": "text",
            "source_key": f"k{n}",
            "created_at": at,
            "updated_at": at,
            "search": note,
        }


def fill(path: Path, number: int, ledger_id: int) -> None:
    """Write the entries by hand."""
    names = list(next(rows(1, ledger_id)))
    places = ", ".join(f":{name}" for name in names)
    statement = f"INSERT INTO {entries.name} ({', '.join(names)}) VALUES ({places})"  # noqa: S608
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.execute("PRAGMA synchronous = OFF")
        raw.execute("BEGIN")
        raw.executemany(statement, rows(number, ledger_id))
        raw.execute("COMMIT")


async def measure_views(stage: Stage, rounds: int) -> None:
    """Print how long each view takes over HTTP, body included."""
    for name, path in VIEWS:
        taken, worked = list[float](), list[float]()
        for _ in range(rounds):
            start, busy = time.perf_counter(), time.process_time()
            await stage.get(path)
            taken.append(time.perf_counter() - start)
            # The client's own part, a few milliseconds, is in it too.
            worked.append((time.process_time() - busy) * 1000)
        _print(name, taken, f", CPU {statistics.median(worked):5.0f} ms")


async def measure_paint(stage: Stage, rounds: int) -> None:
    """Print when a browser with nothing kept paints the first view."""
    if CHROMIUM is None:
        print("first paint: no Chromium on this machine")
        return
    taken = list[float]()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for _ in range(rounds):
            context = await browser.new_context(viewport={"width": 360, "height": 800})
            user = {"id": ANN.user_id, "first_name": ANN.name}
            headers = {"Authorization": f"tma {init_data(user, stage.now)}"}
            await context.request.post(f"{stage.url}/app/session", headers=headers)
            page = await context.new_page()
            await page.goto(f"{stage.url}/app/{stage.key}")
            taken.append(float(await page.evaluate(PAINTED)) / 1000)
            await context.close()
        await browser.close()
    _print("first paint, nothing kept", taken)


async def measure_texts(stage: Stage) -> None:
    """Print the texts a second without and with browsers that look, measured in turns."""
    rates: dict[int, list[float]] = {0: [], BROWSERS: []}
    for browsers in (0, BROWSERS) * TURNS:
        looking = [asyncio.create_task(_look(stage, number)) for number in range(browsers)]
        start = time.perf_counter()
        for number in range(TEXTS):
            await stage.say(f"coffee {number % 90 + 1}.50")
        rates[browsers].append(TEXTS / (time.perf_counter() - start))
        for task in looking:
            task.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.gather(*looking)
    alone, watched = (statistics.median(found) for found in rates.values())
    print(f"texts with {BROWSERS} browsers: {watched:.0f}/s of {alone:.0f}/s without, "
          f"{watched / alone:.2f}")  # fmt: skip


async def _look(stage: Stage, number: int) -> None:
    # People open their pages one after the other, not all at once.
    await asyncio.sleep(number * LOOK_SECONDS / BROWSERS)
    while True:
        for _, path in VIEWS[:4]:
            await stage.get(path)
            await asyncio.sleep(LOOK_SECONDS)


def _print(name: str, taken: Sequence[float], more: str = "") -> None:
    ordered = sorted(one * 1000 for one in taken)
    p95 = ordered[int(len(ordered) * 0.95)]
    print(f"{name:32} median {statistics.median(ordered):6.0f} ms, p95 {p95:6.0f} ms{more}")


async def main() -> None:
    """Fill a ledger and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=15)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "kvitto.db"
        async with (
            open_database(f"sqlite:///{path}") as database,
            open_stage(database, Path(folder) / "receipts") as stage,
        ):
            ledger_id = await stage.run(lambda scope: scope.ledger.id)
            await stage.run(lambda scope: scope.actor, person=BO)
            await asyncio.to_thread(fill, path, given.entries, ledger_id)
            for words, limit in (("", 40_000), ("groceries", 9_000)):
                await stage.budget(BudgetWords(words, amount=Decimal(limit)))
            await stage.sign_in()
            print(f"{given.entries:,} entries, {YEARS} years up to {date(2026, 11, 18)}")
            await measure_views(stage, given.rounds)
            await measure_paint(stage, given.rounds)
            await measure_texts(stage)


if __name__ == "__main__":
    asyncio.run(main())
