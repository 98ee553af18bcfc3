"""Look up the cues of a language: words that show an operation, a grouping, a time, or nothing.

A language has a pack here (`packs/*.toml`), whose every key is a role with words and phrases parted by
commas. A `*` at the end of a word stands for any ending. Months, numbers, units and words without a
meaning of their own come from the pack of the entry grammar (`ledger.text.packs`).

Keys whose name does not say it all:

    what_on       on what, where to: what most is spent on
    big, small    largest, most expensive; smallest, cheapest, next to a noun
    most, least, often   more than on anything else: the first of a ranking
    versus        between two things to compare
    more, rise    more or less than something else; what grew or fell over time
    same          the same month, in front of a year: the month of that year
    past          so many days up to today, in front of a number
    this_, last_, next_ and a unit   words that name a period by themselves
    of_period     in front of a unit that means the running one: of the year
    per_ and a unit   daily, weekly, monthly
    due           what is going to be booked: due, upcoming
    already       already, yet: whether something was paid, which its last time answers
    usual         than usual: behind `more`, what is compared with is the average
    journey       trip, holiday: travel, where nothing else says what a question is about
    except        without, apart from: something that a sum leaves out; most of its words stand in the
                  entry grammar's pack, where `/list` reads them too
    advice, private, write   questions that are declined: investing, somebody's own ledger, changes
    months        names of months that the entry grammar does not know in this language
    accents       true where an accent makes another word
    compounds, links         nouns at the end of longer ones, and the letters between the two
    prefixes, suffixes       letters that a language joins to a word and a search leaves out
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

from ledger.inquiries.characters import key_of, pieces
from ledger.text.lines.characters import fold
from ledger.text.vocabulary import split_words

SCOPES = "scopes"
"""The section of a pack with the names of categories and groups."""
LANGUAGES_OF = {
    "no": "nb",
    "nn": "nb",
    "da": "nb",
    "ms": "id",
    "be": "ru",
    "kk": "ru",
    "ky": "ru",
} | {
    "iw": "he",
    "in": "id",
    "ca": "es",
    "sk": "cs",
    "gl": "pt",
    "ur": "hi",
}
"""Languages that are read by the pack of a near one."""
_UNITS = ("day", "week", "fortnight", "month", "quarter", "year", "trip")
_FILLERS = ("article", "auxiliary", "polite", "states")
_CONNECTING = ("connecting", "with", "of", "with_after")
PREPOSITION = "preposition"
"""The value of a word that says nothing itself and leads what something is about."""
SUBJECT = "subject"
"""The value of a pronoun that says nothing itself and stands for who does something."""
SEASONS = ("spring", "summer", "autumn", "winter")


class Cue(NamedTuple):
    """One meaning of some words."""

    role: str
    value: str | int = 0


@dataclass(slots=True)
class Lexicon:
    """The cues of one language."""

    language: str
    phrases: dict[str, list[tuple[tuple[str, ...], tuple[Cue, ...]]]] = field(default_factory=dict)
    """First key -> the keys behind it and the cues, the longest first."""
    stems: frozenset[str] = frozenset()
    """Beginnings of words, without their `*`."""
    starts: dict[str, int] = field(default_factory=dict)
    """First character of words in scripts without spaces -> the length of the longest."""
    spaceless: frozenset[str] = frozenset()
    typed_wrong: tuple[str, ...] = ()
    """Single words that are found with one wrong letter."""
    prefixes: tuple[str, ...] = ()
    suffixes: tuple[str, ...] = ()
    is_accented: bool = False
    """An accent makes another word, so one that is typed must be right."""
    compounds: tuple[str, ...] = ()
    """Nouns that stand at the end of a longer one: `food budget` in one word."""
    links: tuple[str, ...] = ()
    """Letters that join the two."""


@lru_cache(maxsize=32)
def lexicon_of(language: str) -> Lexicon | None:
    """Return the cues of a language (no region), None for one without a pack."""
    pack = _load("ledger.inquiries", language)
    if pack is None:
        return None
    words = _load("ledger.text", language) or {}
    found: dict[tuple[str, ...], list[Cue]] = {}
    for cue, phrase in (*_own(pack), *_shared(words)):
        for keys in _spellings(phrase, cue, accented=bool(pack.get("accents"))):
            if keys and cue not in found.setdefault(keys, []):
                found[keys].append(cue)
    return _build(found, pack)


def _spellings(phrase: str, cue: Cue, *, accented: bool) -> Iterator[tuple[str, ...]]:
    """Give the keys of a phrase; where accents make other words, with them and without."""
    if accented:
        yield tuple(fold(phrase).split())
    # Short words without a meaning would be too many others without their accents.
    if not (accented and cue.role == "filler" and not phrase.isascii()):
        yield pieces(phrase)


@lru_cache(maxsize=1)
def known_languages() -> tuple[str, ...]:
    """List the languages that have a pack."""
    folder = files("ledger.inquiries") / "packs"
    names = (path.name.partition(".") for path in folder.iterdir())
    return tuple(sorted(name for name, _, kind in names if kind == "toml"))


def language_of(tag: str) -> str:
    """Return the language whose pack reads a BCP 47 tag."""
    language = tag.replace("_", "-").partition("-")[0].lower()
    return LANGUAGES_OF.get(language, language)


def _load(package: str, language: str) -> dict[str, Any] | None:
    path = files(package) / "packs" / f"{language}.toml"
    return tomllib.loads(path.read_text("utf-8")) if path.is_file() else None


def _own(pack: Mapping[str, Any]) -> Iterator[tuple[Cue, str]]:
    for role, value in pack.items():
        if role == SCOPES:
            for scope, names in value.items():
                yield from ((Cue("scope", scope), name) for name in split_words(names))
        elif role == "months":
            for number, names in enumerate(value, 1):
                yield from ((Cue("month", number), name) for name in split_words(names))
        elif role == "numbers":
            yield from ((Cue("number", number), name) for name, number in value.items())
        elif role not in _NOT_CUES:
            yield from ((_cue(role), phrase) for phrase in split_words(value))


_NOT_CUES = ("accents", "language", "prefixes", "suffixes", "compounds", "links")


def _cue(role: str) -> Cue:
    if role in _UNITS:
        return Cue("unit", role)
    if role.startswith(("this_", "last_", "next_")) and role != "last_time":
        return Cue("named", role)
    return Cue("season", role) if role in SEASONS else Cue(role)


def _shared(pack: Mapping[str, Any]) -> Iterator[tuple[Cue, str]]:
    """Give what the entry grammar knows of the language already."""
    dates, numbers = pack.get("dates", {}), pack.get("numbers", {})
    for number, names in enumerate(dates.get("months", ()), 1):
        yield from ((Cue("month", number), name) for name in split_words(names))
    for name, number in numbers.get("small", {}).items():
        yield Cue("number", number), name
    yield from _periods(pack.get("periods", {}), dates)
    speech, entries = pack.get("speech", {}), pack.get("entries", {})
    for key in _FILLERS:
        yield from ((Cue("filler"), word) for word in split_words(speech.get(key, "")))
    yield from ((Cue("filler", SUBJECT), word) for word in split_words(speech.get("subject", "")))
    for section in (dates, entries):
        for key in _CONNECTING:
            words = split_words(section.get(key, ""))
            yield from ((Cue("filler", PREPOSITION), word) for word in words)
    for key, role in _OF_FILTERS.items():
        words = split_words(pack.get("filters", {}).get(key, ""))
        yield from ((Cue(role), word) for word in words)


_OF_FILTERS = {
    "over": "over", "under": "under", "least": "over", "most": "under",
    "without": "except", "without_after": "except_after",
}  # fmt: skip
"""Keys of the entry grammar's filters -> the cues that their words are in a question."""


