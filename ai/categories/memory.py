"""Remember one chat's choices as exact notes and merchants, and as a small model.

The small model is a logistic regression over a note's words, learned one line at a time, on top of
general knowledge translated into the chat's own categories. Without lessons it repeats general
knowledge. Each choice of a person moves texts that share words or senses with it; a text that shares
nothing stays as it was until many choices have gone against general knowledge. So no chat starts below
general knowledge, and categories that a chat renamed or added are learned from their first use. It
uses plain dictionaries: a thousand entries take about four megabytes, a guess and a lesson half a
millisecond each.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise

from ai.categories.features import words_of
from ledger.categories import IDS, SPENDING, merchant_key, note_key
from ports.categorising import Categorised, Correction, Guess, Guesses, GuessSource

RATE = 2.0
"""Step of a correction; an entry of the history moves the model by its share of that."""
HISTORY_SHARE = 0.3
SILENT_SHARE = 0.04
"""The same for an entry whose category agrees with the guess or with an earlier choice for its words.

Nobody confirmed it, somebody only did not object."""
NOTE_TRUST = 0.97
MERCHANT_TRUST = 0.9
FORGOTTEN = 0.5
"""Weight of earlier choices for the same words after a later one; at a half, the last always wins."""
SENSE_SHARE = 0.4
"""The effect of a lesson on a whole sense ("food to go"), as a share of the words as written."""
NAMED = 3.0
BELIEVED = 8.0
"""Weight of a general category's own name, in lines of that category and in choices of the chat.

One beer under the chat's own "Vices" must not move every coffee there."""
HABIT = 0.5
"""Lines that point to the chat's most frequent categories if all its choices were against general
knowledge; otherwise multiplied by the square of the share that was."""
LARGE = 40.0
"""Choices below which habit counts for little."""
FIRM = 60.0
"""Lines of a general category under another name before half of them count, if the chat agreed with
general knowledge elsewhere. Falls by the square of the choices that disagreed, so a chat with its own
categories is followed quickly."""
NAME_LINES = 5.0
"""Lines of a general category that a category of the chat begins with if its name means that.

"Gifts for Mia" is known to be about gifts before the first gift is booked there."""
NAME_CONFIDENCE_MIN = 0.5
NAME_MEANINGS_MAX = 2
RANKED_MAX = 6
"""Guesses that are returned; all categories have their share inside."""
STEM = 4
"""Letters at the start and end of a word that its plurals, cases and misspellings share."""
_NEVER_TAUGHT = frozenset(IDS) - frozenset(SPENDING)
"""Income and transfer are types of entries; learned for words, they would turn later expenses."""
_UNSEEN = 1e-4
_STILL = 0.01


@dataclass(frozen=True, slots=True)
class Known:
    """General knowledge about a text, as guesses and the senses of the phrases found in it."""

    guesses: Guesses
    senses: tuple[str, ...] = ()


GeneralKnowledge = Callable[[str, str | None, str], Known]
"""Maps text, merchant and language of an entry to general knowledge about it."""


class ChatMemory:
    """The lessons of one chat. Not safe to share between threads while it learns."""

    __slots__ = ("_chat", "_known", "_merchants", "_notes", "_taught")

    def __init__(self, known: GeneralKnowledge) -> None:
        self._known = known
        self._notes: dict[str, dict[str, float]] = {}
        self._merchants: dict[str, dict[str, float]] = {}
        self._chat = ChatModel()
        # The share of a line that each text has taught for a category, one at most.
        self._taught: dict[tuple[str, str], float] = {}

    @classmethod
    def build(
        cls,
        known: GeneralKnowledge,
        corrections: Iterable[Correction],
        history: Iterable[Categorised],
    ) -> ChatMemory:
        """Build from stored rows, both oldest first."""
        memory = cls(known)
        corrected = tuple(c for c in corrections if c.category not in _NEVER_TAUGHT)
        for correction in corrected:
            exact = memory._notes if correction.kind == "note" else memory._merchants
            _remember(exact, correction.key, correction.category)
        for earlier in history:
            if earlier.category not in _NEVER_TAUGHT:
                memory._study_earlier(earlier)
        for correction in corrected:
            memory._study(correction.key, None, correction.category, 1.0)
        return memory

    def learn(self, text: str, merchant: str | None, category: str) -> None:
        """Take a person's choice into account from the next guess on, unless it is income."""
        if category in _NEVER_TAUGHT:
            return
        if note_key(text):
            _remember(self._notes, note_key(text), category)
        if merchant and merchant_key(merchant):
            _remember(self._merchants, merchant_key(merchant), category)
        self._study(text, merchant, category, 1.0)

    def guess(self, text: str, merchant: str | None, language: str = "") -> Guesses:
        """Rank categories by the exact memory first, then by the chat's model."""
        known = self._known(text, merchant, language)
        chosen = self._notes.get(note_key(text))
        source: GuessSource = "note"
        trust = NOTE_TRUST
        if chosen is None and merchant:
            chosen = self._merchants.get(merchant_key(merchant))
            source, trust = "merchant", MERCHANT_TRUST
        if chosen is None and not self._chat.labels:
            return Guesses(known.guesses.ranked[:RANKED_MAX])
        probabilities = self._chat.probabilities(features_of(text, merchant, known), known.guesses)
        if chosen is None:
            return _ranked(probabilities, "chat")
        total = sum(chosen.values())
        blended = {label: p * (1 - trust) for label, p in probabilities.items()}
        for label, weight in chosen.items():
            blended[label] = blended.get(label, 0.0) + trust * weight / total
        return _ranked(blended, source)

    def _study_earlier(self, earlier: Categorised) -> None:
        """Learn from an entry of the ledger, little if its category is the expected one."""
        known = self._known(earlier.text, earlier.merchant, "")
        chosen = self._notes.get(note_key(earlier.text))
        if chosen is None and earlier.merchant:
            chosen = self._merchants.get(merchant_key(earlier.merchant))
        expected = max(chosen, key=chosen.__getitem__) if chosen else known.guesses.best.category
        share = SILENT_SHARE if earlier.category == expected else HISTORY_SHARE
        self._study(earlier.text, earlier.merchant, earlier.category, share)

    def _study(self, text: str, merchant: str | None, category: str, share: float) -> None:
        if category not in self._chat.labels and category not in IDS:
            self._chat.introduce(category, self._known(category, None, "").guesses)
        known = self._known(text, merchant, "")
        features = features_of(text, merchant, known)
        lesson = (note_key(text) or merchant_key(merchant or ""), category)
        already = self._taught.get(lesson, 0.0)
        new = min(share, 1.0 - already)
        if new <= 0:
            # The senses of a text are taught once, or a daily coffee would move every drink.
            words = [feature for feature in features if feature[0] != "="]
            self._chat.learn(words, known.guesses, category, share)
            return
        self._taught[lesson] = already + new
        self._chat.learn(features, known.guesses, category, share)
        self._chat.translate(known.guesses, category, new, first=not already)


