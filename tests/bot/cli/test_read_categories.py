"""`kvitto read categories`: JSON lines in, JSON lines out."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from bot.cli.read_categories import main
from ports.categorising import SURE

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data" / "categories"


def read(lines: list[str], *arguments: str) -> list[dict[str, object]]:
    out = io.StringIO()
    assert main(list(arguments), io.StringIO("\n".join(lines)), out) == 0
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_each_line_is_answered_under_its_id() -> None:
    said = read(['{"id": "a", "text": "coffee"}', "", '{"id": 7, "text": "taxi", "lang": "en"}'])
    assert [(row["id"], row["category"]) for row in said] == [("a", "eating_out"), (7, "transport")]
    assert all(0 <= float(str(row["confidence"])) <= 1 for row in said)
    assert all(row["sure"] is (float(str(row["confidence"])) >= SURE) for row in said)


@pytest.mark.parametrize(
    "bad",
    [
        "nonsense",  # not JSON
        "[1, 2]",  # not an object
        '{"id": "x"}',  # nothing to read
        '{"id": "x", "text": 5}',  # a text that is none
        "[" * 50_000,  # nested beyond reason
        '{"text": "' + "x" * 200_000 + '"}',  # longer than anyone types
    ],
)
def test_a_bad_line_is_named_and_the_rest_goes_on(bad: str) -> None:
    first, second = read([bad, '{"id": "b", "text": "coffee"}'])
    assert "error" in first
    assert second["category"] == "eating_out"


def test_a_byte_order_mark_before_the_first_line_is_passed_over() -> None:
    (answer,) = read(['\ufeff{"id": "a", "text": "coffee"}'])
    assert answer["id"] == "a"


def test_a_ledger_is_predicted_then_learned() -> None:
    line = '{"id": "1", "text": "zorp 12", "category": "Zorps"}'
    first, second = read([line, line], "--ledger")
    assert first["category"] != "Zorps"
    assert second["category"] == "Zorps"


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.exists(), reason="the development data is not beside the project")
def test_one_households_own_categories_are_learned_online() -> None:
    rows = json.loads((SHARED / "ledger_household.json").read_text(encoding="utf-8"))["household"]
    rows = [r for r in rows if r.get("type", "Expense") == "Expense" and r.get("has_note", True)]
    rows = [r for r in rows if r.get("text")]
    lines = [json.dumps({"id": "", "text": r["text"], "category": r["user_top"]}) for r in rows]
    said = read(lines, "--ledger")
    right = [s["category"] == r["user_top"] for s, r in zip(said, rows, strict=True)]
    assert sum(right) / len(right) >= 0.83  # the "must"
