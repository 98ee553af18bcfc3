"""Look up the meanings of words in each language, read from `packs/*.toml`.

All packs are active in every chat. Where a word is known to the chat's own language, its meanings
there win; else the meanings of every other language count. Keys of a pack become roles as listed in
`_ROLES`; a key's value is a list of words and phrases parted by commas.

Keys whose name does not say it all:

    dates     day_part          evening, morning: goes with the day word in front of it
              vague             last week, next month: no day; the words stay in the note
              every             every, each: a day that comes again is not a date of an entry
              due               due on: the day behind it lies ahead, so that nothing was paid on it
              day_number(_after) words by which a number is a day of the month: am 3., 3号
    numbers   worth             words that are an amount of their own: fiver = 5
              half              and a half, behind a multiplier: 2 triệu rưỡi
              half_of           half of: what follows may be halved already or not
              instalment        instalment, rate: 1/3 behind it is not a date
              cents             and, with, between units and hundredths: 3 e 50
              tip, discount     10% of what is in front is added or taken away
              gratuity          a tip, which is paid on top of the price, unlike a tax
              included          included: a percentage that the price holds already
              between           between, in front of two figures and the word for `and`
              range             to, between two figures: 30 to 40
              split             what follows or precedes divides the amount: split by 4
              route             bus, tram: a number behind it is money only where a person pays
              clocked           alarm, meeting: a small number behind it is an hour
              ranking           top: a number between it and a word counts a list
              measure           fever, weight, steps: a number next to it measures
              rate              bitcoin, exchange rate: a number next to it is a price told
    entries   total             total, итого: sums up the lines above
              balance           balance, change, instead of: a figure next to an entry
              account           available balance: a figure behind it is what a bank still holds
              came_in           sold, gave me, transfer from: money may have come in
              bought            bought: a small number between it and a noun counts things
              sold              sold, of one's own: the money that is named came in
              gave_out          lent, gave to: money went out though came_in says otherwise
              payday            names a day or an occasion, and no income: payday drinks
              adding            add, record: begins what a person wants booked
              debt, negation    I owe, did not pay: nothing was paid
    speech    hedge             ok, maybe, about: a figure that is only considered
    corrections lead            no, sorry, actually: begins a correction typed as a message
              aside             it is, bro, please: says nothing next to a figure that is corrected
              change            change to, make it: followed by the new value
              instead           between new and old value: 28 instead of 30
              not, but          before the old, before the new value: not 30 but 28
              not_after         behind the old value: 30じゃなくて28, 30 yerine 28
              payer_after       behind the name of who paid: Mia ödedi
    commands  delete_last       delete that, without naming an entry
              limit, set        the nouns and verbs of setting a budget within a sentence
              how_much, spent   the question about a period's sum: both together
    filters   over, under       in front of an amount: more, less than it
              least, most       the same with the amount itself
              without(_after)   in front of (behind) what is left out; questions know them as well
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, NamedTuple, Protocol

from ledger.text.lines.characters import SPACELESS, fold, keyboard_spellings, without_accents
from ledger.text.numbers.currencies import currency_words

# Pack key -> role and value. Values: days from today, multipliers; 0 where none is needed.
_ROLES: dict[str, tuple[str, int]] = {
    "today": ("day", 0),
    "yesterday": ("day", -1),
    "before_yesterday": ("day", -2),
    "before_before_yesterday": ("day", -3),
    "tomorrow": ("day", 1),
    "after_tomorrow": ("day", 2),
    "days": ("span", 1),
    "weeks": ("span", 7),
    "hundred": ("times", 100),
    "thousand": ("times", 1_000),
    "ten_thousand": ("times", 10_000),
    "lakh": ("times", 100_000),
    "million": ("times", 1_000_000),
    "crore": ("times", 10_000_000),
    "hundred_million": ("times", 100_000_000),
    "billion": ("times", 1_000_000_000),
}
_SAME = """
clocked ranking balance day_part vague every due instalment half_of bought day_number day_number_after half cents tip gratuity included between range discount split total account route measure came_in gave_out sold payday adding zone debt negation hedge rate
last this next elided single year_after with with_after of ago_before ago_after ordinals year_before year_sign month_sign day_sign
letter_million more units time_before time_sure time_after soon_before percent price_word each counts naming
naming_after naming_small version street_before street_after and and_prefix or connecting keep_connecting income paid subject
states auxiliary verb question question_first code plan polite greeting thanks receiving price article plain not_currency
"""
_ROLES |= {key: (key, 0) for key in _SAME.split()}
_LISTS = {
    "weekdays": "weekday",
    "weekdays_short": "weekday_short",
    "weekdays_last_week": "last_week",
}
ENTRY_KEYS = frozenset({*_ROLES, *_LISTS, "months", "small", "worth"}) | {
    "ending",
    "street_suffix",
    "income_suffix",
}
"""Every key that a pack may have in its sections for dates, numbers, entries and speech."""
COMMAND_KEYS: dict[str, frozenset[str]] = {
    "periods": frozenset(
        [
            "day",
            "week",
            "fortnight",
            "month",
            "quarter",
            "year",
            "trip",
            "this",
            "last",
            "from",
            "to",
        ]
    ),
    "settings": frozenset(
        [
            "week_start",
            "month_start",
            "fortnight_start",
            "quarter_start",
            "year_start",
            "trip",
            "on",
            "alerts",
            "weekly",
            "monthly",
            "nudge",
            "quiet",
            "pause",
            "today",
            "for_a_week",
            "card",
            "last_day",
            "last_workday",
            "workday",
            "off",
        ]
    ),
    "corrections": frozenset(
        [
            "amount",
            "date",
            "merchant",
            "category",
            "note",
            "currency",
            "tag",
            "payer",
            "tip",
            "lead",
            "aside",
            "change",
            "delete",
            "instead",
            "not",
            "not_after",
            "but",
            "payer_after",
        ]
    ),
    "commands": frozenset(
        [
            "undo",
            "delete",
            "delete_last",
            "summary",
            "list",
            "help",
            "budget",
            "limit",
            "set",
            "how_much",
            "spent",
            "categories",
            "settings",
            "export",
        ]
    ),
    "budgets": frozenset(
        [
            "day",
            "week",
            "fortnight",
            "month",
            "quarter",
            "year",
            "off",
            "all",
            "carry_none",
            "carry_surplus",
            "carry_overspend",
            "carry_both",
        ]
    ),
    "filters": frozenset(("over", "under", "least", "most", "without", "without_after")),
}
"""Every key of the sections for what follows a command or answers a confirmation."""

FIXING = frozenset(
    (
        "lead",
        "aside",
        "change",
        "delete",
        "instead",
        "not",
        "not_after",
        "but",
        "tip",
        "payer",
        "payer_after",
    )
)
"""Keys of a pack's corrections whose words are also roles, named `fix_` and the key."""

