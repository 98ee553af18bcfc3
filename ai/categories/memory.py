"""What one chat taught: exact notes and merchants, and a small model over its own categories.

The small model is a logistic regression over a note's words, learned one line at a time, on top of
what general knowledge says in the chat's own terms. Fresh, it repeats general knowledge; each
choice of a person moves it. So it cannot start below what everybody gets, and categories that a
chat renamed or added are learned from the first time they are used. Plain dictionaries: a year of
entries takes about a megabyte, a guess some 100 µs.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from itertools import pairwise

from ai.categories.features import words_of
from ledger.categories import IDS, merchant_key, note_key
from ports.categorising import Correction, Filed, Guess, Guesses, GuessSource

RATE = 1.0
"""How far one correction moves the model; history moves it by `HISTORY_SHARE` of that."""
HISTORY_SHARE = 0.3
NOTE_CONFIDENCE = 0.97
MERCHANT_CONFIDENCE = 0.9
FORGOTTEN_PER_CHOICE = 0.5
"""A later choice for the same words counts twice as much as the one before it."""
_RANKED_MAX = 6
_UNHEARD = 1e-4
_STILL = 0.01


class ChatMemory:
    """What one chat taught. Not shared between threads while it learns."""

    __slots__ = ("_known", "_labels", "_merchants", "_notes", "_own", "_slopes", "_weights")

    def __init__(self, known: Callable[[str, str | None, str], Guesses]) -> None:
        self._known = known
        self._notes: dict[str, dict[str, float]] = {}
        self._merchants: dict[str, dict[str, float]] = {}
        self._labels: Counter[str] = Counter()
        self._own: defaultdict[str, defaultdict[str, float]] = defaultdict(
            lambda: defaultdict(float)
        )
        self._weights: dict[str, dict[str, float]] = {}
        self._slopes: dict[str, dict[str, float]] = {}

    @classmethod
    def build(
        cls,
        known: Callable[[str, str | None, str], Guesses],
        corrections: Iterable[Correction],
        history: Iterable[Filed],
    ) -> ChatMemory:
        """Build from stored rows, both oldest first; `known` is general knowledge."""
        memory = cls(known)
        for filed in history:
            memory._study(filed.text, filed.merchant, filed.category, HISTORY_SHARE)
        for correction in corrections:
            exact = memory._notes if correction.kind == "note" else memory._merchants
            _remember(exact, correction.key, correction.category)
            memory._study(correction.key, None, correction.category, 1.0)
        return memory

    def learn(self, text: str, merchant: str | None, category: str) -> None:
        """Take a person's choice into account from the next guess on."""
        if note_key(text):
            _remember(self._notes, note_key(text), category)
        if merchant and merchant_key(merchant):
            _remember(self._merchants, merchant_key(merchant), category)
        self._study(text, merchant, category, 1.0)

    def guess(self, text: str, merchant: str | None, language: str = "") -> Guesses:
        """Rank categories: the exact memory first, then the chat's model."""
        general = self._known(text, merchant, language)
        probabilities = self._probabilities(features_of(text, merchant), general)
        source: GuessSource = "chat"
        exact: dict[str, float] | None = self._notes.get(note_key(text)) if text else None
        if exact is not None:
            source, trust = "note", NOTE_CONFIDENCE
        else:
            exact = self._merchants.get(merchant_key(merchant)) if merchant else None
            source, trust = "merchant", MERCHANT_CONFIDENCE
        if exact is None:
            if not self._labels:
                return general
            return _ranked(probabilities, "chat")
        total = sum(exact.values())
        blended = {label: p * (1 - trust) for label, p in probabilities.items()}
        for label, weight in exact.items():
            blended[label] = blended.get(label, 0.0) + trust * weight / total
        return _ranked(blended, source)

    def _study(self, text: str, merchant: str | None, category: str, share: float) -> None:
        features = features_of(text, merchant)
        general = self._known(text, merchant, "")
        self._labels[category] += 1
        probabilities = self._probabilities(features, general)
        length = math.sqrt(len(features) or 1)
        for label, probability in probabilities.items():
            slope = probability - (label == category)
            if abs(slope) < _STILL:
                continue
            for feature in features:
                slopes = self._slopes.setdefault(feature, {})
                weights = self._weights.setdefault(feature, {})
                slopes[label] = slopes.get(label, 0.0) + slope * slope
                step = RATE * share * slope / (length * math.sqrt(slopes[label] + 0.1 * length**2))
                weights[label] = weights.get(label, 0.0) - step
        for guess in general.ranked:
            self._own[guess.category][category] += guess.confidence * share

    def _probabilities(self, features: list[str], general: Guesses) -> dict[str, float]:
        scores = {label: math.log(p + _UNHEARD) for label, p in self._in_own_terms(general).items()}
        for feature in features:
            for label, weight in self._weights.get(feature, {}).items():
                scores[label] = scores.get(label, math.log(_UNHEARD)) + weight
        top = max(scores.values())
        grown = {label: math.exp(score - top) for label, score in scores.items()}
        total = sum(grown.values())
        return {label: value / total for label, value in grown.items()}

    def _in_own_terms(self, general: Guesses) -> dict[str, float]:
        """Translate general categories into the chat's, as its choices have shown."""
        used = sum(self._labels.values())
        default = sum(count for label, count in self._labels.items() if label in IDS)
        as_named = (default + 1) / (used + 1)
        said = dict.fromkeys(self._labels, 0.0)
        for guess in general.ranked:
            own: Mapping[str, float] = self._own.get(guess.category, {})
            weight = sum(own.values()) + as_named + 0.5
            share = guess.confidence / weight
            for label, count in own.items():
                said[label] += share * count
            said[guess.category] = said.get(guess.category, 0.0) + share * as_named
            for label, count in self._labels.items():
                said[label] += share * 0.5 * count / used
        return said


def features_of(text: str, merchant: str | None) -> list[str]:
    """Return what the chat's model looks at: words, pairs, stems, first and last, merchant."""
    words = ["0" if word[0].isdigit() else word for word in words_of(text)]
    named = [word for word in words if word != "0"]
    found = [*named, *(f"{left} {right}" for left, right in pairwise(words))]
    found += [f"{word[:4]}-" for word in named if len(word) > 3]  # noqa: PLR2004 -- a stem
    found += [f"-{word[-4:]}" for word in named if len(word) > 4]  # noqa: PLR2004 -- an ending
    if named:
        found += ["^" + named[0], "$" + named[-1]]
    if merchant:
        found += ["@" + merchant_key(merchant), *("@" + word for word in words_of(merchant))]
    return list(dict.fromkeys(found))


def _remember(exact: dict[str, dict[str, float]], key: str, category: str) -> None:
    labels = exact.setdefault(key, {})
    for label in labels:
        labels[label] *= FORGOTTEN_PER_CHOICE
    labels[category] = labels.get(category, 0.0) + 1.0


def _ranked(probabilities: dict[str, float], source: GuessSource) -> Guesses:
    order = sorted(probabilities, key=lambda label: (-probabilities[label], label))
    return Guesses(
        tuple(Guess(label, probabilities[label], source) for label in order[:_RANKED_MAX])
    )
