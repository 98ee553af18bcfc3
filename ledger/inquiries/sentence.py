"""Cut a question into parts: cues of a language, names of the chat, days, numbers, other words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from ledger.inquiries.characters import is_one_slip, key_of
from ledger.inquiries.lexicon import SUBJECT, Cue, Lexicon
from ledger.inquiries.names import Known, NameIndex
from ledger.inquiries.words import Word, list_words
from ledger.text.lines.characters import shape
from ledger.text.lines.line import TextLine

WORDS_MAX = 40
"""Words of a question that are read."""
SLIP_MIN = 6
"""Letters from which on a word may be typed wrong."""


@dataclass(slots=True)
class Part:
    """A stretch of the text with one meaning."""

    start: int
    end: int
    typed: str
    cues: tuple[Cue, ...] = ()
    names: tuple[Known, ...] = ()
    day: date | None = None
    is_weekday: bool = False
    """The day is named as a weekday, so on that weekday it may be today or a week ago."""
    amount: Decimal | None = None
    currency: str = ""
    taken: bool = False
    """Another reader has used it."""

    def cue(self, *roles: str) -> Cue | None:
        """Return the first cue of one of these roles."""
        return next((cue for cue in self.cues if cue.role in roles), None)

    @property
    def is_filler(self) -> bool:
        """Return whether the words say nothing by themselves."""
        return any(cue.role == "filler" for cue in self.cues)

    @property
    def is_free(self) -> bool:
        """Return whether these are words that no reader knows."""
        return not (self.cues or self.names or self.day or self.amount is not None)


@dataclass(slots=True)
class Sentence:
    """A question cut into parts."""

    text: str
    parts: list[Part] = field(default_factory=list)
    asks: bool = False
    """A question mark closes it."""
    language: str = "en"
    currency: str = ""
    """The chat's own."""

    def has(self, *roles: str) -> bool:
        """Return whether a cue of one of these roles is there."""
        return any(part.cue(*roles) for part in self.parts)

    def find(self, *roles: str) -> Part | None:
        """Return the first part with a cue of one of these roles."""
        return next((part for part in self.parts if part.cue(*roles)), None)


def cut_sentence(line: TextLine, lexicon: Lexicon, names: NameIndex) -> Sentence:
    """Return the parts of a text, in order; `line` is the text as the entry grammar reads it."""
    text = line.context.text
    shaped = shape(text)
    words = list(list_words(shaped, lexicon, names))[:WORDS_MAX]
    found = _DayFinder(line, lexicon)
    asks, currency = any(sign in shaped for sign in "?؟"), line.context.chat.currency
    sentence = Sentence(text, asks=asks, language=lexicon.language, currency=currency)
    at = 0
    while at < len(words):
        part, at = _next_part(sentence, words, at, (lexicon, names, found))
        if part is not None:
            sentence.parts.append(part)
    return sentence


_Known = tuple[Lexicon, NameIndex, "_DayFinder"]


def _next_part(
    sentence: Sentence, words: Sequence[Word], at: int, known: _Known
) -> tuple[Part | None, int]:
    """Return the part that starts at a word, and the position behind it."""
    lexicon, names, found = known
    cues, length, cost = _find_cues(words, at, lexicon)
    # A phrase of several words explains more of the text than a date in it.
    dated = None if length > 1 else found.part_at(words, at, sentence.text)
    if dated is not None:
        behind = (i for i in range(at, len(words)) if words[i].start >= dated.end)
        return dated, next(behind, len(words))
    named, name_length = names.find(words, at)
    is_verb = _is_beside_pronoun(sentence, words, at, lexicon)
    if named and _wins((named, name_length), (cues, length), cost, is_verb=is_verb):
        # A category may be called as what is asked for: subscriptions.
        both = cues if length == name_length else ()
        part = _part(sentence, (words[at], words[at + name_length - 1]), cues=both, names=named)
        return part, at + name_length
    if cues:
        return _part(sentence, (words[at], words[at + length - 1]), cues=cues), at + length
    return _unknown(sentence, words[at], found), at + 1


def _is_beside_pronoun(
    sentence: Sentence, words: Sequence[Word], at: int, lexicon: Lexicon
) -> bool:
    """Return whether a word in small letters that may help a verb stands next to a pronoun: ben ik."""
    word = words[at]
    typed = sentence.text[word.start : word.end]
    if not typed.islower() or not _is_filler(word, lexicon, SUBJECT_FREE):
        return False
    near = (words[i] for i in (at - 1, at + 1) if 0 <= i < len(words))
    return any(_is_filler(one, lexicon, Cue("filler", SUBJECT)) for one in near)


SUBJECT_FREE = Cue("filler")
"""A word that says nothing, unless it is a pronoun."""


def _is_filler(word: Word, lexicon: Lexicon, cue: Cue) -> bool:
    known = lexicon.phrases.get(word.keys[0], ())
    return any(cue in cues for rest, cues in known if not rest)


def _wins(
    named: tuple[tuple[Known, ...], int],
    cued: tuple[tuple[Cue, ...], int],
    cost: int,
    *,
    is_verb: bool,
) -> bool:
    """Return whether words are a name rather than cues: the longer one, or the surer one."""
    if named[1] != cued[1]:
        return named[1] > cued[1]
    if _leads(cued[0]):
        return False
    if is_verb:
        return False
    # A cue found by its stem or with a slip is less sure than a name.
    return cost > 0 or all(one.is_exact for one in named[0])


