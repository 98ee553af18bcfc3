"""How well and how fast receipts are read, set by set and field by field.

usage: python -m bench.reading.receipts [--keep FOLDER] [--from FOLDER] [--limit N] [--world]

Reads the development sets in `../shared/data/receipts` as in a chat that knows nothing (English, no
country, EUR) and scores them with `../shared/tools/score_receipts.py`. --keep stores each reading
and its truth for bench/training/receipts.py; --from judges kept readings and reads only a few again,
for the time. The weights were trained on these very sets: `make train` prints what they are worth on
receipts that did not train them.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import importlib.util
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import psutil

from ai.categories.brands import known_merchants
from ai.ocr.local import LocalReceiptReader
from ai.ocr.protocol import decode, encode
from bench.reading.table import print_table
from ledger.receipt import FileRefusal, ReceiptContext, ReceiptDraft, build_drafts
from ports.reading import ReadHint, Reading

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
SETS = ("sroie", "photo", "phone_de")
TIMED = 3
"""Receipts of each set that are read again where readings were kept."""
CONTEXT = ReceiptContext(datetime(2026, 11, 21, tzinfo=UTC), brands=known_merchants())
COLUMNS = {
    "total": "total",
    "date": "date",
    "total+date": "total and date",
    "merchant~": "merchant, lenient",
    "merchant": "merchant, strict",
    "all": "all three, strict",
    "currency": "currency",
    "tax": "tax",
    "items_f1": "items F1",
}
WORLD_COLUMNS = (
    "total",
    "date",
    "currency",
    "merchant",
    "sure",
    "silently wrong of sure",
    "marked",
    "refused",
)
WORLD_MODES = ("bot", "default")
"""As a chat that knows its language and currency, and as a new user's."""
Readings = dict[tuple[str, str], Reading | FileRefusal]


@dataclass
class Effort:
    """What reading took: seconds on the clock and of CPU for each picture, the child's memory."""

    seconds: list[float] = field(default_factory=list)
    cpu_seconds: list[float] = field(default_factory=list)
    memory_bytes: int = 0

    def figures(self) -> dict[str, float | None]:
        if len(self.seconds) < 2:
            return {}
        return {
            "seconds, p50": statistics.median(self.seconds),
            "seconds, p95": statistics.quantiles(self.seconds, n=20)[-1],
            "seconds of CPU, p50": statistics.median(self.cpu_seconds),
            "megabytes, peak": self.memory_bytes / 1e6,
        }


def load_scorer() -> ModuleType:
    """Load the scorer next to the data, so that there is one definition of right."""
    path = SHARED / "tools" / "score_receipts.py"
    specification = importlib.util.spec_from_file_location("score_receipts", path)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def load_truths(limit: int | None = None) -> dict[str, list[dict[str, Any]]]:
    """Load the truth of each set, of its first files where a limit is given."""
    load = load_scorer().load
    return {
        name: load(SHARED / "data" / "receipts" / name / "truth.jsonl")[:limit] for name in SETS
    }


def predict(name: str, draft: ReceiptDraft) -> dict[str, object]:
    return {
        "file": name,
        "merchant": draft.merchant,
        "date": draft.on and draft.on.isoformat(),
        "total": None if draft.total is None else str(draft.total),
        "currency": draft.currency,
        "tax": None if draft.tax is None else str(draft.tax),
        "items": [{"name": item.name, "price": str(item.price)} for item in draft.items],
        "sure": draft.sure,
        "marks": list(draft.marks),
    }


async def read_all(
    truths: dict[str, list[dict[str, Any]]], keep: Path | None = None
) -> tuple[Readings, Effort]:
    """Read every picture once, keeping each reading as soon as it is there."""
    reader = LocalReceiptReader()
    readings: Readings = {}
    effort = Effort()
    await reader.read(b"", ReadHint())
    for name, rows in truths.items():
        for row in rows:
            data = (SHARED / "data" / "receipts" / name / "img" / row["file"]).read_bytes()
            child = psutil.Process(reader.process.pid)
            before, started = sum(child.cpu_times()[:2]), time.perf_counter()
            answer = await reader.read(data, ReadHint())
            effort.seconds.append(time.perf_counter() - started)
            effort.cpu_seconds.append(sum(child.cpu_times()[:2]) - before)
            effort.memory_bytes = max(effort.memory_bytes, peak_bytes(child.pid))
            readings[name, row["file"]] = answer
            if keep:
                (keep / f"{name}__{row['file']}.json").write_bytes(encode(answer))
    await reader.close()
    return readings, effort


