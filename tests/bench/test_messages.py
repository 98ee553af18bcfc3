"""Drawn messages: the same lines from the same seed, and labels that can be right."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from bench.training.messages.__main__ import KINDS, draw_messages
from bench.training.messages.languages import languages, open_language

COUNT = 400


def test_all_nineteen_languages_have_words() -> None:
    wanted = "ar de en es fa fr he hi id it ja ko pl pt ru tr uk vi zh"
    assert languages() == wanted.split()


@pytest.mark.parametrize("code", languages())
def test_the_same_seed_draws_the_same_messages(code: str) -> None:
    language = open_language(code)
    first = list(draw_messages(language, COUNT, seed=5))
    assert first == list(draw_messages(language, COUNT, seed=5))
    assert first != list(draw_messages(language, COUNT, seed=6))


@pytest.mark.parametrize("code", languages())
def test_labels_hold_amounts_above_zero_and_days_of_the_past(code: str) -> None:
    for case in draw_messages(open_language(code), COUNT, seed=5):
        sent_on = datetime.fromisoformat(case["sent_at"]).date()
        assert case["text"].strip()
        assert "{" not in case["text"]
        for entry in case["expected"].get("entries", ()):
            assert Decimal(entry["amount"]) > 0, case
            assert date.fromisoformat(entry["date"]) <= sent_on, case


def test_every_kind_of_message_is_drawn_somewhere() -> None:
    seen = {
        tag.removeprefix("kind.")
        for code in ("en", "id")
        for case in draw_messages(open_language(code), 2000, seed=5)
        for tag in case["tags"]
    }
    assert set(KINDS) <= seen
