"""Collect evidence about a text and weigh it into one probability per category.

Every kind of evidence has one weight, the same for all categories, fitted on real notes that the
model had not seen (`bench/training/categories.py`) and kept readable in `evidence.json`.
"""

from __future__ import annotations

import json
import math
import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable

from ai.categories.brands import BrandHit, Brands
from ai.categories.features import buckets_of, words_of
from ai.categories.lexicon import BANK, Hit, Lexicon, Meaning
from ai.categories.ngrams import Ngrams, log_softmax
from ai.categories.statements import read_statement
from ledger.categories import IDS

KINDS = (
    "model",
    "model_flat",
    "packed",
    "lexicon_share",
    "lexicon_first",
    "lexicon_last",
    "lexicon_decides",
    "lexicon_whole",
    "lexicon_joined",
    "brand_whole",
    "brand_leads",
    "brand_phrase",
    "brand_word",
    "brand_merchant",
)
"""Rows that an evidence table may have.

The model's log-probability and probability; a weight or a volume, which is not printed behind a meal;
the share of found phrases that point to a category, the
first and the last phrase, a phrase that decides, one that is the whole text, several of one category
that are the whole text; a brand that is the whole text, that begins it, several words of it, one word
of it, or the merchant."""

Table = dict[str, list[float]]
"""A number for each category by kind of evidence; a kind that a text has none of is left out."""

Curve = tuple[tuple[float, ...], tuple[float, ...]]
"""Points of a rising line, as probabilities and the confidence at each."""

_FOOD, _MEAL = IDS.index("groceries"), IDS.index("eating_out")
_PACKED = re.compile(
    r"\d\s?(?:g|gr|kg|dkg|dag|ml|oz|lbs?|г|гр|кг|мл|克|公斤|毫升|グラム)\b|[1-9](?:[.,]\d+)?\s?(?:l|lt|ltr|л|升)\b",
    re.IGNORECASE,
)
UNNAMED_TRUST = 0.9
"""Share of its confidence that a guess keeps where no phrase and no brand supports it."""
DOUBT_TRUST = 0.8
"""The same where all phrases point elsewhere, and for foods side by side, which may be a dish."""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """The parts that collect evidence."""

    ngrams: Ngrams
    lexicon: Lexicon
    brands: Brands

    def evidence(self, text: str, merchant: str | None = None, language: str = "") -> Table:
        """Return the evidence table of a text and its merchant."""
        whole = words_of(text)
        bank = read_statement(text, whole)
        words = whole if bank is None else bank
        sold_by = words_of(merchant) if merchant else []
        if not words:
            words, sold_by = sold_by, []
        language = language[:2].lower()
        model = self.ngrams.scores(buckets_of(words, sold_by, language))
        table: Table = {"model": model, "model_flat": [math.exp(score) for score in model]}
        # A meal is not sold by the gram, whatever its words mean.
        if _PACKED.search(text):
            _set(table, "packed", (_MEAL,), -1.0)
        found = [] if bank is None else self._find_bank_phrases(whole, words)
        _add_lexicon(table, found or self.lexicon.hits(words, language), len(words))
        self._add_brands(table, words, sold_by, language)
        return table

    def _find_bank_phrases(self, whole: list[str], words: list[str]) -> list[Hit]:
        """Find phrases of bank lines; one that decides may hold words that were dropped."""
        deciding = [h for h in self.lexicon.hits(whole, BANK) if h.meaning.decides]
        return deciding or self.lexicon.hits(words, BANK)

    def _add_brands(
        self, table: Table, words: list[str], sold_by: list[str], language: str
    ) -> None:
        brand = self.brands.find(words)
        if brand is not None:
            _add_brand(table, brand, self.lexicon.meaning(brand.name, language))
        named = self.brands.find(sold_by) if sold_by else None
        if named is not None:
            _set(table, "brand_merchant", (named.category,), 1.0)


