"""Load the categoriser with its first use, so that a quiet process stays small."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from ports.categorising import SURE, Categorised, Correction, Guesses, Memory

if TYPE_CHECKING:
    from ai.categories.local import LocalCategoriser
    from ai.categories.model import Model


_TAUGHT = frozenset({"note", "merchant", "chat"})
_MODEST = SURE - 0.01


class LazyCategoriser:
    """The local categoriser, which imports numpy and its tables with the first guess.

    A modest one is sure only of the chat's lessons, so that a language model is asked about the rest
    (`CATEGORISER=gpt`). Without a model it uses the bundled one.
    """

    def __init__(self, model: Model | None = None, *, is_modest: bool = False) -> None:
        self._model = model
        self.is_modest = is_modest

    @cached_property
    def _categoriser(self) -> LocalCategoriser:
        from ai.categories.local import LocalCategoriser  # noqa: PLC0415  # the point of this class

        return LocalCategoriser(self._model)

    def guess(
        self,
        text: str,
        *,
        merchant: str | None = None,
        language: str = "",
        memory: Memory | None = None,
    ) -> Guesses:
        """Rank categories; see `ports.categorising.Categoriser`."""
        guesses = self._categoriser.guess(
            text,
            merchant=merchant,
            language=language,
            memory=memory,
        )
        return _without_certainty(guesses) if self.is_modest else guesses

    def memory(self, corrections: Iterable[Correction], history: Iterable[Categorised]) -> Memory:
        """Build a chat's memory from stored rows, both oldest first."""
        return self._categoriser.memory(corrections, history)


def _without_certainty(guesses: Guesses) -> Guesses:
    """Lower the confidence of general knowledge below the limit; lessons of the chat stay sure."""
    if not guesses.sure or guesses.best.source in _TAUGHT:
        return guesses
    first = replace(guesses.best, confidence=_MODEST)
    # Only the best is lowered; the others are below the limit, since confidences sum up to 1.
    return Guesses((first, *guesses.ranked[1:]))
