"""Declare the socket that ranks categories for a note or a merchant.

A plug ranks categories with a confidence each; it never writes. Confidence is calibrated, so of a
hundred guesses at .8 a person would accept some eighty.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, Protocol

SURE = 0.8
"""From this confidence on an entry is categorised silently; below it, buttons are offered."""

KNOWN = 0.6
"""From this confidence on a guess that a word list, a brand or the chat supports shows that a
group's words are a note of money."""

GuessSource = Literal["note", "merchant", "chat", "brand", "lexicon", "model", "gpt"]
"""The source of a guess: the chat's exact memory of a note or merchant, its small model, or a
general reader (a known brand, the word list, the bundled model, a language model)."""


@dataclass(frozen=True, slots=True)
class Guess:
    """One category with a probability in 0..1 and its evidence."""

    category: str
    confidence: float
    source: GuessSource


@dataclass(frozen=True, slots=True)
class Guesses:
    """Categories, most probable first; never empty."""

    ranked: tuple[Guess, ...]

    @property
    def best(self) -> Guess:
        """Return the most probable category."""
        return self.ranked[0]

    @property
    def sure(self) -> bool:
        """Return whether the best may be booked without asking."""
        return self.best.confidence >= SURE

    @property
    def known(self) -> bool:
        """Return whether words or the chat's past support the best, not only its letters."""
        return self.best.source != "model" and self.best.confidence >= KNOWN

    def alternatives(self, count: int) -> tuple[str, ...]:
        """Return the `count` most probable categories after the best, for buttons."""
        return tuple(guess.category for guess in self.ranked[1 : count + 1])


@dataclass(frozen=True, slots=True)
class Correction:
    """A person's choice of a category for a note or a merchant (by its key)."""

    kind: Literal["note", "merchant"]
    key: str
    category: str


@dataclass(frozen=True, slots=True)
class Categorised:
    """An earlier entry of the chat as it is now, which is weaker evidence than a correction."""

    text: str
    category: str
    merchant: str | None = None


class Memory(Protocol):
    """The lessons of one chat; callers keep one per ledger, cheap to rebuild from rows."""

    def learn(self, text: str, merchant: str | None, category: str) -> None:
        """Take a person's choice into account from the next guess on."""


class Categoriser(Protocol):
    """Ranks categories for one entry on this machine, without waiting, input, output or a clock."""

    def guess(
        self,
        text: str,
        *,
        merchant: str | None = None,
        language: str = "",
        memory: Memory | None = None,
    ) -> Guesses:
        """Rank categories for an entry's words; an empty text gets `other`.

        The amount is not asked for: it did not help in measurement.

        Args:
            text: The note as typed, or a merchant's name, or a line of a receipt or bank.
            merchant: The shop, where known.
            language: Language tag of the chat; empty when unknown.
            memory: The chat's lessons, from `memory()` of the same plug.
        """

    def memory(self, corrections: Iterable[Correction], history: Iterable[Categorised]) -> Memory:
        """Build a chat's memory from stored rows, both oldest first."""