class ChatModel:
    """A logistic regression over one chat's categories, on top of general guesses."""

    __slots__ = ("_against", "_learned", "_own", "_slopes", "_weights", "labels")

    def __init__(self) -> None:
        self.labels: Counter[str] = Counter()
        self._learned = 0.0
        self._against = 0.0
        self._own: dict[str, dict[str, float]] = {}
        self._weights: dict[str, dict[str, float]] = {}
        self._slopes: dict[str, dict[str, float]] = {}

    def learn(self, features: list[str], general: Guesses, category: str, share: float) -> None:
        """Move words towards a category by Adagrad steps; `share` is 1 for a choice."""
        self.labels.setdefault(category, 0)
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

    def introduce(self, category: str, meaning: Guesses) -> None:
        """Translate general categories into a new one of the chat by the meaning of its name."""
        if meaning.best.source == "model" or meaning.best.confidence < NAME_CONFIDENCE_MIN:
            return
        for guess in meaning.ranked[:NAME_MEANINGS_MAX]:
            own = self._own.setdefault(guess.category, {})
            own[category] = own.get(category, 0.0) + NAME_LINES * guess.confidence

    def translate(self, general: Guesses, category: str, share: float, *, first: bool) -> None:
        """Learn the chat's name for a general category; `first` if these words are new.

        A daily coffee makes a hundred entries and counts as one line, since it shows one habit only.
        """
        self.labels[category] += first
        self._learned += share
        if category != general.best.category:
            self._against += share * general.best.confidence
        for guess in general.ranked:
            own = self._own.setdefault(guess.category, {})
            own[category] = own.get(category, 0.0) + guess.confidence * share

    def probabilities(self, features: list[str], general: Guesses) -> dict[str, float]:
        """Return a probability per category of the chat or of general knowledge."""
        own = self._in_own_terms(general)
        scores = {label: math.log(p + _UNSEEN) for label, p in own.items()}
        for feature in features:
            for label, weight in self._weights.get(feature, {}).items():
                scores[label] = scores.get(label, math.log(_UNSEEN)) + weight
        top = max(scores.values())
        grown = {label: math.exp(score - top) for label, score in scores.items()}
        unnamed = max(0.0, 1.0 - sum(guess.confidence for guess in general.ranked))
        total = sum(grown.values()) + unnamed * math.exp(-top)
        return {label: value / total for label, value in grown.items()}

    def _in_own_terms(self, general: Guesses) -> dict[str, float]:
        """Translate general categories into the chat's, as its choices have shown.

        A chat that uses the default names is taken to mean them. In a chat with names of its own, a
        general category soon means the one that the chat chose for it. One choice is not a habit: a
        coffee under "Vices" does not move the taxi, and hardly the pizza.
        """
        used = sum(self.labels.values()) or 1
        default = sum(count for label, count in self.labels.items() if label in IDS)
        as_named = NAMED * (default + BELIEVED) / (used + BELIEVED)
        habit = HABIT * (self._against / (self._learned + LARGE)) ** 2
        firm = FIRM * as_named / NAMED / (1.0 + self._against) ** 2
        shares = dict.fromkeys(self.labels, 0.0)
        for guess in general.ranked:
            # The more of a general category went to other names, the less its own name counts.
            own = self._own.get(guess.category, {})
            seen = sum(own.values())
            shown = seen / (seen + firm)
            share = guess.confidence / (shown * seen + as_named + habit)
            for label, count in own.items():
                shares[label] += share * shown * count
            shares[guess.category] = shares.get(guess.category, 0.0) + share * as_named
            for label, count in self.labels.items():
                shares[label] += share * habit * count / used
        return shares


def features_of(text: str, merchant: str | None, known: Known) -> list[str]:
    """Return the features of the chat's model, each once.

    Words, neighbours, stems, first and last word, numbers, the merchant, and the known senses.
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