@dataclass(frozen=True, slots=True)
class Weighing:
    """One weight per kind of evidence, a bias per category, and calibrations.

    A calibration is a curve from a best guess's probability to how often such a guess was right
    or accepted: one per language with real notes to measure on, "" for all others. `trust` is the
    share of that confidence which a category keeps in those others: what the words mean may be
    plain, and people still file a phone's cover or a bank's fee under different heads. Less so what
    comes every month: `plain_trust` is the share that a text keeps in the categories of bills
    (`bills`) if it is a phrase of the word list with that one meaning, and in any if it decides.
    """

    weights: Mapping[str, float]
    bias: tuple[float, ...]
    calibration: dict[str, Curve]
    trust: tuple[float, ...]
    plain_trust: float
    bills: tuple[str, ...]

    def probabilities(self, table: Table) -> list[float]:
        """Weigh an evidence table into one probability per category."""
        logits: Sequence[float] = self.bias
        for kind, row in table.items():
            weight = self.weights[kind]
            logits = [logit + weight * one for logit, one in zip(logits, row, strict=True)]
        return [math.exp(score) for score in log_softmax(logits)]

    def confidence(self, table: Table, probability: float, best: int, language: str) -> float:
        """Return how often a best guess of this probability is right in this language.

        A shop that is named keeps its category's full confidence: what it sells is known.
        """
        measured = self.calibration.get(language[:2].lower()) if language else None
        confidence = _interpolate(probability, measured or self.calibration[""])
        named = get_share(table, "brand_whole", best) or get_share(table, "brand_merchant", best)
        if measured or named:
            return confidence
        trust = self.trust[best]
        if self._plain(table, best):
            trust = max(trust, self.plain_trust)
        return confidence * min(trust, _support(table, best))

    def _plain(self, table: Table, best: int) -> bool:
        """Return whether the text is one phrase whose one meaning few people would change."""
        if get_share(table, "lexicon_whole", best) != 1.0:
            return False
        return get_share(table, "lexicon_decides", best) > 0 or IDS[best] in self.bills


def get_share(table: Table, kind: str, category: int) -> float:
    """Return what a kind of evidence says for a category, 0 where it says nothing."""
    row = table.get(kind)
    return row[category] if row else 0.0


def _set(table: Table, kind: str, categories: Iterable[int], value: float) -> None:
    row = table.setdefault(kind, [0.0] * len(IDS))
    for at in categories:
        row[at] = value


def _interpolate(probability: float, curve: Curve) -> float:
    """Return the confidence at a probability, between the two points around it."""
    points, confidences = curve
    at = bisect_right(points, probability)
    if at in {0, len(points)}:
        return confidences[max(at - 1, 0)]
    left, right = points[at - 1], points[at]
    low, high = confidences[at - 1], confidences[at]
    return low + (high - low) * (probability - left) / (right - left)


def _support(table: Table, best: int) -> float:
    """Return the share of confidence that the evidence for a guess allows where nothing measured it."""
    share = get_share(table, "lexicon_share", best)
    if "lexicon_share" in table and not share:
        return DOUBT_TRUST
    if best == _FOOD and get_share(table, "lexicon_joined", best):
        return DOUBT_TRUST
    if share or get_share(table, "brand_phrase", best):
        return 1.0
    # One word that is also a shop's name ("Phoenix", "Gulf") supports less than it seems to.
    return DOUBT_TRUST if get_share(table, "brand_word", best) else UNNAMED_TRUST


def _add_lexicon(table: Table, hits: list[Hit], words: int) -> None:
    if not hits:
        return
    shares = table["lexicon_share"] = [0.0] * len(IDS)
    for hit in hits:
        for at in hit.meaning.categories:
            shares[at] += 1.0 / (len(hit.meaning.categories) * len(hits))
        if hit.meaning.decides:
            _set(table, "lexicon_decides", hit.meaning.categories, 1.0)
    for kind, hit in (("lexicon_first", hits[0]), ("lexicon_last", hits[-1])):
        _set(table, kind, hit.meaning.categories, 1.0 / len(hit.meaning.categories))
    meant = hits[0].meaning.categories
    if hits[0].words == words:
        _set(table, "lexicon_whole", meant, 1.0 / len(meant))
    elif sum(hit.words for hit in hits) == words and len({h.meaning for h in hits}) == 1:
        _set(table, "lexicon_joined", meant, 1.0 / len(meant))


def _add_brand(table: Table, brand: BrandHit, word: Meaning | None) -> None:
    """Add a brand found in the text.

    Shops are named after everyday things: a name that the word list knows for something else is
    but a word ("pub", "sale", "market"), and a text that it knows as a whole needs no brand.
    """
    another = word is not None and brand.category not in word.categories
    if another or "lexicon_whole" in table:
        _set(table, "brand_word", (brand.category,), 1.0)
        return
    kind = "brand_whole" if brand.whole else "brand_phrase" if brand.words > 1 else "brand_word"
    _set(table, kind, (brand.category,), 1.0)
    if brand.leads:
        _set(table, "brand_leads", (brand.category,), 1.0)


def read_weighing(path: Traversable) -> Weighing:
    """Load weights of evidence from a file."""
    stored = json.loads(path.read_text(encoding="utf-8"))
    return Weighing(
        {kind: float(stored["weights"][kind]) for kind in KINDS},
        tuple(float(stored["bias"][category]) for category in IDS),
        {
            language: (tuple(curve["probability"]), tuple(curve["confidence"]))
            for language, curve in stored["calibration"].items()
        },
        tuple(float(stored["trust"][category]) for category in IDS),
        float(stored["plain_trust"]),
        tuple(stored["bills"]),
    )
