"""Collect evidence about a text and weigh it into one probability per category.

Every kind of evidence has one weight, the same for all categories, fitted on real notes that the
model had not seen (`bench/training/categories.py`) and kept readable in `evidence.json`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from importlib.resources.abc import Traversable

import numpy as np

from ai.categories.brands import BrandHit, Brands
from ai.categories.features import buckets_of, words_of
from ai.categories.lexicon import BANK, Hit, Lexicon, Meaning
from ai.categories.ngrams import Floats, Ngrams, log_softmax
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
"""Rows of the evidence table.

The model's log-probability and probability; a weight or a volume, which is not printed behind a meal;
the share of found phrases that point to a category, the
first and the last phrase, a phrase that decides, one that is the whole text, several of one category
that are the whole text; a brand that is the whole text, that begins it, several words of it, one word
of it, or the merchant."""

Curve = tuple[tuple[float, ...], tuple[float, ...]]
"""Points of a rising line, as probabilities and the confidence at each."""

_ROW = {kind: row for row, kind in enumerate(KINDS)}
_WHOLE, _DECIDES = _ROW["lexicon_whole"], _ROW["lexicon_decides"]
_JOINED = _ROW["lexicon_joined"]
_NAMED = [_ROW["brand_whole"], _ROW["brand_merchant"]]
_SUPPORT = [_ROW["lexicon_share"], _ROW["brand_phrase"]]
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

    def evidence(self, text: str, merchant: str | None = None, language: str = "") -> Floats:
        """Return the evidence table (kinds x categories) of a text and its merchant."""
        whole = words_of(text)
        bank = read_statement(text, whole)
        words = whole if bank is None else bank
        sold_by = words_of(merchant) if merchant else []
        if not words:
            words, sold_by = sold_by, []
        language = language[:2].lower()
        table = np.zeros((len(KINDS), len(IDS)), dtype=np.float32)
        model = self.ngrams.scores(buckets_of(words, sold_by, language))
        table[0], table[1] = model, np.exp(model)
        # A meal is not sold by the gram, whatever its words mean.
        table[_ROW["packed"], _MEAL] = -1.0 if _PACKED.search(text) else 0.0
        found = [] if bank is None else self._find_bank_phrases(whole, words)
        _add_lexicon(table, found or self.lexicon.hits(words, language), len(words))
        self._add_brands(table, words, sold_by, language)
        return table

    def _find_bank_phrases(self, whole: list[str], words: list[str]) -> list[Hit]:
        """Find phrases of bank lines; one that decides may hold words that were dropped."""
        deciding = [h for h in self.lexicon.hits(whole, BANK) if h.meaning.decides]
        return deciding or self.lexicon.hits(words, BANK)

    def _add_brands(
        self, table: Floats, words: list[str], sold_by: list[str], language: str
    ) -> None:
        brand = self.brands.find(words)
        if brand is not None:
            _add_brand(table, brand, self.lexicon.meaning(brand.name, language))
        named = self.brands.find(sold_by) if sold_by else None
        if named is not None:
            table[_ROW["brand_merchant"], named.category] = 1.0


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

    weights: Floats
    bias: Floats
    calibration: dict[str, Curve]
    trust: Floats
    plain_trust: float
    bills: tuple[str, ...]

    def probabilities(self, table: Floats) -> Floats:
        """Weigh an evidence table into one probability per category."""
        return np.exp(log_softmax(self.weights @ table + self.bias))

    def confidence(self, table: Floats, probability: float, best: int, language: str) -> float:
        """Return how often a best guess of this probability is right in this language.

        A shop that is named keeps its category's full confidence: what it sells is known.
        """
        measured = self.calibration.get(language[:2].lower()) if language else None
        confidence = float(np.interp(probability, *(measured or self.calibration[""])))
        if measured or table[_NAMED, best].any():
            return confidence
        trust = float(self.trust[best])
        if self._plain(table, best):
            trust = max(trust, self.plain_trust)
        return confidence * min(trust, _support(table, best))

    def _plain(self, table: Floats, best: int) -> bool:
        """Return whether the text is one phrase whose one meaning few people would change."""
        if table[_WHOLE, best] != 1.0:
            return False
        return bool(table[_DECIDES, best]) or IDS[best] in self.bills


def _support(table: Floats, best: int) -> float:
    """Return the share of confidence that the evidence for a guess allows where nothing measured it."""
    phrases = table[_ROW["lexicon_share"]]
    if phrases.any() and not phrases[best]:
        return DOUBT_TRUST
    if best == _FOOD and table[_JOINED, best]:
        return DOUBT_TRUST
    if table[_SUPPORT, best].any():
        return 1.0
    # One word that is also a shop's name ("Phoenix", "Gulf") supports less than it seems to.
    return DOUBT_TRUST if table[_ROW["brand_word"], best] else UNNAMED_TRUST


def _add_lexicon(table: Floats, hits: list[Hit], words: int) -> None:
    for hit in hits:
        meant = list(hit.meaning.categories)
        table[_ROW["lexicon_share"], meant] += 1.0 / (len(meant) * len(hits))
        if hit.meaning.decides:
            table[_ROW["lexicon_decides"], meant] = 1.0
    if hits:
        for kind, hit in (("lexicon_first", hits[0]), ("lexicon_last", hits[-1])):
            table[_ROW[kind], list(hit.meaning.categories)] = 1.0 / len(hit.meaning.categories)
        if hits[0].words == words:
            meant = list(hits[0].meaning.categories)
            table[_ROW["lexicon_whole"], meant] = 1.0 / len(meant)
        elif sum(hit.words for hit in hits) == words and len({h.meaning for h in hits}) == 1:
            meant = list(hits[0].meaning.categories)
            table[_JOINED, meant] = 1.0 / len(meant)


def _add_brand(table: Floats, brand: BrandHit, word: Meaning | None) -> None:
    """Add a brand found in the text.

    Shops are named after everyday things: a name that the word list knows for something else is
    but a word ("pub", "sale", "market"), and a text that it knows as a whole needs no brand.
    """
    another = word is not None and brand.category not in word.categories
    if another or table[_ROW["lexicon_whole"]].any():
        table[_ROW["brand_word"], brand.category] = 1.0
        return
    kind = "brand_whole" if brand.whole else "brand_phrase" if brand.words > 1 else "brand_word"
    table[_ROW[kind], brand.category] = 1.0
    if brand.leads:
        table[_ROW["brand_leads"], brand.category] = 1.0


def read_weighing(path: Traversable) -> Weighing:
    """Load weights of evidence from a file."""
    stored = json.loads(path.read_text(encoding="utf-8"))
    return Weighing(
        np.array([stored["weights"][kind] for kind in KINDS], dtype=np.float32),
        np.array([stored["bias"][category] for category in IDS], dtype=np.float32),
        {
            language: (tuple(curve["probability"]), tuple(curve["confidence"]))
            for language, curve in stored["calibration"].items()
        },
        np.array([stored["trust"][category] for category in IDS], dtype=np.float32),
        float(stored["plain_trust"]),
        tuple(stored["bills"]),
    )
