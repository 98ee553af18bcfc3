"""A challenger that answers in the shadow: the champion decides, both answers are counted.

Before a new model takes over, it is compared on what people themselves chose. Only counts are
kept: no text, no amount.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ports.categorising import Categoriser, Correction, Filed, Guesses, Memory


@dataclass(slots=True)
class Tally:
    """How often each answered as the person then chose, and how often they differed."""

    choices: int = 0
    champion_right: int = 0
    challenger_right: int = 0
    differed: int = 0


@dataclass(frozen=True, slots=True)
class ShadowMemory:
    """One chat's lessons, told to both."""

    champion: Memory
    challenger: Memory
    shadow: ShadowCategoriser

    def learn(self, text: str, merchant: str | None, category: str) -> None:
        """Count who would have been right before either learns it, then teach both."""
        self.shadow.compare(text, merchant, category, self)
        self.champion.learn(text, merchant, category)
        self.challenger.learn(text, merchant, category)


@dataclass(frozen=True, slots=True)
class ShadowCategoriser:
    """Answers with the champion; the challenger is asked only when a person's choice is known."""

    champion: Categoriser
    challenger: Categoriser
    tally: Tally = field(default_factory=Tally)

    def guess(
        self,
        text: str,
        *,
        merchant: str | None = None,
        amount_minor: int | None = None,
        currency: str | None = None,
        language: str = "",
        memory: Memory | None = None,
    ) -> Guesses:
        """Rank categories as the champion does."""
        assert memory is None or isinstance(memory, ShadowMemory), "a memory of this plug"
        return self.champion.guess(
            text,
            merchant=merchant,
            amount_minor=amount_minor,
            currency=currency,
            language=language,
            memory=memory.champion if memory else None,
        )

    def memory(self, corrections: Iterable[Correction], history: Iterable[Filed]) -> ShadowMemory:
        """Build both memories from the same rows."""
        corrected, filed = tuple(corrections), tuple(history)
        return ShadowMemory(
            self.champion.memory(corrected, filed), self.challenger.memory(corrected, filed), self
        )

    def compare(self, text: str, merchant: str | None, category: str, memory: ShadowMemory) -> None:
        """Count what both say of an entry whose category a person has chosen."""
        old = self.champion.guess(text, merchant=merchant, memory=memory.champion).best.category
        new = self.challenger.guess(text, merchant=merchant, memory=memory.challenger).best.category
        self.tally.choices += 1
        self.tally.champion_right += old == category
        self.tally.challenger_right += new == category
        self.tally.differed += old != new
