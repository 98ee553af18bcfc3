"""The local categoriser on what people of nineteen languages note on ordinary days."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from ai.categories.local import LocalCategoriser

NOTES: dict[str, dict[str, str]] = tomllib.loads(
    (Path(__file__).parent / "everyday.toml").read_text("utf-8")
)
RIGHT_MIN = 0.95
CATEGORISER = LocalCategoriser()


@pytest.mark.parametrize("language", sorted(NOTES))
def test_everyday_notes_of_a_language_are_filed_rightly(language: str) -> None:
    wrong = [
        (note, best.category, wanted)
        for note, wanted in NOTES[language].items()
        if (best := CATEGORISER.guess(note, language=language).best).category
        not in wanted.split("|")
    ]
    assert len(wrong) <= (1 - RIGHT_MIN) * len(NOTES[language]), wrong


@pytest.mark.parametrize("language", sorted(NOTES))
def test_no_everyday_note_is_filed_wrongly_without_a_question(language: str) -> None:
    sure_and_wrong = [
        (note, guesses.best.category)
        for note, wanted in NOTES[language].items()
        if (guesses := CATEGORISER.guess(note, language=language)).sure
        and guesses.best.category not in wanted.split("|")
    ]
    assert sure_and_wrong == []
