"""The verb that tells the bot to record, next to the noun that is written alike."""

from __future__ import annotations

import pytest

from ledger.text import parse_message
from tests.ledger.text.conftest import context


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("add 12 lunch", "lunch"),
        ("book 12 lunch #work", "lunch"),
        ("book 12", "book"),
        ("book 12 #work", "book"),
        ("book 12 #school @Bo", "book"),
    ],
)
def test_the_verb_stays_in_the_note_where_no_other_word_is(text: str, note: str) -> None:
    (entry,) = parse_message(text, context()).entries
    assert entry.note == note
