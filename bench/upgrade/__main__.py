"""How long a large database of the first release takes to become today's.

    python -m bench.upgrade [--entries 100000] [--postgres]

Grows the fixture (`bench.upgrade.first_release`) by entries with their history, stores it in the
first release's schema, and migrates it. Every total by ledger, type, currency and category must be
what it was; the exit code says so.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from bench.upgrade.first_release import CHATS, ROOT, Rows, load, read_fixture, totals
from storage.migrations import HEAD, find_schema, migrate

SEED = 20261128
MINOR_DIGITS = {"EUR": 2, "USD": 2, "JPY": 0}
CATEGORIES = ("groceries", "eating_out", "transport", "housing", "other")
FIRST_DAY = date(2023, 1, 1)

Totals = dict[int, dict[tuple[str, str, str], Decimal]]


def grow(rows: Rows, count: int) -> None:
    """Add entries, each with the operation and the change that made it."""
    rng = random.Random(SEED)
    ledgers = {row["id"]: row["currency"] for row in rows["ledgers"]}
    chats = {row["ledger_id"]: row for row in rows["chats"] if row["migrated_to"] is None}
    entry, operation, change = (rows[name][0] for name in ("entries", "acts", "changes"))
    numbers = {name: max(row[key] for row in rows[name]) for name, key in
               (("acts", "seq"), ("changes", "id"))}  # fmt: skip
    for number in range(1, count + 1):
        ledger = rng.choice(list(ledgers))
        currency = rng.choice(list(MINOR_DIGITS))
        day, minor = FIRST_DAY + timedelta(days=rng.randrange(1400)), rng.randint(50, 90_000)
        chat_id = chats[ledger]["chat_id"]
        is_base = currency == ledgers[ledger]
        new = entry | {
            "id": f"grown{number:08}",
            "ledger_id": ledger,
            "amount_minor": minor,
            "currency": currency,
            "base_minor": minor if is_base else None,
            "base_currency": currency if is_base else None,
            "rate": "1" if is_base else None,
            "rate_on": day.isoformat() if is_base else None,
            "spent_on": day.isoformat(),
            "category": rng.choice(CATEGORIES),
            "origin_chat_id": chat_id,
            "origin_message_id": 1_000_000 + number,
            "receipt_id": None,
        }
        rows["entries"].append(new)
        made = {"id": f"act{number:08}", "ledger_id": ledger, "chat_id": chat_id}
        rows["acts"].append(operation | made | {"seq": numbers["acts"] + number, "undoes": None})
        after = {name: new[name] for name in change["after"] if name in new}
        rows["changes"].append(
            change
            | {"id": numbers["changes"] + number, "act_id": made["id"], "ledger_id": ledger}
            | {"subject_id": new["id"], "after": change["after"] | after}
        )


def expected(rows: Rows) -> Totals:
    """Return the totals of the rows that were stored."""
    chats = {row["ledger_id"]: row["chat_id"] for row in rows["chats"] if not row["migrated_to"]}
    found: dict[int, dict[tuple[str, str, str], Decimal]] = {
        chat_id: defaultdict(Decimal) for chat_id in chats.values()
    }
    for row in rows["entries"]:
        if row["deleted_at"] is None:
            digits = MINOR_DIGITS.get(row["currency"], 2)
            key = (row["type"], row["currency"], row["category"])
            found[chats[row["ledger_id"]]][key] += Decimal(row["amount_minor"]).scaleb(-digits)
    return {chat_id: dict(sums) for chat_id, sums in found.items()}


def exported(url: str, folder: Path) -> Totals:
    """Return the totals of what the upgraded program exports."""
    found: Totals = {}
    for chat_id in CHATS:
        path = folder / f"{chat_id}.json"
        subprocess.run(
            [
                sys.executable,
                "-m",
                "bot",
                "export",
                str(chat_id),
                "--format",
                "json",
                "--out",
                path,
            ],
            check=True,
            cwd=ROOT,
            env={**os.environ, "DATABASE_URL": url},
        )
        found[chat_id] = totals(json.loads(path.read_bytes()))
    return found


@contextmanager
def empty_database(folder: Path, *, postgres: bool) -> Iterator[str]:
    """Yield the URL of an empty database."""
    if not postgres:
        yield f"sqlite:///{folder}/kvitto.db"
        return
    from tests.postgres import running_postgres  # noqa: PLC0415  # only here

    with running_postgres(folder / "server", durable=True) as server:
        yield f"{server}postgres"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--postgres", action="store_true")
    options = parser.parse_args()
    grown: dict[str, Any] = {}

    def remember(rows: Rows) -> None:
        grow(rows, max(options.entries - len(read_fixture().rows["entries"]), 0))
        grown.update(rows)

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with empty_database(folder, postgres=options.postgres) as url:
            load(url, folder / "receipts", grow=remember)
            began = time.perf_counter()
            asyncio.run(migrate(url))
            seconds = time.perf_counter() - began
            assert asyncio.run(find_schema(url)) == HEAD
            after = exported(url, folder)
    before = expected(grown)
    for chat_id in CHATS:
        sums: dict[str, Decimal] = defaultdict(Decimal)
        for (_, currency, _), amount in after[chat_id].items():
            sums[currency] += amount
        shown = ", ".join(f"{amount} {currency}" for currency, amount in sorted(sums.items()))
        print(f"{'equal' if after[chat_id] == before[chat_id] else 'DIFFERENT':<10} {shown}")
    kind = "PostgreSQL" if options.postgres else "SQLite"
    print(f"{len(grown['entries'])} entries to revision {HEAD} on {kind}: {seconds:.2f} s")
    return int(before != after)


if __name__ == "__main__":
    sys.exit(main())