SHORT_WORD = 4
"""Letters up to which a word of a language that is not spoken in a chat may be anything."""
_PIECES = re.compile(rf"\d+|[{SPACELESS}]+|(?:[^\W\d_]|[\u0300-\u036f\u0590-\u0ddf'])+|[^\w\s]")
_SPACELESS_CHAR = re.compile(f"[{SPACELESS}]")


_Value = str | list[str] | dict[str, int]
"""The values that a key of a pack may hold."""


class Word(Protocol):
    """A token as the vocabulary sees it."""

    @property
    def key(self) -> str:
        """Return the folded word."""


class Meaning(NamedTuple):
    """One meaning of the words that start at a token."""

    role: str
    value: int
    length: int
    """The number of tokens it covers."""
    language: str
    """The pack that knows it; empty for what is common to all."""


class _Phrase(NamedTuple):
    rest: tuple[str, ...]
    meaning: Meaning


@dataclass(slots=True)
class _Tables:
    """Everything that the packs hold, merged."""

    words: dict[str, tuple[Meaning, ...]] = field(default_factory=dict)
    phrases: dict[str, list[_Phrase]] = field(default_factory=dict)
    endings: dict[str, tuple[str, ...]] = field(default_factory=dict)
    street_suffixes: tuple[str, ...] = ()
    income_suffixes: tuple[str, ...] = ()
    spaceless: dict[str, int] = field(default_factory=dict)
    """First character of a known word of a script without spaces -> length of the longest."""
    commands: dict[str, dict[str, dict[str, tuple[str, ...]]]] = field(default_factory=dict)
    """Section -> language -> key -> words, for periods, corrections and budgets."""


