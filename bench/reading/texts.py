"""How typed texts are read: the development corpus by the project's scorer, and the time.

    python -m bench.reading texts

`python -m bench.text.accuracy --show 20` names failures.
"""

from __future__ import annotations

import contextlib
import io

from bench.reading.table import print_table
from bench.text.accuracy import SHARED, scored, timed

CORPUS = SHARED / "data" / "text" / "dev.jsonl"


def main() -> None:
    with contextlib.redirect_stdout(io.StringIO()):
        result = scored(CORPUS, 0)
    spent = timed(CORPUS)
    figures = {
        "entries exact": result["exact_entry_accuracy"],
        "amounts exact": result["amount_accuracy"],
        "false recordings": result["false_recordings"],
        "recorded where a question was due": result["guessed_rate"],
        "outcome word of what is no entry": result["outcome_accuracy"],
        "milliseconds, median": spent[len(spent) // 2] * 1000,
        "milliseconds, p99": spent[int(len(spent) * 0.99)] * 1000,
    }
    print_table("texts", figures)
