"""Read what `/list`, `/find`, `/summary` and `/export` are asked for: `groceries november >20 #work`.

Parts come in any order; what stands behind `without` is left out. Each is a period, a category or group, a `#tag`, a person, an amount or
words; the longest stretch of words that means something wins, and categories win over people. Words
in quotation marks are always words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import lru_cache
from math import ceil, floor

from ledger.entries.queries import AmountRange, EntryFilter
from ledger.entries.searching import fold
from ledger.errors import InputError
from ledger.money import AMOUNT_MAX, minor_digits
from ledger.periods.period import Period
from ledger.text.lines.characters import clean, shape
from ledger.text.lines.characters import fold as fold_word
from ledger.text.lines.reading import build_context, read_line
from ledger.text.model import TextContext
from ledger.text.vocabulary import Vocabulary, vocabulary_of

TEXT_MAX = 200
PARTS_MAX = 24
"""Words that are read; further ones are looked for as they are."""
SPAN_MAX = 6
"""Words of the longest period, name or amount."""

_QUOTED = re.compile(r"[\"“”„«»]([^\"“”„«»]+)[\"“”„«»]")
_TAG = re.compile(r"[#＃][^\s#＃]+")
_EDGES = ",;:!?"
_QUOTES = '"“”„«»'
_SIGN = re.compile(r"(>=|<=|=>|=<|≥|≤|>|<|=)\s*(.+)")
_RANGE = re.compile(r"(.*?\d.*?)\s*(?:\.\.+|…|[–—-])\s*(\D*\d.*)")
_DATE = re.compile(
    r"(?:19|20)\d\d([-/.])\d{1,2}(?:\1\d{1,2})?|\d{1,2}([-/.])\d{1,2}\2(?:19|20)\d\d"
)
"""The shape of a month or a day; `2026-13` has it and is neither, nor two amounts."""
_LEADS = ("connecting", "with", "of", "article")
_SPACELESS = "\u2e80"
"""Scripts from here on write words without spaces."""


@dataclass(frozen=True, slots=True)
class FilterContext:
    """The circumstances of a question: the chat and the names that it knows."""

    chat: TextContext
    find_period: Callable[[str], Period | None]
    find_scope: Callable[[str], str | None]
    """Returns the category or group of a name, empty for all of them, None for no name."""
    people: Mapping[str, int] = field(default_factory=dict)
    """Folded names of members to their ids; empty where only one person writes."""

    @property
    def vocabulary(self) -> Vocabulary:
        """Return the words of the chat's language."""
        return vocabulary_of(self.chat.language.replace("_", "-").split("-")[0].lower())


def parse_filter(text: str, context: FilterContext) -> EntryFilter:
    """Return the filter that words ask for; without words it is empty.

    Raises:
        InputError: `filter_amount` for a sign of comparison without an amount behind it,
            `filter_amounts` for bounds that no amount can meet, `period_unknown` for a date that
            no calendar has.
    """
    typed = " ".join(clean(text[:TEXT_MAX]).split())
    quoted = [match[1].strip() for match in _QUOTED.finditer(typed)]
    kept, left_out = _cut_without(_QUOTED.sub(" ", typed).split(), context.vocabulary)
    reader = _Reader(context)
    reader.read(kept)
    without = tuple(filter(None, (_leave_out(one, reader) for one in left_out)))
    words = " ".join((*quoted, *reader.rest()))
    return replace(reader.found, words=words, without=without)


# --- what is left out


def _cut_without(parts: list[str], vocabulary: Vocabulary) -> tuple[list[str], list[list[str]]]:
    """Cut off what a word for `without` leaves out: what is kept, and each thing that is not."""
    folded = [fold_word(part.strip(_EDGES)) for part in parts]
    for key in ("without", "without_after"):
        for phrase in _sayings(vocabulary, key):
            at = next((i for i in range(len(parts)) if folded[i : i + len(phrase)] == phrase), None)
            if at is None:
                continue
            before, behind = parts[:at], parts[at + len(phrase) :]
            kept, things = (before, behind) if key == "without" else (behind, before)
            if things:
                return kept, _cut_things(things, vocabulary)
    return parts, []


def _sayings(vocabulary: Vocabulary, key: str) -> list[list[str]]:
    """List the phrases of the chat's language and English under a key, the longest first."""
    spoken = (vocabulary.language, "en")
    phrases = [phrase.split() for phrase in vocabulary.command_words("filters", key, spoken)]
    return sorted(phrases, key=len, reverse=True)


