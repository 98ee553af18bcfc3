"""What one chat taught: exact notes and merchants, and a small model over its own categories.

The small model is a logistic regression over a note's words, learned one line at a time, on top of
what general knowledge says in the chat's own terms. Fresh, it repeats general knowledge; each
choice of a person moves it. So it cannot start below what everybody gets, and categories that a
chat renamed or added are learned from the first time they are used. Plain dictionaries: a thousand
entries take some four megabytes, a guess and a lesson half a millisecond each.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise

from ai.categories.features import words_of
from ledger.categories import IDS, merchant_key, note_key
from ports.categorising import Correction, Filed, Guess, Guesses, GuessSource

RATE = 2.0
"""How far a correction moves the model; an entry of the history moves it by its share of that."""
HISTORY_SHARE = 0.3
NOTE_TRUST = 0.97
MERCHANT_TRUST = 0.9
FORGOTTEN = 0.5
"""What an earlier choice for the same words still counts once a later one was made; at a half,
the last choice always wins."""
SENSE_SHARE = 0.3
"""How far a lesson moves a whole sense ("food to go") against the words that were written."""
NAMED = 3.0
BELIEVED = 8.0
"""How firmly a general category is taken to mean what it is called, in lines of that category and
in choices of the chat: one beer filed under the chat's own "Vices" must not draw every coffee."""
RANKED_MAX = 6
STEM = 4
"""Letters at the start and end of a word that stand for its kin (plural, case, typing errors)."""
_UNHEARD = 1e-4
_STILL = 0.01
_SMOOTH = 0.5


@dataclass(frozen=True, slots=True)
class Known:
    """What general knowledge says of a text: its guesses, and the senses of phrases it knows."""

    guesses: Guesses
    senses: tuple[str, ...] = ()


GeneralKnowledge = Callable[[str, str | None, str], Known]
"""Text, merchant and language of an entry to what is generally known of it."""


class ChatMemory:
    """What one chat taught. Not to be shared between threads while it learns."""

    __slots__ = ("_chat", "_known", "_merchants", "_notes")

    def __init__(self, known: GeneralKnowledge) -> None:
        self._known = known
        self._notes: dict[str, dict[str, float]] = {}
        self._merchants: dict[str, dict[str, float]] = {}
        self._chat = ChatModel()

    @classmethod
    def build(
        cls, known: GeneralKnowledge, corrections: Iterable[Correction], history: Iterable[Filed]
    ) -> ChatMemory:
        """Build from stored rows, both oldest first."""
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
        known = self._known(text, merchant, language)
        chosen = self._notes.get(note_key(text))
        source: GuessSource = "note"
        trust = NOTE_TRUST
        if chosen is None and merchant:
            chosen = self._merchants.get(merchant_key(merchant))
            source, trust = "merchant", MERCHANT_TRUST
        if chosen is None and not self._chat.labels:
            return known.guesses
        probabilities = self._chat.probabilities(features_of(text, merchant, known), known.guesses)
        if chosen is None:
            return _ranked(probabilities, "chat")
        total = sum(chosen.values())
        blended = {label: p * (1 - trust) for label, p in probabilities.items()}
        for label, weight in chosen.items():
            blended[label] = blended.get(label, 0.0) + trust * weight / total
        return _ranked(blended, source)

    def _study(self, text: str, merchant: str | None, category: str, share: float) -> None:
        known = self._known(text, merchant, "")
        self._chat.learn(features_of(text, merchant, known), known.guesses, category, share)


