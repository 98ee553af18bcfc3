"""How typed texts are read: both development sets by the project's scorers, and the time.

    python -m bench.reading texts

`python -m bench.text.accuracy --show 20` names failures, `python -m bench.text.evidence` prints the
folds that leave a language out and the figures without each feature. A part of the lines trains the
weights, so these figures flatter; the folds are the honest ones.
"""

from __future__ import annotations

import contextlib
import io
import json

from bench.reading.table import print_table
from bench.text.accuracy import SHARED, scored, timed
from bench.text.verdicts import judge_all

PEOPLE = SHARED / "data" / "text" / "people.jsonl"
CORPUS = SHARED / "data" / "text" / "dev.jsonl"


def main() -> None:
    with contextlib.redirect_stdout(io.StringIO()):
        result = scored(CORPUS, 0)
    spent = timed(CORPUS)
    people = judge_all([json.loads(line) for line in PEOPLE.read_text("utf-8").splitlines()])
    count = sum(people.values())
    figures = {
        "people, exact": people["exact"] / count,
        "people, booked silently wrong": people["wrong"] / count,
        "people, false recordings": people["false"] / count,
        "people, missed and asked": (people["missed"] + people["asked"]) / count,
        "entries exact": result["exact_entry_accuracy"],
        "amounts exact": result["amount_accuracy"],
        "false recordings": result["false_recordings"],
        "recorded where a question was due": result["guessed_rate"],
        "outcome word of what is no entry": result["outcome_accuracy"],
        "milliseconds, median": spent[len(spent) // 2] * 1000,
        "milliseconds, p99": spent[int(len(spent) * 0.99)] * 1000,
    }
    print_table("texts", figures)
