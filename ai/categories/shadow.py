"""Compare a challenger with the champion while the champion alone decides.

A new model is compared on the choices of people before it takes over. Counts are gathered here and
taken by the caller that stores them (`ports.shadow`). A unit of work that is rolled back and tried
again counts twice, which is too rare to matter for a share.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from threading import Lock

from ports.categorising import Categorised, Categoriser, Correction, Guesses, Memory
from ports.shadow import Tally


@dataclass(slots=True)
class ShadowMemory:
    """One chat's lessons, passed to both models."""

    champion: Memory
    challenger: Memory
    shadow: ShadowCategoriser
    language: str = ""
    """Language of the chat's newest guess, in which both are judged."""

    def learn(self, text: str, merchant: str | None, category: str) -> None:
        """Count which model would have been right, then teach both."""
        self.shadow.judge(text, merchant, category, self)
        self.champion.learn(text, merchant, category)
        self.challenger.learn(text, merchant, category)


@dataclass(slots=True)
class ShadowCategoriser:
    """Returns the champion's guesses and counts the challenger's next to them.

    Guesses come from the database thread, and counts are taken in another, hence the lock.
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
        language: str = "",
        memory: Memory | None = None,
    ) -> Guesses:
        """Rank categories as the champion does, and compare guesses made for an entry of a chat."""
        if memory is None:
            return self.champion.guess(
                text,
                merchant=merchant,
                language=language,
            )
        assert isinstance(memory, ShadowMemory), "a memory belongs to the categoriser that built it"
        memory.language = language
        guesses, other = (
            plug.guess(
                text,
                merchant=merchant,
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
        """Count both guesses for an entry whose category a person has chosen."""
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
        """Add a tally to the counts."""
        with self._lock:
            self._tally += tally

    def take(self) -> Tally:
        """Return the counts since the last call, and start again at zero."""
        with self._lock:
            taken, self._tally = self._tally, Tally()
        return taken
