"""How well statements of banks are read, written after the formats that the banks document.

    python -m bench.banks [set …]

A set is a folder of `tests/data/banks`: `first` shaped the reader, the others did not. Next to each file
lies its truth. Right means that every row is exact and nothing is asked; wrong means that a row
differs and nothing is asked.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import orjson

from ai.statements.reading import Opened, open_file
from ledger.imports.rows import ImportRow, to_decimal
from ports.statements import FileKnowledge

FOLDER = Path(__file__).resolve().parents[1] / "tests" / "data" / "banks"
SETS = ("first", "blind", "later")
_TODAY = date(2024, 12, 31)
_RIGHT_MIN = 0.95


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one file was read: `right`, `asked` or `wrong`, with the first difference."""

    bank: str
    result: str
    why: str = ""


def read_bank(truth_path: Path) -> Outcome:
    """Read one bank's file and compare it with its truth."""
    truth = orjson.loads(truth_path.read_bytes())
    data = truth_path.with_name(truth["file"]).read_bytes()
    opened = open_file(data, FileKnowledge(_TODAY, truth["ledger"]))
    if opened.statement.choices:
        return Outcome(truth["bank"], "asked", ", ".join(opened.statement.choices))
    difference = next(_list_differences(truth, opened), "")
    return Outcome(truth["bank"], "wrong" if difference else "right", difference)


def read_set(name: str) -> list[Outcome]:
    """Return the outcome of each file of a set."""
    return [read_bank(path) for path in sorted((FOLDER / name).glob("*.json"))]


def _list_differences(truth: Mapping[str, Any], opened: Opened) -> Iterator[str]:
    """Yield how the rows differ; the order of the file does not count."""
    wanted: Sequence[Mapping[str, str]] = sorted(
        truth["rows"], key=lambda row: (row["date"], Decimal(row["amount"]), row["payee"])
    )
    rows: Sequence[ImportRow] = sorted(
        (row for row in opened.rows if isinstance(row, ImportRow)),
        key=lambda row: (row.on, to_decimal(row), row.words),
    )
    if len(rows) != len(wanted):
        yield f"{len(rows)} rows for {len(wanted)}"
    for row, want in zip(rows, wanted, strict=False):
        currency = want.get("currency", truth["ledger"])
        exact = row.on.isoformat() == want["date"] and to_decimal(row) == Decimal(want["amount"])
        named = want["payee"].casefold() in row.words.casefold()
        if not (exact and named and row.money.currency == currency):
            yield f"{row.on} {to_decimal(row)} {row.money.currency} {row.words!r} for {want}"


def main() -> int:
    """Print the outcomes; the exit code says whether enough are right and none is wrong."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("sets", nargs="*", metavar="set", help=", ".join(SETS))
    failed = 0
    for name in parser.parse_args().sets or SETS:
        outcomes = read_set(name)
        counts = Counter(outcome.result for outcome in outcomes)
        for outcome in outcomes:
            if outcome.result != "right":
                print(f"  {outcome.bank:20} {outcome.result}: {outcome.why}")
        right = counts["right"] / max(1, len(outcomes))
        print(f"{name:6} {len(outcomes)} banks: {right:.3f} right, {dict(counts)}")
        failed |= right < _RIGHT_MIN or counts["wrong"] > 0
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
