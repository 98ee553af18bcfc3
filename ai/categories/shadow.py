"""A challenger that answers in the shadow: the champion decides, both answers are counted.

Before a new model takes over, it is compared on what people themselves chose. Counts are gathered
here and taken away by whoever keeps them (`ports.shadow`). A unit of work that is rolled back and
tried again counts again: too rare to matter for a share.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from threading import Lock

from ports.categorising import Categorised, Categoriser, Correction, Guesses, Memory
from ports.shadow import Tally


@dataclass(slots=True)
class ShadowMemory:
    """One chat's lessons, told to both."""

    champion: Memory
    challenger: Memory
    shadow: ShadowCategoriser
    language: str = ""
    """As in the chat's newest guess, so that both are judged in the terms they guessed in."""

    def learn(self, text: str, merchant: str | None, category: str) -> None:
        """Count who would have been right before either learns it, then teach both."""
        self.shadow.judge(text, merchant, category, self)
        self.champion.learn(text, merchant, category)
        self.challenger.learn(text, merchant, category)


@dataclass(slots=True)
class ShadowCategoriser:
    """Answers with the champion; the challenger is asked beside it and heard by nobody.

    Guesses come from the thread that works with the database, counts are taken in another.
    """

    champion: Categoriser
    challenger: Categoriser
    _tally: Tally = field(default_factory=Tally)
    _lock: Lock = field(default_factory=Lock)

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
        """Rank categories as the champion does; only guesses for a chat's entry are compared."""
        if memory is None:
            return self.champion.guess(
                text,
                merchant=merchant,
                amount_minor=amount_minor,
                currency=currency,
                language=language,
            )
        assert isinstance(memory, ShadowMemory), "a memory comes from the plug that reads it"
        memory.language = language
        guesses, other = (
            plug.guess(
                text,
                merchant=merchant,
                amount_minor=amount_minor,
                currency=currency,
                language=language,
                memory=taught,
            )
            for plug, taught in self._both(memory)
        )
        alike = guesses.best.category == other.best.category
        self.put(Tally(filed=1, filed_alike=int(alike)))
        return guesses

    def memory(
        self, corrections: Iterable[Correction], history: Iterable[Categorised]
    ) -> ShadowMemory:
        """Build both memories from the same rows."""
        corrected, filed = tuple(corrections), tuple(history)
        return ShadowMemory(
            self.champion.memory(corrected, filed), self.challenger.memory(corrected, filed), self
        )

    def judge(self, text: str, merchant: str | None, category: str, memory: ShadowMemory) -> None:
        """Count what both say of an entry whose category a person has chosen."""
        old, new = (
            plug.guess(
                text, merchant=merchant, language=memory.language, memory=taught
            ).best.category
            for plug, taught in self._both(memory)
        )
        self.put(
            Tally(
                corrected=1,
                corrected_alike=int(old == new),
                champion_right=int(old == category),
                challenger_right=int(new == category),
            )
        )

    def _both(self, memory: ShadowMemory) -> tuple[tuple[Categoriser, Memory], ...]:
        return (self.champion, memory.champion), (self.challenger, memory.challenger)

    def put(self, tally: Tally) -> None:
        """Count on."""
        with self._lock:
            self._tally += tally

    def take(self) -> Tally:
        """Return what was counted since the last time, and begin anew."""
        with self._lock:
            taken, self._tally = self._tally, Tally()
        return taken
