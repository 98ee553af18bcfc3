"""How well and how fast receipts are read, set by set and field by field.

usage: python bench/reading/receipts.py [--keep FOLDER] [--from FOLDER] [--limit N]

Reads the development sets in `../shared/data/receipts` as in a chat that knows nothing (English, no
country, EUR) and scores them with `../shared/tools/score_receipts.py`. --keep stores each reading
and its truth for bench/training/receipts.py; --from judges kept readings instead of reading again.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib.util
import json
import statistics
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from ai.child import resident_bytes
from ai.ocr.local import LocalReceiptReader
from ai.ocr.wire import decode, encode
from ledger.receipt import Draft, ReceiptContext, Refusal, build_drafts
from ports.reading import ReadHint, Reading

SHARED = Path(__file__).resolve().parents[3] / "shared"
SETS = ("sroie", "photo", "phone_de")
CONTEXT = ReceiptContext(datetime(2026, 11, 21, tzinfo=UTC))
COLUMNS = (
    "total",
    "date",
    "total+date",
    "merchant~",
    "merchant",
    "all",
    "currency",
    "tax",
    "items_f1",
)


def load_scorer() -> ModuleType:
    """The scorer beside the data, so that there is one definition of right."""
    path = SHARED / "tools" / "score_receipts.py"
    specification = importlib.util.spec_from_file_location("score_receipts", path)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def predict(name: str, draft: Draft) -> dict[str, object]:
    return {
        "file": name,
        "merchant": draft.merchant,
        "date": draft.on and draft.on.isoformat(),
        "total": None if draft.total is None else str(draft.total),
        "currency": draft.currency,
        "tax": None if draft.tax is None else str(draft.tax),
        "items": [{"name": item.name, "price": str(item.price)} for item in draft.items],
        "sure": draft.sure,
    }


async def read_all(
    truths: dict[str, list[dict]], keep: Path | None
) -> tuple[dict, list[float], int]:
    """Read every picture once; return readings, seconds and the child's largest memory."""
    reader = LocalReceiptReader()
    readings: dict[tuple[str, str], Reading | Refusal] = {}
    seconds: list[float] = []
    memory = 0
    await reader.read(b"", ReadHint())
    for name, rows in truths.items():
        for row in rows:
            data = (SHARED / "data" / "receipts" / name / "img" / row["file"]).read_bytes()
            started = time.perf_counter()
            answer = await reader.read(data, ReadHint())
            seconds.append(time.perf_counter() - started)
            memory = max(memory, resident_bytes(reader.process.pid or 0))
            readings[name, row["file"]] = answer
            if keep:
                (keep / f"{name}__{row['file']}.json").write_bytes(encode(answer))
    await reader.close()
    return readings, seconds, memory


def kept(truths: dict[str, list[dict]], folder: Path) -> dict[tuple[str, str], Reading | Refusal]:
    return {
        (name, row["file"]): decode((folder / f"{name}__{row['file']}.json").read_bytes())
        for name, rows in truths.items()
        for row in rows
    }


def report(scorer: ModuleType, truths: dict, readings: dict) -> None:
    every_guess: list[dict] = []
    every_truth: list[dict] = []
    print(f"{'':9s}" + "".join(f"{column:>11s}" for column in (*COLUMNS, "unasked", "precision")))
    for name, rows in truths.items():
        guesses = []
        for row in rows:
            answer = readings[name, row["file"]]
            if isinstance(answer, Reading):
                guesses.append(predict(row["file"], build_drafts(answer, CONTEXT)[0]))
        line(scorer, name, guesses, rows)
        every_guess += guesses
        every_truth += rows
    line(scorer, "together", every_guess, every_truth)


def line(scorer: ModuleType, name: str, guesses: list[dict], truths: list[dict]) -> None:
    result, _ = scorer.score(guesses, truths)
    shown = [result.get(column, {}).get("acc") for column in COLUMNS]
    shown += [result["unasked"]["acc"], result["unasked"]["precision"]]
    print(f"{name:9s}" + "".join("          –" if v is None else f"{v:11.3f}" for v in shown))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--from", dest="source", type=Path)
    parser.add_argument("--limit", type=int, default=None, help="only the first files of each set")
    options = parser.parse_args()
    scorer = load_scorer()
    folder = SHARED / "data" / "receipts"
    truths = {name: scorer.load(folder / name / "truth.jsonl")[: options.limit] for name in SETS}
    if options.source:
        report(scorer, truths, kept(truths, options.source))
        return
    if options.keep:
        options.keep.mkdir(parents=True, exist_ok=True)
        lines = [json.dumps(row | {"set": name}) for name, rows in truths.items() for row in rows]
        (options.keep / "truth.jsonl").write_text("\n".join(lines), "utf-8")
    readings, seconds, memory = asyncio.run(read_all(truths, options.keep))
    report(scorer, truths, readings)
    slowest = statistics.quantiles(seconds, n=20)[-1]
    print(
        f"seconds a receipt: p50 {statistics.median(seconds):.2f}, p95 {slowest:.2f};"
        f" reader's memory {memory / 1e6:.0f} MB"
    )


if __name__ == "__main__":
    main()
