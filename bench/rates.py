"""What an amount in a foreign currency and five budgets cost, beside plain texts in the same run.

    python -m bench.rates [--texts 2000] [--chats 50] [--rounds 3]

Starts `kvitto run` on SQLite against `bench.simulated_api` twice a round, in turn: once for plain
texts, once for chats with five budgets whose texts are in US dollars, after the newest rates are
imported. Prints texts a second and CPU of a text as medians of the rounds, and the ratio of the two.
"""

from __future__ import annotations

import argparse
import sqlite3
import statistics
import tempfile
import time
from contextlib import closing

from bench.load import cpu_seconds, kvitto, run_load, running, simulated

BUDGETS = (
    "set budget 900000 month",
    "set budget food 500000 month",
    "set budget groceries 400000 month",
    "set budget transport 300000 month",
    "set budget eating out 200000 month",
)
PLAIN = ("coffee {}", "lunch {}", "taxi {}", "groceries {}", "tea and cake {}", "bus ticket {}")
FOREIGN = tuple(f"{note} USD" for note in PLAIN)
IMPORT_SECONDS = 5
"""After these the newest year of the history is imported, on a slow machine too."""


def measure(texts: int, chats: int, *, is_foreign: bool) -> tuple[float, float]:
    """Return texts a second and CPU milliseconds of a text."""
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
        simulated(0) as url,
        running(kvitto(), url, folder) as process,
    ):
        time.sleep(IMPORT_SECONDS)
        # The first text of a chat makes its ledger; that is not what is measured.
        run_load(url, chats, chats, notes=PLAIN[:1])
        if is_foreign:
            run_load(url, len(BUDGETS) * chats, chats, notes=BUDGETS)
        before = cpu_seconds(process)
        result = run_load(url, texts, chats, notes=FOREIGN if is_foreign else PLAIN)
        cpu_ms = (cpu_seconds(process) - before) / texts * 1000
        _check(folder, chats, texts if is_foreign else 0)
        return texts / result["seconds"], cpu_ms


def _check(folder: str, chats: int, texts: int) -> None:
    """See that budgets are set and every foreign amount is counted, or the figures mean nothing."""
    with closing(sqlite3.connect(f"{folder}/kvitto.db")) as database:
        (budgets,) = database.execute("SELECT count(*) FROM budgets").fetchone()
        counted = "SELECT count(*) FROM entries WHERE currency = 'USD' AND base_minor > 0"
        (foreign,) = database.execute(counted).fetchone()
    assert foreign == texts
    assert budgets == (len(BUDGETS) * chats if texts else 0), budgets


def main() -> None:
    """Run the rounds and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=int, default=2000)
    parser.add_argument("--chats", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    found: dict[bool, list[tuple[float, float]]] = {False: [], True: []}
    for _ in range(options.rounds):
        for is_foreign, runs in found.items():
            runs.append(measure(options.texts, options.chats, is_foreign=is_foreign))
    rows = {
        is_foreign: [statistics.median(column) for column in zip(*runs, strict=True)]
        for is_foreign, runs in found.items()
    }
    for is_foreign, (rate, cpu_ms) in rows.items():
        name = "foreign, 5 budgets" if is_foreign else "plain"
        print(f"{name:20} {rate:8.0f} texts/s {cpu_ms:8.2f} cpu ms")
    print(
        f"{'ratio':20} {rows[True][0] / rows[False][0]:8.2f} {'':7} {rows[False][1] / rows[True][1]:8.2f}"
    )


if __name__ == "__main__":
    main()