def _cut_things(parts: list[str], vocabulary: Vocabulary) -> list[list[str]]:
    """Cut words at each comma and word for `and`."""
    things: list[list[str]] = [[]]
    for part in parts:
        known = vocabulary.tables.words.get(fold_word(part), ())
        if any(one.role == "and" and one.language in (vocabulary.language, "en") for one in known):
            things.append([])
            continue
        things[-1].append(part)
        if part.endswith(","):
            things.append([])
    return [thing for thing in things if thing]


def _leave_out(parts: list[str], main: _Reader) -> EntryFilter | None:
    """Return the filter of a thing that is left out; a period next to it holds for everything."""
    reader = _Reader(main.context)
    reader.read(parts)
    thing = replace(reader.found, period=None, words=" ".join(reader.rest()))
    if thing == EntryFilter():
        return reader.found if reader.found.period else None  # without November
    if main.found.period is None:
        main.found = replace(main.found, period=reader.found.period)
    return thing


@dataclass(slots=True)
class _Reader:
    """The parts that were understood so far, and the words that were not."""

    context: FilterContext
    found: EntryFilter = field(default_factory=EntryFilter)
    words: list[str] = field(default_factory=list)

    def read(self, parts: list[str]) -> None:
        """Take the longest stretch from the left that means something, then go on behind it."""
        at = 0
        while at < min(len(parts), PARTS_MAX):
            self._refuse_no_date(parts[at].strip(_EDGES))
            length = min(SPAN_MAX, len(parts) - at)
            while length and not self._take(parts[at : at + length]):
                length -= 1
            if not length:
                self._keep(parts[at])
            at += max(length, 1)
        self.words += parts[PARTS_MAX:]

    def _refuse_no_date(self, word: str) -> None:
        if _DATE.fullmatch(word) and self.context.find_period(word) is None:
            raise InputError("period_unknown", words=word)

    def rest(self) -> list[str]:
        """Return the words to look for; those that only connect are left out."""
        whole = [word for word in self.words if not self._connects(word)]
        return whole if whole or self.found.is_narrow or self.found.period else self.words

    def _take(self, parts: list[str]) -> bool:
        words = " ".join(parts).strip(_EDGES)
        if not words:
            return len(parts) == 1
        if len(parts) == 1 and _TAG.fullmatch(words):
            self.found = replace(self.found, tags=(*self.found.tags, words[1:]))
            return True
        return (
            self._take_amount(words)
            or self._take_scope(words)
            or self._take_period(words)
            or self._take_person(words)
        )

    def _take_amount(self, words: str) -> bool:
        amounts = _amounts(words, self.context)
        if amounts is None:
            return False
        before = self.found.amounts
        self.found = replace(self.found, amounts=_both(before, amounts) if before else amounts)
        return True

    def _take_scope(self, words: str) -> bool:
        scope = self.context.find_scope(words)
        if scope is None:
            return False
        if scope and scope not in self.found.scopes:
            self.found = replace(self.found, scopes=(*self.found.scopes, scope))
        return True

    def _take_period(self, words: str) -> bool:
        # A number alone names a day of no month; it is looked for as it is.
        if self.found.period or (words.isdecimal() and len(words) < len("2026")):
            return False
        period = self.context.find_period(words)
        if period is not None:
            self.found = replace(self.found, period=period)
        return period is not None

    def _take_person(self, words: str) -> bool:
        people = self.context.people
        if self.found.paid_by is not None or not people:
            return False
        # `by Ann` and `paid by Ann` name her as `Ann` does.
        leads = self.context.vocabulary.command_words("corrections", "payer")
        said = fold_word(words)
        behind = [words[len(lead) :] for lead in leads if said.startswith(f"{lead} ")]
        names = [fold(name).strip().removeprefix("@") for name in (words, *behind)]
        person = next((people[name] for name in names if name in people), None)
        if person is not None:
            self.found = replace(self.found, paid_by=person)
        return person is not None

    def _keep(self, word: str) -> None:
        if _SIGN.fullmatch(word) or word[0] in "<>≤≥":
            raise InputError("filter_amount", words=word)
        self.words.append(word.strip(_EDGES + _QUOTES))

    def _connects(self, word: str) -> bool:
        vocabulary = self.context.vocabulary
        known = vocabulary.tables.words.get(fold(word), ())
        spoken = (vocabulary.language, "en")
        return any(m.role in _LEADS and m.language in spoken for m in known)


