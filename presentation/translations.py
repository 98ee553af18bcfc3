"""Read the catalogues of all texts, one gettext file a language.

Ids are keys (`captured.more`), never English sentences; English is a catalogue like the others and
replaces texts that another language lacks. Plural forms live in the catalogue. Files are read when
a language is first used and kept as plain dictionaries, so importing this costs nothing.
"""

from __future__ import annotations

import gettext
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

LOCALES = Path(__file__).with_name("locales")
FALLBACK = "en"
NAME = "language.name"
"""The id by which a catalogue names its language; one that has it is complete and offered."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The texts of one language: id -> its plural forms (one for a text without number)."""

    language: str
    texts: dict[str, tuple[str, ...]]
    form_of: Callable[[int], int]


def path_of(language: str) -> Path:
    """Return the path of a language's catalogue."""
    return LOCALES / language / "LC_MESSAGES" / "kvitto.po"


@cache
def known() -> tuple[str, ...]:
    """List the languages that have a catalogue, complete or not."""
    return tuple(sorted(path.parts[-3] for path in LOCALES.glob("*/LC_MESSAGES/kvitto.po")))


@cache
def spoken() -> tuple[tuple[str, str], ...]:
    """List the languages whose catalogue is complete, with their own names, for choosing."""
    named = [(language, load(language).texts.get(NAME)) for language in known()]
    return tuple((language, name[0]) for language, name in named if name)


@cache
def load(language: str) -> Catalogue:
    """Read a catalogue; untranslated and fuzzy entries are left out."""
    from babel.messages.pofile import read_po  # noqa: PLC0415 -- 20 ms that a start need not pay

    with path_of(language).open("rb") as file:
        source = read_po(file)
    texts: dict[str, tuple[str, ...]] = {}
    for message in source:
        if not message.id or message.fuzzy:
            continue
        key = message.id if isinstance(message.id, str) else message.id[0]
        said = message.string or ""
        forms = (said,) if isinstance(said, str) else tuple(said)
        if all(forms):
            texts[key] = forms
    return Catalogue(language, texts, gettext.c2py(source.plural_expr))


@dataclass(frozen=True, slots=True)
class Translations:
    """The texts of one language, English where it has none."""

    own: Catalogue
    english: Catalogue

    def find(self, message_id: str, number: int | None = None) -> str | None:
        """Return a text with its placeholders, in the form for a number, or None."""
        for catalogue in (self.own, self.english):
            forms = catalogue.texts.get(message_id)
            if forms:
                if number is None or len(forms) == 1:
                    return forms[0]
                return forms[catalogue.form_of(abs(number))]
        return None

    def get(self, message_id: str, number: int | None = None) -> str:
        """Return a text with its placeholders. Raises `KeyError` for an unknown id."""
        text = self.find(message_id, number)
        if text is None:
            raise KeyError(message_id)
        return text


@cache
def translations_for(language: str) -> Translations:
    """Return the texts for a BCP 47 tag: its own catalogue where that is complete, else English.

    A catalogue that is not complete yet is not shown at all, so that no sentence mixes languages.
    """
    name = _find_catalogue(language)
    if name is not None and NAME in load(name).texts:
        return Translations(load(name), load(FALLBACK))
    return Translations(load(FALLBACK), load(FALLBACK))


@cache
def find_text(language: str, message_id: str) -> str | None:
    """Return a text of a language's catalogue, complete or not; None where it has none.

    For names that people type in their language before the interface is translated.
    """
    name = _find_catalogue(language)
    forms = load(name).texts.get(message_id) if name else None
    return forms[0] if forms else None


def _find_catalogue(language: str) -> str | None:
    tag = language.replace("-", "_")
    names = (tag, tag.split("_", maxsplit=1)[0].lower())
    return next((name for name in names if name in known()), None)
