"""Rank categories on this machine, by the chat's lessons first and general knowledge second."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from ai.categories.blurring import blur
from ai.categories.evidence import KINDS, Table
from ai.categories.features import words_of
from ai.categories.memory import RANKED_MAX, ChatMemory, Known
from ai.categories.model import Model, open_bundled
from ai.categories.neighbours import NAMED_MIN, order_sensibly
from ledger.categories import IDS, SYSTEM
from ports.categorising import Categorised, Correction, Guess, Guesses, Memory

_NOTHING = Known(Guesses((Guess("other", 0.0, "model"),)))
_LEXICON = tuple(kind for kind in KINDS if kind.startswith("lexicon_"))
_BRAND = tuple(kind for kind in KINDS if kind.startswith("brand_"))
BEHIND = 0.999
"""Share of the best guess's confidence that another may have at most."""
REMEMBERED_MAX = 4096
"""Texts whose general knowledge is cached, at about 2 KB each.

People repeat themselves, and building a chat's memory looks up every line of its history."""


class LocalCategoriser:
    """Ranks categories on this machine, and loads the bundled model with the first guess."""

    def __init__(self, model: Model | None = None) -> None:
        self._model = model
        self._names: frozenset[str] | None = None
        self._remembered = lru_cache(REMEMBERED_MAX)(self._look_up)

    def guess(
        self,
        text: str,
        *,
        merchant: str | None = None,
        language: str = "",
        memory: Memory | None = None,
    ) -> Guesses:
        """Rank categories; see `ports.categorising.Categoriser`."""
        if memory is None:
            return Guesses(self._known_of(text, merchant, language).guesses.ranked[:RANKED_MAX])
        assert isinstance(memory, ChatMemory), "a memory belongs to the categoriser that built it"
        return memory.guess(text, merchant, language)

    def memory(
        self, corrections: Iterable[Correction], history: Iterable[Categorised]
    ) -> ChatMemory:
        """Build what a chat taught from stored rows, both oldest first."""
        return ChatMemory.build(self._known_of, corrections, history)

    def _known_of(self, text: str, merchant: str | None, language: str) -> Known:
        if self._names is None:
            knowledge = (self._model or open_bundled()).knowledge
            self._names = knowledge.brands.numbers | knowledge.lexicon.numbers
        return self._remembered(blur(text, self._names), merchant, language)

    def _look_up(self, text: str, merchant: str | None, language: str) -> Known:
        return known_of(self._model or open_bundled(), text, merchant, language)


def known_of(model: Model, text: str, merchant: str | None, language: str) -> Known:
    """Rank by general knowledge alone; a text without words is `other` with confidence 0."""
    if not words_of(text) and not (merchant and words_of(merchant)):
        return _NOTHING
    table = model.knowledge.evidence(text, merchant, language)
    probabilities = model.weighing.probabilities(table)
    best = probabilities.index(max(probabilities))
    confidence = model.weighing.confidence(table, probabilities[best], best, language)
    branded, phrased = _find_named(table, _BRAND), _find_named(table, _LEXICON)
    ranked = _rank(probabilities, best, confidence, branded | phrased)
    guesses = [
        Guess(IDS[at], share, "brand" if at in branded else "lexicon" if at in phrased else "model")
        for at, share in ranked
    ]
    senses = tuple(IDS[at] for at in sorted(_find_named(table, ("lexicon_share",))))
    return Known(Guesses(tuple(guesses)), senses)


def _find_named(table: Table, kinds: Iterable[str]) -> set[int]:
    """Return the categories that evidence of some kinds names."""
    return {at for kind in kinds for at, value in enumerate(table.get(kind, ())) if value}


def _rank(
    probabilities: list[float], best: int, confidence: float, named: set[int]
) -> list[tuple[int, float]]:
    """Rank the best category and those that buttons may offer, each with its confidence.

    The others lose in proportion what the best gains by calibration. They share evenly what it
    loses, since a habit that no word shows points to none of them.
    """
    left = max(1e-9, 1.0 - probabilities[best])
    rest = min(1.0, (1.0 - confidence) / left)
    order = sorted(range(len(IDS)), key=probabilities.__getitem__, reverse=True)
    order = [at for at in order if at != best and IDS[at] not in SYSTEM]
    even = (1.0 - confidence - rest * left) / len(order)
    # The best stays first where lowering leaves it no more than the next.
    most = confidence * BEHIND
    shares = [min(most, probabilities[at] * rest + even) for at in order]
    pointed = named | {at for at, p in enumerate(probabilities) if p >= NAMED_MIN}
    # Noise keeps its shares and loses its order, so that confidences fall as they did.
    sensible = order_sensibly(
        IDS[best], [IDS[at] for at in order], frozenset(IDS[at] for at in pointed)
    )
    return [(best, confidence), *zip(map(IDS.index, sensible), shares, strict=True)]
