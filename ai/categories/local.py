"""The local categoriser: what the chat taught first, then what is known of the world's words."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from ai.categories.brands import open_brands
from ai.categories.evidence import KINDS, Knowledge, Weighing, open_weighing
from ai.categories.features import words_of
from ai.categories.lexicon import open_lexicon
from ai.categories.memory import ChatMemory
from ai.categories.ngrams import Floats, open_ngrams
from ledger.categories import IDS, SYSTEM
from ports.categorising import Correction, Filed, Guess, Guesses, GuessSource, Memory

RANKED_MAX = 6
_MODEL_ROWS = 2
_FIRST_BRAND_ROW = KINDS.index("brand_whole")


class LocalCategoriser:
    """Ranks categories on this machine; its files are read on the first guess."""

    def guess(
        self,
        text: str,
        *,
        merchant: str | None = None,
        amount_minor: int | None = None,  # noqa: ARG002 -- figures told nothing in measurement
        currency: str | None = None,  # noqa: ARG002 -- as the amount
        language: str = "",
        memory: Memory | None = None,
    ) -> Guesses:
        """Rank categories; see `ports.categorising.Categoriser`."""
        if memory is None:
            return self._known(text, merchant, language)
        assert isinstance(memory, ChatMemory), "a memory comes from the plug that reads it"
        return memory.guess(text, merchant, language)

    def memory(self, corrections: Iterable[Correction], history: Iterable[Filed]) -> ChatMemory:
        """Build what a chat taught from stored rows, both oldest first."""
        return ChatMemory.build(self._known, corrections, history)

    @staticmethod
    def _known(text: str, merchant: str | None, language: str = "") -> Guesses:
        """Rank by general knowledge alone."""
        if not words_of(text) and not (merchant and words_of(merchant)):
            return Guesses((Guess("other", 0.0, "model"),))
        knowledge, weighing = _parts()
        table = knowledge.evidence(text, merchant, language)
        probabilities = weighing.probabilities(table)
        order = [int(at) for at in probabilities.argsort()[::-1]]
        best = order[0]
        sure = weighing.confidence(float(probabilities[best]), language)
        # What the best gains or loses by calibration, the others share.
        rest = (1.0 - sure) / max(1e-9, 1.0 - float(probabilities[best]))
        ranked = [Guess(IDS[best], sure, _source(table, best))]
        for at in order[1:]:
            share = min(sure, float(probabilities[at]) * rest)
            if IDS[at] not in SYSTEM:
                ranked.append(Guess(IDS[at], share, _source(table, at)))
        return Guesses(tuple(ranked[:RANKED_MAX]))


@lru_cache(maxsize=1)
def _parts() -> tuple[Knowledge, Weighing]:
    """Load the bundled files once per process."""
    return Knowledge(open_ngrams(), open_lexicon(), open_brands()), open_weighing()


def _source(table: Floats, category: int) -> GuessSource:
    """Name what spoke loudest for a category besides the model."""
    spoken = table[_MODEL_ROWS:, category]
    if not spoken.any():
        return "model"
    return "brand" if spoken[_FIRST_BRAND_ROW - _MODEL_ROWS :].any() else "lexicon"
