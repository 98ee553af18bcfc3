"""The development corpus of typed messages, where it lies beside the project."""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bench.text.accuracy import load_scorer
from bot.cli.read_texts import read_texts
from ledger.text import TextContext, parse_message

Chat = Callable[..., TextContext]

SHARED = Path(__file__).resolve().parents[4] / "shared"
PEOPLE = SHARED / "data" / "text" / "people.jsonl"
CORPUS = SHARED / "data" / "text" / "dev.jsonl"
NASTY = SHARED / "data" / "nasty" / "text.jsonl"

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not CORPUS.exists(), reason="../shared is not here"),
]


def read_corpus() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    lines = CORPUS.read_text("utf-8")
    out = io.StringIO()
    assert read_texts(io.StringIO(lines), out) == 0
    return [json.loads(line) for line in lines.splitlines()], [
        json.loads(line) for line in out.getvalue().splitlines()
    ]


def test_the_corpus_is_read_as_well_as_promised(capsys: pytest.CaptureFixture[str]) -> None:
    result = load_scorer("score_text").score(*read_corpus())
    capsys.readouterr()
    assert result["exact_entry_accuracy"] >= 0.985
    assert result["false_recordings"] == 0


def test_texts_as_people_type_them_are_read_as_well_as_promised() -> None:
    lines = PEOPLE.read_text("utf-8")
    out = io.StringIO()
    read_texts(io.StringIO(lines), out)
    cases, answers = (
        map(json.loads, lines.splitlines()),
        map(json.loads, out.getvalue().splitlines()),
    )
    judge = load_scorer().judge
    found = Counter(judge(c, a)[0].split(":")[0] for c, a in zip(cases, answers, strict=True))
    count = sum(found.values())
    assert found["exact"] / count >= 0.975
    assert found["wrong"] / count <= 0.008
    assert found["false"] / count <= 0.002


def nasty() -> list[dict[str, Any]]:
    if not NASTY.exists():
        return []
    return [json.loads(line) for line in NASTY.read_text("utf-8").splitlines()]


@pytest.mark.parametrize("case", nasty(), ids=lambda case: case["id"])
def test_a_hostile_text_writes_what_it_may(chat: Chat, case: dict[str, Any]) -> None:
    own = case["currency"] if case["currency"] in ("INR", "THB") else "EUR"
    context: TextContext = chat(currency=own)
    entries = parse_message(case["text"], context).entries
    if case["expect"] == "expense":
        assert [(str(e.amount), e.currency) for e in entries] == [
            (case["amount"], case["currency"])
        ]
    if case["expect"] in ("reject", "ask"):
        assert not entries
