"""The language packs: data that a reader of words can trust."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from importlib.resources.abc import Traversable

import pytest

from ledger.text.vocabulary import COMMAND_KEYS, ENTRY_KEYS, split_words

PACKS = sorted(
    (p for p in (files("ledger.text") / "packs").iterdir() if p.name.endswith(".toml")),
    key=lambda p: p.name,
)
FULL = ["en", "de", "es", "fr", "it", "pt", "ru", "uk", "pl", "tr", "zh", "ja", "hi", "ar"]
NEEDED = {
    "dates": ("today", "yesterday", "before_yesterday", "weekdays", "months", "last"),
    "numbers": ("thousand", "units", "naming"),
    "entries": ("and", "connecting", "income", "paid"),
    "speech": ("subject", "verb", "question", "code", "plan", "polite", "price", "states"),
    "periods": ("day", "week", "month", "year"),
    "corrections": ("amount", "note"),
    "budgets": ("week", "month", "off", "all"),
}


@pytest.mark.parametrize("path", PACKS, ids=lambda p: p.name)
def test_a_pack_has_only_known_sections_and_keys(path: Traversable) -> None:
    pack = tomllib.loads(path.read_text("utf-8"))
    pack.pop("language", None)
    pack.pop("spaceless", None)
    for section, keys in pack.items():
        known = COMMAND_KEYS.get(section, ENTRY_KEYS)
        assert section in {*NEEDED, "speech", "commands", "settings", "filters"}, section
        assert set(keys) <= set(known), (section, set(keys) - set(known))


@pytest.mark.parametrize("language", FULL)
def test_a_full_pack_lacks_nothing_that_the_grammar_needs(language: str) -> None:
    pack = tomllib.loads((files("ledger.text") / "packs" / f"{language}.toml").read_text("utf-8"))
    missing = [
        f"{section}.{key}"
        for section, keys in NEEDED.items()
        for key in keys
        if not pack[section].get(key)
    ]
    assert not missing
    assert len(pack["dates"]["weekdays"]) == 7
    assert len(pack["dates"]["months"]) == 12


@pytest.mark.parametrize("path", PACKS, ids=lambda p: p.name)
def test_no_list_of_a_pack_holds_a_word_twice(path: Traversable) -> None:
    pack = tomllib.loads(path.read_text("utf-8"))
    for section in pack.values():
        if isinstance(section, dict):
            for key, value in section.items():
                words = split_words(value) if isinstance(value, str) else []
                assert len(words) == len(set(words)), (
                    key,
                    [w for w in words if words.count(w) > 1],
                )
