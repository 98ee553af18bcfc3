"""Verdicts of the project's scorer about messages as people type them, and a table of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from bench.text.accuracy import load_scorer
from bot.cli.read_texts import context_of, meaning_of
from ledger.text import parse_message

KINDS = ("exact", "wrong", "false", "missed", "asked")


def judge_all(cases: Sequence[Mapping[str, Any]]) -> Counter[str]:
    """Count the verdicts of `score_people.py`."""
    judge = load_scorer().judge
    return Counter(judge(case, answer(case))[0].split(":")[0] for case in cases)


def answer(case: Mapping[str, Any]) -> dict[str, Any]:
    return meaning_of(parse_message(case["text"], context_of(dict(case))))


def print_head(name: str) -> None:
    print(f"{name:<20}{'n':>6}" + "".join(f"{kind:>9}" for kind in KINDS))


def print_row(name: str, found: Counter[str]) -> None:
    count = sum(found.values())
    figures = "".join(f"{found[kind] / max(1, count):>9.3f}" for kind in KINDS)
    print(f"{name:<20}{count:>6}{figures}", flush=True)