def split_words(text: str) -> list[str]:
    """Split a list of a pack at its commas."""
    return [" ".join(part.split()) for part in text.split(",") if part.strip()]


def pieces(phrase: str) -> list[str]:
    """Cut a phrase of a pack into the keys that its tokens will have."""
    return _PIECES.findall(fold(phrase))


@lru_cache(maxsize=1)
def _tables() -> _Tables:
    tables = _Tables()
    for path in sorted((files("ledger.text") / "packs").iterdir(), key=lambda p: p.name):
        if path.name.endswith(".toml"):
            _read_pack(tables, tomllib.loads(path.read_text("utf-8")))
    for listed in tables.phrases.values():
        listed.sort(key=lambda phrase: -len(phrase.rest))
    for word in currency_words():
        _know(tables, word)
    _add_unaccented(tables)
    return tables


def _read_pack(tables: _Tables, pack: dict[str, Any]) -> None:
    language = pack.pop("language", "")
    pack_corrections = dict(pack.get("corrections", {}))
    for section in COMMAND_KEYS:
        listed = {key: split_words(value) for key, value in pack.pop(section, {}).items()}
        words = {key: _spellings(phrases) for key, phrases in listed.items()}
        tables.commands.setdefault(section, {})[language] = words
    for key, value in pack_corrections.items():
        for phrase in split_words(value) if key in FIXING else ():
            _add(tables, phrase, Meaning(f"fix_{key}", 0, 1, language))
    for section in ("dates", "numbers", "entries", "speech"):
        for key, value in pack.get(section, {}).items():
            for role, number, phrase in _entries_of(key, value):
                _add(tables, phrase, Meaning(role, number, 1, language))
    speech, entries = pack.get("speech", {}), pack.get("entries", {})
    numbers = pack.get("numbers", {})
    tables.endings[language] = tuple(map(fold, split_words(speech.get("ending", ""))))
    tables.street_suffixes += tuple(map(fold, split_words(numbers.get("street_suffix", ""))))
    tables.income_suffixes += tuple(map(fold, split_words(entries.get("income_suffix", ""))))


def _spellings(phrases: Iterable[str]) -> tuple[str, ...]:
    """Return folded phrases, those of five letters and more also as a plain keyboard types them."""
    found = [*map(fold, phrases)]
    longer = (phrase for phrase in found if len(phrase) > SHORT_WORD and not phrase.isascii())
    return tuple(
        dict.fromkeys([*found, *(typed for p in longer for typed in keyboard_spellings(p))])
    )


def _entries_of(key: str, value: _Value) -> Iterator[tuple[str, int, str]]:
    """Give role, value and phrase of everything that a key of a pack holds."""
    if isinstance(value, dict):
        yield from ((key, number, name) for name, number in value.items())
    elif isinstance(value, list):
        role, first = ("month", 1) if key == "months" else (_LISTS[key], 0)
        for number, names in enumerate(value, first):
            yield from ((role, number, name) for name in split_words(names))
    elif key in _ROLES:
        role, number = _ROLES[key]
        yield from ((role, number, phrase) for phrase in split_words(value))


def _add(tables: _Tables, phrase: str, meaning: Meaning) -> None:
    keys = pieces(phrase)
    if len(keys) > 1:
        whole = _share_one(meaning._replace(length=len(keys)))
        tables.phrases.setdefault(keys[0], []).append(_Phrase(tuple(keys[1:]), whole))
        for key in keys:
            _know(tables, key)
    elif keys:
        known = (*tables.words.get(keys[0], ()), meaning)
        tables.words[keys[0]] = _share(known)
        _know(tables, keys[0])


@cache
def _share(meanings: tuple[Meaning, ...]) -> tuple[Meaning, ...]:
    """Return the one object of these meanings, which many words have in common (2 MB)."""
    return tuple(map(_share_one, meanings))


