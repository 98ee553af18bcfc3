"""`kvitto read texts`: JSON lines in, JSON lines out."""

from __future__ import annotations

import io
import json
from typing import Any

from bot.cli.read_texts import read_texts

CASE: dict[str, Any] = {
    "id": "a",
    "text": "coffee 4.50 #work, tea 3",
    "chat": "private",
    "sent_at": "2026-03-12T11:00:00+00:00",
    "timezone": "Europe/Dublin",
    "default_currency": "EUR",
    "language": "en",
}


def answers(*lines: str) -> list[dict[str, Any]]:
    out = io.StringIO()
    assert read_texts(io.StringIO("\n".join(lines)), out) == 0
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_a_byte_order_mark_before_the_first_line_is_passed_over() -> None:
    (answer,) = answers("\ufeff" + json.dumps(CASE))
    assert answer["id"] == "a"


def test_entries_are_written_with_what_was_given() -> None:
    (answer,) = answers(json.dumps(CASE))
    assert answer == {
        "id": "a",
        "entries": [
            {
                "type": "expense",
                "amount": "4.50",
                "currency": "EUR",
                "note": "coffee",
                "date": "2026-03-12",
                "tags": ["work"],
            },
            {
                "type": "expense",
                "amount": "3.00",
                "currency": "EUR",
                "note": "tea",
                "date": "2026-03-12",
            },
        ],
    }


def test_an_outcome_without_entries_says_why() -> None:
    texts = ["coffee", "see you at 7", "coffee $12 €10"]
    chats = ["private", "group", "private"]
    lines = [
        json.dumps(CASE | {"text": text, "chat": chat})
        for text, chat in zip(texts, chats, strict=True)
    ]
    assert [(a["outcome"], a["why"]) for a in answers(*lines)] == [
        ("refused", "no_amount"),
        ("ignored", "time"),
        ("ask", "one_or_several"),
    ]


def test_a_bad_line_gives_an_error_and_the_next_is_read() -> None:
    bad = [
        "{",
        "[1]",
        json.dumps({"id": "b", "text": "coffee 4"}),
        json.dumps(CASE | {"id": "c", "timezone": "Mars/Olympus"}),
        json.dumps(CASE | {"id": "d", "sent_at": "2026-03-12T11:00:00"}),
        json.dumps(CASE | {"id": "e", "text": 5}),
    ]
    found = answers(*bad, "", json.dumps(CASE))
    assert [answer["id"] for answer in found] == [None, None, "b", "c", "d", "e", "a"]
    assert all("error" in answer for answer in found[:-1])
    assert found[-1]["entries"]
