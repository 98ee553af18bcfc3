"""Measures how notes, receipt lines and one household are categorised, on lines outside training.

    python -m bench.reading categories

Lines whose licence is not open never train a model, so they measure it; French notes are all open
and are measured out of fold by `make train`. The household's ledger is read in time order, each
choice learned after it was guessed.
"""

from __future__ import annotations

import importlib.util
import io
import json
import subprocess
import sys
import tempfile
import time
import tomllib
from pathlib import Path
from types import ModuleType
from typing import Any

from ai.categories.model import FILES, bundled
from bench.reading.table import print_table
from bench.training.categories import OPEN
from bot.cli.read_categories import main as read_categories
from ports.categorising import SURE

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
EVERYDAY = ROOT / "tests" / "ai" / "categories" / "everyday.toml"
DATA = SHARED / "data" / "categories"
LEXICON = Path(str(bundled())) / "lexicon"
ADDED = """
import psutil
me = psutil.Process()
before = me.memory_info().rss
from ai.categories.local import LocalCategoriser
LocalCategoriser().guess("coffee")
print((me.memory_info().rss - before) / 1e6)
"""


def main() -> None:
    scorer = load_scorer()
    rows = [json.loads(line) for line in (DATA / "dev.jsonl").open(encoding="utf-8")]
    unseen = [row for row in rows if row["licence"] not in OPEN]
    read([], unseen[:1])  # loads the model
    started = time.process_time()
    said = read([], unseen)
    spent = (time.process_time() - started) / len(unseen)
    predicted = {row["id"]: row for row in said}

    def score(**wanted: str) -> dict[str, Any]:
        chosen = [row for row in unseen if all(row[k] == v for k, v in wanted.items())]
        return scorer.metrics(chosen, predicted) if chosen else {}

    notes = score(kind="note")
    figures = {
        "notes, English": score(kind="note", lang="en").get("accept"),
        "seven groups, notes": notes.get("seed7"),
        "surest 80 % of notes": notes.get("acc80cov"),
        "notes at p >= .8: share": notes.get("p8cov"),
        "notes at p >= .8: right": notes.get("p8acc"),
        "notes, calibration error": notes.get("ece"),
        "receipt lines, Czech and Polish": score(kind="line_item").get("accept"),
        "receipt lines, Czech": score(kind="line_item", lang="cs").get("accept"),
        "receipt lines, Polish": score(kind="line_item", lang="pl").get("accept"),
    }
    for source in sorted({row["source"] for row in unseen}):
        found = score(source=source)
        figures[f"  {source[:24]} ({found['n']})"] = found["accept"]
    figures |= everyday() | household()
    figures["microseconds of CPU a note"] = spent * 1e6
    figures["megabytes of memory added"] = memory_added()
    figures["megabytes of files"] = size_megabytes()
    print_table("categories", figures)


def everyday() -> dict[str, float]:
    """Read the everyday notes that our own tests hold, thirty a language."""
    notes = tomllib.loads(EVERYDAY.read_text("utf-8"))
    wanted = [(lang, text, right) for lang, row in notes.items() for text, right in row.items()]
    said = read([], [{"id": n, "text": t, "lang": lang} for n, (lang, t, _) in enumerate(wanted)])
    right = [a["category"] in w.split("|") for a, (_, _, w) in zip(said, wanted, strict=True)]
    sure = [answer["confidence"] >= SURE for answer in said]
    figures = {
        "everyday notes, 19 languages": sum(right) / len(right),
        "everyday notes, sure": sum(sure) / len(sure),
        "everyday notes, sure and wrong": sum(s and not r for s, r in zip(sure, right, strict=True))
        / len(right),
    }
    for language in notes:
        marks = [r for r, (lang, _, _) in zip(right, wanted, strict=True) if lang == language]
        figures[f"  {language}"] = sum(marks) / len(marks)
    return figures


def household() -> dict[str, float]:
    """Read the ledger online under the household's own categories."""
    path = DATA / "ledger_household.json"
    ledger = [
        row
        for row in json.loads(path.read_text(encoding="utf-8"))["household"]
        if row.get("type", "Expense") == "Expense" and row.get("has_note", True) and row["text"]
    ]
    rows = [
        {"id": str(n), "text": r["text"], "category": r["user_top"]} for n, r in enumerate(ledger)
    ]
    said = read(["--ledger"], rows)
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as answers:
        answers.write("\n".join(map(json.dumps, said)))
        answers.flush()
        scorer = str(SHARED / "tools" / "score_ledger.py")
        command = [
            sys.executable,
            scorer,
            str(path),
            "household",
            answers.name,
            "--key",
            "user_top",
        ]
        shown = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    words = shown.replace(",", "").split()
    return {
        "household online, own categories": float(words[words.index("all") + 1]),
        "household online, new texts": float(words[words.index("new") + 2]),
        "household online, a choice repeated": repeated(rows, said),
    }


def repeated(rows: list[dict[str, str]], said: list[dict[str, str]]) -> float:
    """Return how often a text gets the category of its last time, where the person kept it too."""
    last: dict[str, str] = {}
    marks = []
    for row, answer in zip(rows, said, strict=True):
        text = row["text"].casefold().strip()
        if last.get(text) == row["category"]:
            marks.append(answer["category"] == row["category"])
        last[text] = row["category"]
    return sum(marks) / len(marks)


def memory_added() -> float:
    """Return the megabytes that the first guess adds to a process."""
    command = [sys.executable, "-c", ADDED]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def size_megabytes() -> float:
    """Return the size of all files that the categoriser reads."""
    data = Path(str(bundled()))
    files = [*(data / name for name in FILES), data / "brands.txt", *LEXICON.iterdir()]
    return sum(file.stat().st_size for file in files) / 1e6


def read(arguments: list[str], rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    out = io.StringIO()
    read_categories(arguments, io.StringIO("\n".join(map(json.dumps, rows))), out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def load_scorer() -> ModuleType:
    """Load the scorer next to the data, so that there is one definition of right."""
    path = SHARED / "tools" / "score_categories.py"
    specification = importlib.util.spec_from_file_location("score_categories", path)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


if __name__ == "__main__":
    main()