@cache
def _share_one(meaning: Meaning) -> Meaning:
    return meaning


def _know(tables: _Tables, key: str) -> None:
    """Let the tokenizer cut this word out of a run without spaces."""
    if _SPACELESS_CHAR.match(key):
        tables.words.setdefault(key, ())
        tables.spaceless[key[0]] = max(len(key), tables.spaceless.get(key[0], 0))


def _add_unaccented(tables: _Tables) -> None:
    """Let words of four letters and more be typed without their accents, or with digraphs."""
    for key in [k for k in tables.words if len(k) > 3 and not k.isascii()]:
        for typed in keyboard_spellings(key):
            tables.words.setdefault(typed, tables.words[key])
    for key in [k for k in tables.phrases if not k.isascii()]:
        if (bare := without_accents(key)) != key:
            phrases = [
                _Phrase(tuple(map(without_accents, p.rest)), p.meaning) for p in tables.phrases[key]
            ]
            tables.phrases.setdefault(bare, []).extend(phrases)


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """The words of all packs as they count in a chat of one language."""

    language: str
    tables: _Tables

    def meanings(self, tokens: Sequence[Word], at: int) -> tuple[Meaning, ...]:
        """List what the words from this token on may mean, phrases before single words."""
        key = tokens[at].key
        found = self._word(key)
        phrases = self.tables.phrases.get(key)
        if not phrases:
            return found
        whole = [p.meaning for p in phrases if _follows(tokens, at, p.rest)]
        if not whole:
            return found
        longest = [m for m in whole if m.length == whole[0].length]
        return (*(self._own(longest)), *(m for m in whole if m.length < whole[0].length), *found)

    def _word(self, key: str) -> tuple[Meaning, ...]:
        known = self.tables.words.get(key)
        return self._own(known) if known else ()

    def _own(self, known: Sequence[Meaning]) -> tuple[Meaning, ...]:
        if any(m.language == self.language and m.role != "not_currency" for m in known):
            return tuple(m for m in known if m.language in (self.language, ""))
        return tuple(known)

    def has_role(self, key: str, role: str) -> bool:
        """Return whether a word has a role in any language."""
        return any(meaning.role == role for meaning in self.tables.words.get(key, ()))

    def languages_of(self, key: str) -> set[str]:
        """Return the packs that know a word."""
        return {m.language for m in self.tables.words.get(key, ()) if m.language}

    def known_length(self, run: str, at: int) -> int:
        """Return the length of the longest known word that starts here in a run without spaces."""
        longest = self.tables.spaceless.get(run[at], 0)
        for length in range(min(longest, len(run) - at), 0, -1):
            if run[at : at + length] in self.tables.words:
                return length
        return 0

    def command_words(
        self, section: str, key: str, spoken: Collection[str] | None = None
    ) -> list[str]:
        """List the words of a command section, the chat's language first.

        Args:
            section: `corrections`, `budgets`, `periods` or `commands`.
            key: A key of the section.
            spoken: Languages to which short words are limited; None takes all.
        """
        languages = self.tables.commands.get(section, {})
        order = sorted(languages, key=lambda language: language != self.language)
        return [
            word
            for language in order
            for word in languages[language].get(key, ())
            if spoken is None or language in spoken or len(word) > SHORT_WORD
        ]


def _follows(tokens: Sequence[Word], at: int, rest: tuple[str, ...]) -> bool:
    end = at + 1 + len(rest)
    return end <= len(tokens) and all(tokens[at + 1 + i].key == key for i, key in enumerate(rest))


@lru_cache(maxsize=64)
def vocabulary_of(language: str) -> Vocabulary:
    """Return the vocabulary of a chat's language (no region); an unknown one has no own words."""
    aliases = {
        "sk": "cs",
        "no": "nb",
        "nn": "nb",
        "da": "nb",
        "ms": "id",
        "be": "ru",
        "kk": "ru",
        "ky": "ru",
        "iw": "he",
        "in": "id",
    }
    return Vocabulary(aliases.get(language, language), _tables())