# --- amounts


def _amounts(words: str, context: FilterContext) -> AmountRange | None:
    """Return the amounts that `>100`, `over 100 USD`, `50-100` or `=9.99` name."""
    if not any(char.isdigit() for char in shape(words)):
        return None
    sign, rest = _comparison(words, context.vocabulary)
    if sign is None:
        return _between(words, context)
    one = _one(rest, context)
    return None if one is None else _range(sign, one, context.chat.currency)


_SIGNS = {
    ">": "over", "<": "under", "=": "equal", ">=": "least", "=>": "least", "≥": "least",
    "<=": "most", "=<": "most", "≤": "most",
}  # fmt: skip


def _comparison(words: str, vocabulary: Vocabulary) -> tuple[str | None, str]:
    """Cut off the sign, or the words that mean one, and return both."""
    if match := _SIGN.fullmatch(words):
        return _SIGNS[match[1]], match[2]
    folded = fold_word(words)
    for phrase, key in _phrases(vocabulary):
        if len(folded) == len(words) and folded.startswith(phrase):
            behind = words[len(phrase) :]
            if behind[:1].isspace() or phrase[0] > _SPACELESS:
                return key, behind.strip()
    return None, words


@lru_cache(maxsize=32)
def _phrases(vocabulary: Vocabulary) -> tuple[tuple[str, str], ...]:
    """Return every phrase of comparing with its key, the longest first; own language wins."""
    found: dict[str, str] = {}
    for key in ("over", "under", "least", "most"):
        for phrase in vocabulary.command_words("filters", key):
            found.setdefault(phrase, key)
    return tuple(sorted(found.items(), key=lambda pair: -len(pair[0])))


def _between(words: str, context: FilterContext) -> AmountRange | None:
    """Return the amounts of `50-100`, `50 to 100 EUR` or `between 50 and 100`."""
    for left, right in _halves(words, context.vocabulary):
        low, high = _one(left, context), _one(right, context)
        # `2026-09` and `12.11.-15.11.` are days.
        if low and high and context.find_period(words) is None:
            code = low[1] or high[1] or context.chat.currency
            first, last = sorted((low[0], high[0]))
            return _both(_range("least", (first, code), code), _range("most", (last, code), code))
    return None


def _halves(words: str, vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    for word in sorted(vocabulary.command_words("periods", "from"), key=len, reverse=True):
        if fold_word(words).startswith(f"{word} "):
            words = words[len(word) + 1 :]
            break
    if match := _RANGE.fullmatch(words):
        yield match[1], match[2]
    for word in vocabulary.command_words("periods", "to"):
        left, found, right = words.partition(f" {word} ")
        if found and left and right:
            yield left, right


def _one(words: str, context: FilterContext) -> tuple[Fraction, str | None] | None:
    """Return the one amount that words are, and its currency if they name one."""
    line = read_line(build_context(shape(words.strip()), context.chat))
    if len(line.amounts) != 1:
        return None
    (amount,) = line.amounts
    if (amount.start, amount.end) != (0, len(line.tokens)) or amount.sign == "-":
        return None
    return (amount.value, amount.currency) if amount.value <= AMOUNT_MAX else None


def _range(sign: str, one: tuple[Fraction, str | None], currency: str) -> AmountRange:
    """Return the amounts that a comparison with one lets through."""
    value, code = one
    code = code or currency
    exact = value * 10 ** minor_digits(code)
    least = {"over": floor(exact) + 1, "least": ceil(exact), "equal": ceil(exact)}.get(sign)
    most = {"under": ceil(exact) - 1, "most": floor(exact), "equal": floor(exact)}.get(sign)
    return AmountRange(least, most, code)


def _both(one: AmountRange, other: AmountRange) -> AmountRange:
    """Return the amounts that lie in both. Raises `InputError` where there are none."""
    least = [m for m in (one.least_minor, other.least_minor) if m is not None]
    most = [m for m in (one.most_minor, other.most_minor) if m is not None]
    both = AmountRange(max(least, default=None), min(most, default=None), one.currency)
    empty = both.least_minor is not None and both.most_minor is not None
    if one.currency != other.currency or (empty and both.least_minor > both.most_minor):  # type: ignore[operator]
        raise InputError("filter_amounts")
    return both
