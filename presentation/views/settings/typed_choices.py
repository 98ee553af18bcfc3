"""Read the currency, the time zone or the language that words behind `/settings` choose."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from ledger.inquiries.lexicon import known_languages, language_of
from ledger.text.lines.characters import fold
from ledger.text.numbers.currencies import choose, find_code, find_national, find_sign, find_word
from presentation.localizer import Localizer
from presentation.markup import visible
from presentation.translations import spoken
from presentation.zones import find_zones

ChoicePage = Literal["currency", "timezone", "language"]
_TITLES: dict[ChoicePage, tuple[str, ...]] = {
    "currency": ("currency",),
    "timezone": ("time zone", "timezone"),
    "language": ("language",),
}
"""English names, which count in every chat, next to those of its own language."""


@dataclass(frozen=True, slots=True)
class TypedChoice:
    """A setting that words name, with the values that they may mean."""

    page: ChoicePage
    words: str
    """The words behind the name."""
    values: tuple[str, ...]


def read_choice(words: str, t: Localizer, *, now: datetime) -> TypedChoice | None:
    """Return what words choose: `language de`, `Währung CHF`; None where they name no such setting."""
    said = " ".join(words.split())
    for page, titles in _TITLES.items():
        own = visible(t(f"settings.button.{page}", value="")).partition("·")[0].strip()
        for title in (*titles, own.casefold()):
            if said.casefold().startswith(f"{title} "):
                typed = said[len(title) :].strip(" :=")
                return TypedChoice(page, typed, _find_values(page, typed, t, now))
    return None


def _find_values(page: ChoicePage, typed: str, t: Localizer, now: datetime) -> tuple[str, ...]:
    if page == "timezone":
        return find_zones(typed, now)
    found = _find_currency(typed, t) if page == "currency" else _find_language(typed, t)
    return (found,) if found else ()


def _find_currency(typed: str, t: Localizer) -> str:
    adjective, _, noun = fold(typed).rpartition(" ")
    word = find_code(noun) or find_sign(typed) or find_word(noun)
    if word is None or not word.codes:
        return ""
    if adjective:
        return find_national(word, adjective) or ""
    return choose(word, t.currency, language_of(t.settings.language), None)


def _find_language(typed: str, t: Localizer) -> str:
    """Return the tag of a language by its code, its own name, or its name in the chat's language."""
    tag, said = typed.replace("_", "-"), typed.casefold()
    codes = (*(code for code, _ in spoken()), *known_languages())
    if tag.partition("-")[0].lower() in codes and tag.replace("-", "").isalnum():
        return tag
    names = [(name, code) for code, name in spoken()]
    names += [(t.language_name(code, within), code) for code in codes for within in ("en", "")]
    return next((code for name, code in names if name.casefold() == said), "")