def peak_bytes(pid: int) -> int:
    """The most resident memory that a process ever had; 0 where the system does not tell."""
    try:
        status = Path(f"/proc/{pid}/status").read_text("utf-8")
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in status.splitlines() if "VmHWM" in line), 0)


def keep_all(truths: dict[str, list[dict[str, Any]]], folder: Path) -> Effort:
    """Read what the folder lacks of this reader's readings."""
    folder.mkdir(parents=True, exist_ok=True)
    stamp = folder / "reader.txt"
    if not stamp.exists() or stamp.read_text("utf-8") != reader_version():
        for old in folder.glob("*.json"):
            old.unlink()
    stamp.write_text(reader_version(), "utf-8")
    lines = [json.dumps(row | {"set": name}) for name, rows in truths.items() for row in rows]
    (folder / "truth.jsonl").write_text("\n".join(lines), "utf-8")
    missing = {
        name: [row for row in rows if not (folder / f"{name}__{row['file']}.json").exists()]
        for name, rows in truths.items()
    }
    if not any(missing.values()):
        return Effort()
    return asyncio.run(read_all(missing, folder))[1]


def reader_version() -> str:
    """A hash of the code that turns pictures into lines."""
    digest = hashlib.sha256()
    for folder in (ROOT / "ai" / "ocr", ROOT / "ai" / "files"):
        for path in sorted(folder.glob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()


def kept(truths: dict[str, list[dict[str, Any]]], folder: Path) -> Readings:
    return {
        (name, row["file"]): decode((folder / f"{name}__{row['file']}.json").read_bytes())
        for name, rows in truths.items()
        for row in rows
    }


def score_all(
    truths: dict[str, list[dict[str, Any]]], readings: Readings
) -> dict[str, float | None]:
    """Figures of every set and of all together, by the names of `aims.toml`."""
    scorer = load_scorer()
    every_guess: list[dict[str, Any]] = []
    every_truth: list[dict[str, Any]] = []
    figures: dict[str, float | None] = {}
    for name, rows in truths.items():
        guesses = []
        for row in rows:
            answer = readings[name, row["file"]]
            if isinstance(answer, Reading):
                guesses.append(predict(row["file"], build_drafts(answer, CONTEXT)[0]))
        figures |= score(scorer, name, guesses, rows)
        every_guess += guesses
        every_truth += rows
    return figures | score(scorer, "together", every_guess, every_truth)


def score(
    scorer: ModuleType, name: str, guesses: list[dict[str, Any]], truths: list[dict[str, Any]]
) -> dict[str, float | None]:
    result, _ = scorer.score(guesses, truths)
    figures = {f"{name} {COLUMNS[key]}": result.get(key, {}).get("acc") for key in COLUMNS}
    figures[f"{name} unasked"] = result["unasked"]["acc"]
    figures[f"{name} unasked, total right"] = result["unasked"]["precision"]
    return {name: figure for name, figure in figures.items() if figure is not None}


def score_world(mode: str) -> dict[str, float | None]:
    """Read the pictures of many countries as a chat of this mode would; {} where they are not there.

    They measure only: none of them may train a weight.
    """
    folder = SHARED / "data" / "receipts" / "world"
    if not folder.is_dir():
        return {}
    tool = SHARED / "tools" / "score_world.py"
    kvitto = Path(sys.executable).with_name("kvitto")
    command = [sys.executable, str(tool), str(kvitto), str(folder), "--as", mode, "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    return {f"world as {mode}, {name}": found[name] for name in WORLD_COLUMNS}


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--from", dest="source", type=Path)
    parser.add_argument("--limit", type=int, default=None, help="only the first files of each set")
    parser.add_argument("--world", action="store_true", help="the pictures of many countries too")
    options = parser.parse_args(arguments)
    truths = load_truths(options.limit)
    if options.source:
        readings = kept(truths, options.source)
        _, effort = asyncio.run(read_all({name: rows[:TIMED] for name, rows in truths.items()}))
    elif options.keep:
        effort = keep_all(truths, options.keep)
        readings = kept(truths, options.keep)
    else:
        readings, effort = asyncio.run(read_all(truths))
    figures = score_all(truths, readings) | effort.figures()
    if options.world:
        for mode in WORLD_MODES:
            figures |= score_world(mode)
    print_table("receipts", figures)


if __name__ == "__main__":
    main()
