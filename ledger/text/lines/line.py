"""Hold a line of a message with its tokens, their meanings, and the claims of readers.

Readers (`annotations`, `days`, `non_amounts`, `amounts`) run one after the other; each claims tokens, and what
one has claimed the next leaves alone. Ranges are half-open token positions.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import Literal

from ledger.text.dates.conventions import DateConventions, spoken_languages
from ledger.text.lines.compounds import part_tokens
from ledger.text.lines.spelled_numbers import join_spelled
from ledger.text.lines.tokens import (
    CURRENCY,
    LINK,
    NUMBER,
    SIGN,
    SPACELESS_WORD,
    WORD,
    Token,
    tokenize,
)
from ledger.text.model import ReasonId, TextContext
from ledger.text.vocabulary import Meaning, Vocabulary

__all__ = ["CURRENCY", "LINK", "NUMBER", "SIGN", "SPACELESS_WORD", "WORD", "Token"]

LONG_WORD = 7
"""Letters from which on a word of a language that is not spoken here is taken for that word."""
Owner = Literal["", "day", "annotation", "non_amount", "amount", "separator"]


@dataclass(frozen=True, slots=True)
class ParseContext:
    """The circumstances of the whole message."""

    chat: TextContext
    vocabulary: Vocabulary
    conventions: DateConventions
    today: date
    text: str
    """The cleaned text; tokens point into it."""
    shaped: str

    @property
    def latest(self) -> date:
        """Return the last day that an entry may have, which is tomorrow."""
        return self.today + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Day:
    """A date, or words that meant to be one (`reason`)."""

    start: int
    end: int
    on: date | None
    reason: ReasonId | None = None
    ambiguous: bool = False
    """Fits day/month and month/day, and they differ."""


@dataclass(frozen=True, slots=True)
class NonAmount:
    """A number that is plainly no amount; it stays in the note."""

    start: int
    end: int
    reason: ReasonId
    soft: bool = False
    """The number may be an amount after all; the evidence decides."""


@dataclass(frozen=True, slots=True)
class Annotation:
    """A tag, a person or a category next to the note."""

    start: int
    end: int
    kind: Literal["tag", "person", "category"]
    value: str


@dataclass(frozen=True, slots=True)
class Amount:
    """A number, or a sum of numbers, that may be the amount."""

    start: int
    end: int
    value: Fraction
    reason: ReasonId | None = None
    """The reason why it cannot be booked, though it was meant as an amount."""
    currency: str | None = None
    guessed: bool = False
    sign: str = ""
    decimals: int | None = None
    """Digits behind the point as typed, where it was typed as one number."""
    exact: bool = False
    """Has decimals, a multiplier or arithmetic: plainly money."""
    computed: bool = False
    million: Fraction | None = None
    """The value if a bare m behind it means million."""
    otherwise: Fraction | None = None
    """Another value that may be meant: 1250 for twelve fifty, 50 for `coffee 4 50`."""
    plain: int | None = None
    """The value of an undecorated whole number."""
    day: date | None = None
    """The day that `12/3` or `12.03` names, if it is a date after all."""
    day_ambiguous: bool = False
    slash: bool = False
    padded: bool = False
    """The day is written with a leading zero, or a full stop closes it: 15.05, 12.3."""
    joined: tuple[Fraction, ...] = ()
    """Both readings of `dinner for 2 600`: 2600 and 600."""
    hyphen: bool = False
    """Like 2-1: a score, where people chat."""
    even: bool = False
    """Like 2-1 or 112-108: both halves are so near that it is a score, where nothing else shows money."""
    hint: ReasonId | None = None
    """Something else that the number looks like: a count, a year, a room, a name."""
    reduced: Fraction | None = None
    """The value after a discount that the words name: 3000円 20%オフ."""
    parted: bool = False
    """The last group of `dinner for 2 600`, read as 600."""


@dataclass(slots=True)
class TextLine:
    """One line of a message."""

    context: ParseContext
    tokens: list[Token]
    meanings: list[tuple[Meaning, ...]]
    owners: list[Owner] = field(default_factory=list)
    days: list[Day] = field(default_factory=list)
    non_amounts: list[NonAmount] = field(default_factory=list)
    annotations: list[Annotation] = field(default_factory=list)
    amounts: list[Amount] = field(default_factory=list)

    def role(self, at: int, *roles: str) -> Meaning | None:
        """Return the meaning in one of these roles of the words from this token on, or None."""
        if 0 <= at < len(self.tokens):
            for meaning in self.meanings[at]:
                if meaning.role in roles:
                    return meaning
        return None

    def fluent_before(self, end: int, *roles: str) -> Meaning | None:
        """Return as `role_before`, without short words of languages other than the chat's."""
        meaning = self.role_before(end, *roles)
        if meaning is None or meaning.length > 1:
            return meaning
        key = self.tokens[end - 1].key
        own = meaning.language in (self.context.vocabulary.language, "")
        return meaning if own or len(key) > 5 or key[0] > "\u024f" else None

    def is_spoken(self, meaning: Meaning, at: int) -> bool:
        """Return whether words count in this chat: its languages', or long ones of any other."""
        conventions = self.context.conventions
        spoken = spoken_languages(self.context.vocabulary.language, conventions.region)
        key = self.key(at)
        long = meaning.length > 1 or len(key) >= LONG_WORD or key[:1] > "\u024f"
        return meaning.language in spoken or long

    def role_before(self, end: int, *roles: str) -> Meaning | None:
        """Return the meaning in one of these roles of the words that end before this token."""
        for length in (4, 3, 2, 1):
            at = end - length
            if at < 0:
                continue
            for meaning in self.meanings[at]:
                if meaning.length == length and meaning.role in roles:
                    return meaning
        return None

    def is_connecting(self, at: int) -> Meaning | None:
        """Return the connecting word that starts here; short foreign ones are none (Pro, as, to)."""
        meaning = self.role(at, "connecting")
        if meaning is None or meaning.length > 1:
            return meaning
        key = self.tokens[at].key
        own = meaning.language in (self.context.vocabulary.language, "")
        return meaning if own or len(key) > 3 or key[0] > "\u024f" else None

    def is_sign(self, at: int, signs: str) -> bool:
        """Return whether this token is one of these signs."""
        return (
            0 <= at < len(self.tokens)
            and self.tokens[at].kind == SIGN
            and self.tokens[at].key in signs
        )

    def is_number(self, at: int) -> bool:
        """Return whether this token is a number that nothing has claimed."""
        return 0 <= at < len(self.tokens) and self.tokens[at].kind == NUMBER and not self.owners[at]

    def is_word(self, at: int) -> bool:
        """Return whether this token is a word of any script."""
        return 0 <= at < len(self.tokens) and self.tokens[at].kind in (WORD, SPACELESS_WORD)

    def touches(self, at: int) -> bool:
        """Return whether this token touches the one before it."""
        return 0 < at < len(self.tokens) and not self.tokens[at].space

    def key(self, at: int) -> str:
        """Return the folded word, number or sign; nothing beyond the line."""
        return self.tokens[at].key if 0 <= at < len(self.tokens) else ""

    def typed(self, start: int, end: int) -> str:
        """Return the words of a range as they were typed."""
        if start >= end:
            return ""
        return self.context.text[self.tokens[start].start : self.tokens[end - 1].end]

    def claim(self, start: int, end: int, owner: Owner) -> None:
        """Return annotation tokens as understood."""
        for at in range(start, end):
            self.owners[at] = owner


def open_line(context: ParseContext, start: int, end: int) -> TextLine:
    """Cut a stretch of the text into tokens and look their meanings up."""
    tokens = tokenize(context.shaped, start, end, context.vocabulary)
    look_up = context.vocabulary.meanings
    tokens = part_tokens(tokens, context.vocabulary)
    tokens = join_spelled(tokens, context.vocabulary, to_bot=context.chat.spoken_to)
    meanings = [look_up(tokens, at) for at in range(len(tokens))]
    return TextLine(context, tokens, meanings, owners=[""] * len(tokens))


def cut_line(line: TextLine, part: tuple[int, int]) -> TextLine:
    """Return the words of a part as a line of their own, for the evidence in its words."""
    cut = slice(*part)
    return TextLine(line.context, line.tokens[cut], line.meanings[cut], owners=line.owners[cut])
