"""Rank categories on this machine, by the chat's lessons first and general knowledge second."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import numpy as np

from ai.categories.blurring import blur
from ai.categories.evidence import KINDS
from ai.categories.features import words_of
from ai.categories.memory import RANKED_MAX, ChatMemory, Known
from ai.categories.model import Model, open_bundled
from ai.categories.neighbours import NAMED_MIN, order_sensibly
from ai.categories.ngrams import Floats
from ledger.categories import IDS, SYSTEM
from ports.categorising import Categorised, Correction, Guess, Guesses, GuessSource, Memory

_NOTHING = Known(Guesses((Guess("other", 0.0, "model"),)))
_LEXICON = slice(KINDS.index("lexicon_share"), KINDS.index("brand_whole"))
_BRAND = slice(KINDS.index("brand_whole"), len(KINDS))
_NAMED = slice(_LEXICON.start, len(KINDS))
_SHARE = KINDS.index("lexicon_share")
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
    best = int(np.argmax(probabilities))
    confidence = model.weighing.confidence(table, float(probabilities[best]), best, language)
    sources = _sources(table)
    ranked = [Guess(IDS[best], confidence, sources[best])]
    ranked += _others(table, probabilities, best, confidence, sources)
    senses = tuple(IDS[at] for at in table[_SHARE].nonzero()[0])
    return Known(Guesses(tuple(ranked)), senses)


def _others(
    table: Floats,
    probabilities: Floats,
    best: int,
    confidence: float,
    sources: list[GuessSource],
) -> list[Guess]:
    """Rank the categories that buttons may offer.

    The others lose in proportion what the best gains by calibration. They share evenly what it
    loses, since a habit that no word shows points to none of them.
    """
    left = max(1e-9, 1.0 - float(probabilities[best]))
    rest = min(1.0, (1.0 - confidence) / left)
    order = [int(at) for at in probabilities.argsort()[::-1] if at != best]
    order = [at for at in order if IDS[at] not in SYSTEM]
    even = (1.0 - confidence - rest * left) / len(order)
    # The best stays first where lowering leaves it no more than the next.
    most = confidence * BEHIND
    shares = [min(most, float(probabilities[at]) * rest + even) for at in order]
    named_by_text = table[_NAMED].any(axis=0) | (probabilities >= NAMED_MIN)
    named = frozenset(IDS[at] for at in named_by_text.nonzero()[0])
    # Noise keeps its shares and loses its order, so that confidences fall as they did.
    sensible = order_sensibly(IDS[best], [IDS[at] for at in order], named)
    return [
        Guess(category, share, sources[IDS.index(category)])
        for category, share in zip(sensible, shares, strict=True)
    ]


def _sources(table: Floats) -> list[GuessSource]:
    """Return the kind of evidence for each category, a brand before a phrase before the model."""
    branded = frozenset(table[_BRAND].nonzero()[1].tolist())
    phrased = frozenset(table[_LEXICON].nonzero()[1].tolist())
    return [
        "brand" if at in branded else "lexicon" if at in phrased else "model"
        for at in range(table.shape[1])
    ]