def _periods(periods: Mapping[str, str], dates: Mapping[str, str]) -> Iterator[tuple[Cue, str]]:
    for unit in _UNITS:
        yield from ((Cue("unit", unit), word) for word in split_words(periods.get(unit, "")))
    for key, unit in (("days", "day"), ("weeks", "week")):
        yield from ((Cue("unit", unit), word) for word in split_words(dates.get(key, "")))
    # `this` is left out: in the entry grammar's packs it holds articles too.
    for key in ("last", "next"):
        for section in (periods, dates):
            yield from ((Cue(key), word) for word in split_words(section.get(key, "")))
    for key in ("ago_before", "ago_after"):
        yield from ((Cue("ago"), word) for word in split_words(dates.get(key, "")))


# A near word is more often another word than a slip, and some of these decline a question.
_NEVER_MISSPELT = frozenset(
    {"filler", "over", "under", "from", "to", "and", "write", "advice", "except", "except_after"}
)


def _build(found: dict[tuple[str, ...], list[Cue]], pack: Mapping[str, Any]) -> Lexicon:
    lexicon = Lexicon(
        pack["language"],
        is_accented=bool(pack.get("accents")),
        prefixes=tuple(split_words(pack.get("prefixes", ""))),
        compounds=tuple(map(key_of, split_words(pack.get("compounds", "")))),
        links=tuple(split_words(pack.get("links", ""))),
        suffixes=tuple(sorted(map(key_of, split_words(pack.get("suffixes", ""))), key=len)[::-1]),
    )
    stems, spaceless, typed_wrong = set(), set(), []
    for keys, cues in found.items():
        if Cue("price") in cues:
            # `how much is` asks how much, too.
            cues += [one for one in found.get(keys[:-1], ()) if one.role in ("how_much", "what")]
        lexicon.phrases.setdefault(keys[0], []).append((keys[1:], tuple(cues)))
        stems |= {key[:-1] for key in keys if key.endswith("*")}
        # Thai is the first script, in the order of Unicode, that has no spaces between words.
        spaceless |= {key for key in keys if key[0] >= "\u0e00"}
        if len(keys) == 1 and not all(cue.role in _NEVER_MISSPELT for cue in cues):
            typed_wrong.append(keys[0])
    for listed in lexicon.phrases.values():
        listed.sort(key=lambda phrase: -len(phrase[0]))
    for key in spaceless:
        lexicon.starts[key[0]] = max(len(key), lexicon.starts.get(key[0], 0))
    lexicon.stems, lexicon.spaceless = frozenset(stems), frozenset(spaceless)
    lexicon.typed_wrong = tuple(typed_wrong)
    return lexicon