def _unknown(sentence: Sentence, word: Word, found: _DayFinder) -> Part | None:
    """Return the part of a word without a meaning; signs are none."""
    if word.kind == "number":
        return found.number(word, sentence.text)
    if word.kind == "tag":
        tag = sentence.text[word.start + 1 : word.end]
        return _part(sentence, (word, word), names=(Known("tag", tag),))
    if word.kind == "sign":
        return None
    return _part(sentence, (word, word))


_LEADING = frozenset(
    {"month", "unit", "this", "last", "next", "total", "budget", "most", "average"}
)


def _leads(cues: Sequence[Cue]) -> bool:
    """Return whether words mean a time or an operation, even where something is called so."""
    # A trip is a stretch of time too, but one that a tag or a shop may be called like.
    return any(cue.role in _LEADING and cue.value != "trip" for cue in cues)


def _part(
    sentence: Sentence,
    ends: tuple[Word, Word],
    *,
    cues: tuple[Cue, ...] = (),
    names: tuple[Known, ...] = (),
) -> Part:
    start, end = ends[0].start, ends[1].end
    return Part(start, end, sentence.text[start:end], cues, names)


# --- cues


def _find_cues(
    words: Sequence[Word], at: int, lexicon: Lexicon
) -> tuple[tuple[Cue, ...], int, int]:
    """Return the cues of the longest phrase that starts here, its length, and its doubt."""
    for cost, key in enumerate(words[at].keys):
        best = max(
            (
                (len(rest) + 1, cues)
                for rest, cues in lexicon.phrases.get(key, ())
                if _follows(words, at + 1, rest)
            ),
            key=lambda found: found[0],
            default=None,
        )
        if best and best[0] == 1 and all(cue.role == "filler" for cue in best[1]):
            # An article may be a word of time as well, by its stem: dieses Jahr.
            return (*best[1], *_by_stem(words[at], cost, lexicon)), 1, min(cost, 1)
        if best:
            return best[1], best[0], min(cost, 1)
    return _find_slip(words[at], lexicon)


def _by_stem(word: Word, cost: int, lexicon: Lexicon) -> tuple[Cue, ...]:
    keys = word.keys[cost + 1 :]
    return tuple(
        cue
        for key in keys
        if key.endswith("*")
        for rest, cues in lexicon.phrases.get(key, ())
        if not rest
        for cue in cues
    )


def _follows(words: Sequence[Word], at: int, rest: Sequence[str]) -> bool:
    if at + len(rest) > len(words):
        return False
    return all(key in words[at + i].keys for i, key in enumerate(rest))


def _find_slip(word: Word, lexicon: Lexicon) -> tuple[tuple[Cue, ...], int, int]:
    """Return the cues of a word that is typed with one wrong letter."""
    key = word.keys[0]
    if word.kind != "word" or len(key) < SLIP_MIN:
        return (), 0, 0
    for known in lexicon.typed_wrong:
        bare = known.removesuffix("*")
        if len(bare) >= SLIP_MIN - 1 and bare[0] == key[0] and _is_slip_of(key, known, bare):
            cues = next(cues for rest, cues in lexicon.phrases[known] if not rest)
            return cues, 1, 2
    return (), 0, 0


def _is_slip_of(key: str, known: str, bare: str) -> bool:
    if known == bare:
        return is_one_slip(key, bare)
    # The ending is free, so the letters of the stem alone are compared.
    return any(is_one_slip(key[:end], bare) for end in (len(bare) - 1, len(bare), len(bare) + 1))


# --- days and amounts, as the entry grammar reads them


class _DayFinder:
    """The days and amounts of the text by the position of their first character."""

    def __init__(self, line: TextLine, lexicon: Lexicon) -> None:
        self._days: dict[int, tuple[int, date, bool]] = {}
        for day in line.days:
            if day.on is None:
                continue
            start, end = day.start, day.end
            # Words in front of the date that mean something here are read by themselves.
            while start < end - 1 and _is_apart(line.key(start), lexicon):
                start += 1
            first, last = line.tokens[start].start, line.tokens[end - 1].end
            weekday = end - start == 1 and line.role(start, "weekday", "weekday_short") is not None
            self._days[first] = (last, day.on, weekday)
        self._amounts = {
            line.tokens[one.start].start: (line.tokens[one.end - 1].end, one)
            for one in line.amounts
        }

    def part_at(self, words: Sequence[Word], at: int, text: str) -> Part | None:
        """Return the day or the amount with a currency that starts at a word."""
        start = words[at].start
        if start in self._days:
            end, on, weekday = self._days[start]
            return Part(start, end, text[start:end], day=on, is_weekday=weekday)
        if start in self._amounts:
            end, one = self._amounts[start]
            value = Decimal(one.value.numerator) / one.value.denominator
            part = Part(start, end, text[start:end], amount=value, currency=one.currency or "")
            if one.day and not one.currency:
                part.day = one.day
            return part
        return None

    def number(self, word: Word, text: str) -> Part:
        """Return a number that the grammar takes for no amount."""
        plain = word.keys[0]
        value = Decimal(plain) if plain.isdecimal() else None
        return Part(word.start, word.end, text[word.start : word.end], amount=value)


_APART = ("since", "until", "from", "to", "filler", "of_period")


def _is_apart(key: str, lexicon: Lexicon) -> bool:
    known = lexicon.phrases.get(key_of(key), ())
    return any(cue.role in _APART for rest, cues in known if not rest for cue in cues)