class ChatModel:
    """A logistic regression over one chat's categories, on top of general guesses."""

    __slots__ = ("_own", "_slopes", "_weights", "labels")

    def __init__(self) -> None:
        self.labels: Counter[str] = Counter()
        self._own: dict[str, dict[str, float]] = {}
        self._weights: dict[str, dict[str, float]] = {}
        self._slopes: dict[str, dict[str, float]] = {}

    def learn(self, features: list[str], general: Guesses, category: str, share: float) -> None:
        """Move towards a category by Adagrad steps; `share` is 1 for a correction."""
        self.labels[category] += 1
        length = math.sqrt(len(features) or 1)
        for label, probability in self.probabilities(features, general).items():
            slope = probability - (label == category)
            if abs(slope) < _STILL:
                continue
            for feature in features:
                slopes = self._slopes.setdefault(feature, {})
                weights = self._weights.setdefault(feature, {})
                slopes[label] = slopes.get(label, 0.0) + slope * slope
                step = RATE * share * slope / math.sqrt(slopes[label] + 0.1 * length * length)
                if feature[0] == "=":
                    step *= SENSE_SHARE
                weights[label] = weights.get(label, 0.0) - step / length
        for guess in general.ranked:
            own = self._own.setdefault(guess.category, {})
            own[category] = own.get(category, 0.0) + guess.confidence * share

    def probabilities(self, features: list[str], general: Guesses) -> dict[str, float]:
        """Return a probability per category that the chat uses or general knowledge names."""
        said = self._in_own_terms(general)
        scores = {label: math.log(p + _UNHEARD) for label, p in said.items()}
        for feature in features:
            for label, weight in self._weights.get(feature, {}).items():
                scores[label] = scores.get(label, math.log(_UNHEARD)) + weight
        top = max(scores.values())
        grown = {label: math.exp(score - top) for label, score in scores.items()}
        total = sum(grown.values())
        return {label: value / total for label, value in grown.items()}

    def _in_own_terms(self, general: Guesses) -> dict[str, float]:
        """Translate general categories into the chat's, as its choices have shown.

        A chat that uses the default names is believed to mean them; where it uses its own, a
        general category soon stands for what the chat filed under it.
        """
        used = sum(self.labels.values())
        default = sum(count for label, count in self.labels.items() if label in IDS)
        as_named = NAMED * (default + BELIEVED) / (used + BELIEVED)
        said = dict.fromkeys(self.labels, 0.0)
        for guess in general.ranked:
            own = self._own.get(guess.category, {})
            share = guess.confidence / (sum(own.values()) + as_named + _SMOOTH)
            for label, count in own.items():
                said[label] += share * count
            said[guess.category] = said.get(guess.category, 0.0) + share * as_named
            for label, count in self.labels.items():
                said[label] += share * _SMOOTH * count / used
        return said


def features_of(text: str, merchant: str | None, known: Known) -> list[str]:
    """Return what the chat's model looks at, each once.

    Words, neighbours, stems, first and last word, figures, the merchant, and the known senses.
    """
    written = words_of(text)
    words = ["0" if word[0].isdigit() else word for word in written]
    named = [word for word in words if word != "0"]
    found = [*named, *(f"{left} {right}" for left, right in pairwise(words))]
    found += [f"{word[:STEM]}-" for word in named if len(word) >= STEM]
    found += [f"-{word[-STEM:]}" for word in named if len(word) > STEM]
    found += [f"#{word}" for word in written if word[0].isdigit()]
    if named:
        found += ["^" + named[0], "$" + named[-1]]
    if merchant:
        found += ["@" + merchant_key(merchant), *("@" + word for word in words_of(merchant))]
    found += [f"={sense}" for sense in known.senses]
    return list(dict.fromkeys(found))


def _remember(exact: dict[str, dict[str, float]], key: str, category: str) -> None:
    labels = exact.setdefault(key, {})
    for label in labels:
        labels[label] *= FORGOTTEN
    labels[category] = labels.get(category, 0.0) + 1.0


def _ranked(probabilities: dict[str, float], source: GuessSource) -> Guesses:
    order = sorted(probabilities, key=lambda label: (-probabilities[label], label))
    best = order[:RANKED_MAX]
    return Guesses(tuple(Guess(label, probabilities[label], source) for label in best))
