"""The development corpus of typed messages, where it lies beside the project."""

from __future__ import annotations

import importlib.util
import io
import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from bot.cli.read_texts import read_texts
from ledger.text import TextContext, parse_message

Chat = Callable[..., TextContext]

SHARED = Path(__file__).resolve().parents[4] / "shared"
CORPUS = SHARED / "data" / "text" / "dev.jsonl"
NASTY = SHARED / "data" / "nasty" / "text.jsonl"

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not CORPUS.exists(), reason="../shared is not here"),
]


def scorer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("score_text", SHARED / "tools" / "score_text.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def read_corpus() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    lines = CORPUS.read_text("utf-8")
    out = io.StringIO()
    assert read_texts(io.StringIO(lines), out) == 0
    return [json.loads(line) for line in lines.splitlines()], [
        json.loads(line) for line in out.getvalue().splitlines()
    ]


def test_the_corpus_is_read_as_well_as_promised(capsys: pytest.CaptureFixture[str]) -> None:
    result = scorer().score(*read_corpus())
    capsys.readouterr()
    assert result["exact_entry_accuracy"] >= 0.97
    assert result["amount_accuracy"] >= 0.995
    assert result["false_recordings"] == 0
    assert result["guessed_rate"] == 0


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
