"""Score the free-text grammar on the development corpus: accuracy, false recordings, time per text.

    python -m bench.text.accuracy [--show 20]

Needs ../shared beside the project. Time is measured in one process after warming up, without the
texts of more than 500 characters; the first figure is the load of all language packs.
"""

from __future__ import annotations

import argparse
import importlib.util
import io
import json
import sys
import time
import tracemalloc
from pathlib import Path
from types import ModuleType
from typing import Any

from bot.cli.read_texts import context_of, read_texts
from ledger.text import parse_message

SHARED = Path(__file__).resolve().parents[3] / "shared"
ROUNDS = 5


def load_scorer(name: str = "score_people") -> ModuleType:
    """Load one of the project's scorers, which are scripts beside the project."""
    path = SHARED / "tools" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    code = path.read_text("utf-8").replace("\nmain(sys.argv[1:])\n", "\n")  # it has no guard
    exec(compile(code, str(path), "exec"), module.__dict__)  # noqa: S102  # the scorer itself
    return module


def scored(corpus: Path, show: int) -> dict[str, Any]:
    module = load_scorer("score_text")
    out = io.StringIO()
    read_texts(io.StringIO(corpus.read_text("utf-8")), out)
    cases = [json.loads(line) for line in corpus.read_text("utf-8").splitlines()]
    predictions = [json.loads(line) for line in out.getvalue().splitlines()]
    result: dict[str, Any] = module.score(cases, predictions, show)
    return result


def timed(corpus: Path) -> list[float]:
    """Return the seconds of every single parse, sorted."""
    cases = [json.loads(line) for line in corpus.read_text("utf-8").splitlines()]
    texts = [(case["text"], context_of(case)) for case in cases if len(case["text"]) <= 500]
    spent: list[float] = []
    for turn in range(ROUNDS + 1):
        for text, context in texts:
            started = time.process_time()
            parse_message(text, context)
            if turn:
                spent.append(time.process_time() - started)
    return sorted(spent)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", type=int, default=0, help="failures to show")
    options = parser.parse_args()
    corpus = SHARED / "data" / "text" / "dev.jsonl"
    if not corpus.exists():
        print("../shared is not here: nothing to measure")
        return 2
    case = json.loads(corpus.read_text("utf-8").splitlines()[0])
    tracemalloc.start()
    started = time.process_time()
    parse_message(case["text"], context_of(case))
    loaded = time.process_time() - started
    memory = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    result = scored(corpus, options.show)
    spent = timed(corpus)
    median, p99 = spent[len(spent) // 2], spent[int(len(spent) * 0.99)]
    print(f"first parse       {loaded * 1000:6.0f} ms (traced), {memory / 1e6:.1f} MB of packs")
    print(f"time per text     median {median * 1000:.3f} ms, p99 {p99 * 1000:.3f} ms")
    fine = result["exact_entry_accuracy"] >= 0.985 and result["false_recordings"] == 0
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
