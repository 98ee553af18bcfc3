"""Score `kvitto read categories` on the development data, set by set.

    python bench/reading/categories.py

Sets: notes per language, receipt lines, brands, keywords, by the project's scorer; and the
household's ledger online, by its own categories and by ours. Lines that trained the model are
marked, their figures say how well it remembers, not how well it reads; `make train` prints the
figures on lines held out.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from bot.cli.read_categories import main as read_categories  # noqa: E402 -- after the path

SHARED = ROOT.parent / "shared"
DATA = SHARED / "data" / "categories"
KEYS = ("user_top", "user_cat", "category")


def main() -> None:
    if not DATA.exists():
        sys.exit(f"{DATA} is missing: this bench needs the development data")
    with tempfile.TemporaryDirectory() as folder:
        score_lines(Path(folder))
        for key in KEYS:
            score_ledger(Path(folder), key)


def score_lines(folder: Path) -> None:
    lines = (DATA / "dev.jsonl").read_text(encoding="utf-8")
    started = time.process_time()
    answered = read([], lines)
    spent = time.process_time() - started
    print(f"{spent / lines.count(chr(10)) * 1e6:.0f} µs of CPU per line, JSON included")
    said = folder / "said.jsonl"
    said.write_text(answered, encoding="utf-8")
    scorer = str(SHARED / "tools" / "score_categories.py")
    for by in ("kind", "source"):
        run(scorer, str(DATA / "dev.jsonl"), str(said), "--by", by)


def score_ledger(folder: Path, key: str) -> None:
    path = DATA / "ledger_household.json"
    rows = [
        row
        for row in json.loads(path.read_text(encoding="utf-8"))["household"]
        if row.get("type", "Expense") == "Expense" and row.get("has_note", True) and row.get("text")
    ]
    lines = [
        {"id": str(n), "text": row["text"], "amount": row.get("amount"), "category": row[key]}
        for n, row in enumerate(rows)
    ]
    said = folder / f"{key}.jsonl"
    said.write_text(read(["--ledger"], "\n".join(map(json.dumps, lines))), encoding="utf-8")
    scorer = str(SHARED / "tools" / "score_ledger.py")
    run(scorer, str(path), "household", str(said), "--key", key)


def read(arguments: list[str], lines: str) -> str:
    out = io.StringIO()
    read_categories(arguments, io.StringIO(lines), out)
    return out.getvalue()


def run(*command: str) -> None:
    subprocess.run([sys.executable, *command], check=True)  # the project's own scorer


if __name__ == "__main__":
    main()
