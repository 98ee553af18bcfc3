"""The two fits of the category model: a softmax by L-BFGS, and the weights of evidence."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.optimize import minimize
from sklearn.isotonic import IsotonicRegression

from ai.categories.evidence import KINDS, Curve, Knowledge, Table, Weighing
from ai.categories.features import BUCKETS, buckets_of
from ai.categories.model import NGRAMS
from ai.categories.ngrams import HEAD
from ledger.categories import IDS
from ports.categorising import SURE

Floats = npt.NDArray[np.float32]
CATEGORIES = len(IDS)
SEED = 3
RATE = 0.3
BIAS_RATE = 0.03
ROUNDS = 5
BATCH = 1024
CALIBRATION_STEPS = 20
CAUTION = 0.08
DRAWN_CAUTION = 0.0
"""How much a confidence of two thirds, where it is lowered most, loses, since filing without a question
needs more than an even chance. Drawn notes lose nothing, for they are made to be hard."""
EVERYDAY = ("groceries", "eating_out", "transport", "travel", "health", "kids_pets")
CONVENTION_TRUST = 0.72
"""What is left of the confidence in the other categories where no real notes of the language taught
it. Drawn notes know no habits: they file a phone's cover under shopping every time, where people
also write it under gifts or other. In the one household that measures English, sure guesses were
right in .95 of the everyday categories and in .65 of all others."""
BILLS = ("housing", "utilities", "subscriptions", "personal_care")
PLAIN_TRUST = 0.83
"""What is left where the text is nothing but a phrase of the word list with one meaning, among the
bills and whatever decides alone ("school fees"): enough for a phrase that the model is certain of,
too little for the rest. In the household sure guesses go from .508 at .948 right to .534 at .934;
1.0 for every category would make it .606 at .896."""
WEIGHT_PULL = 0.5
BIAS_PULL = 2.0
"""How firmly the weights of evidence and the biases are held at their start, in lines."""


@dataclass(frozen=True, slots=True)
class Softmax:
    """Fitted weights before they are cut to eight bits."""

    weights: Floats
    bias: Floats

    def quantised(self) -> bytes:
        """Return an `ngrams.bin` of eight bits a weight; the few weights beyond the largest step are clipped to it."""
        top = float(np.quantile(np.abs(self.weights[self.weights != 0]), 0.9999))
        scale = top / 127
        cut = np.clip(np.rint(self.weights / scale), -127, 127).astype(np.int8)
        stored: bytes = HEAD.pack(scale, *self.bias.tolist()) + cut.tobytes()
        return stored


def matrix(lines: Sequence[tuple[list[str], list[str], str]]) -> sparse.csr_matrix:
    """Return the feature rows of words, a merchant's words and a language, each of length one."""
    columns: list[int] = []
    ends = [0]
    for words, merchant, language in lines:
        columns += sorted(set(buckets_of(words, merchant, language)))
        ends.append(len(columns))
    counts = np.maximum(1, np.diff(ends))
    values = np.repeat(1 / np.sqrt(counts), np.diff(ends)).astype(np.float32)
    shape = (len(lines), BUCKETS)
    return sparse.csr_matrix((values, np.array(columns, np.int32), np.array(ends)), shape=shape)


def target(categories: tuple[str, ...], accepted_share: float) -> Floats:
    """Return what a line teaches: mostly its category, a little those that are also right."""
    wanted = np.zeros(CATEGORIES, np.float32)
    also = categories[1:]
    wanted[IDS.index(categories[0])] = 1 - accepted_share if also else 1
    for category in also:
        wanted[IDS.index(category)] += accepted_share / len(also)
    return wanted


def softmax(features: sparse.csr_matrix, targets: Floats, weights: Floats) -> Softmax:
    """Fit a multinomial softmax with soft targets by Adagrad, whose steps suit rare features."""
    chance = np.random.default_rng(SEED)
    weights = weights / weights.mean()
    w = np.zeros((BUCKETS, CATEGORIES), np.float32)
    moved = np.full((BUCKETS, CATEGORIES), 0.01, np.float32)
    bias = np.zeros(CATEGORIES, np.float32)
    bias_moved = np.ones(CATEGORIES, np.float32)
    for _ in range(ROUNDS):
        order = chance.permutation(features.shape[0])
        for start in range(0, len(order), BATCH):
            rows = np.sort(order[start : start + BATCH])
            batch = features[rows]
            columns, inverse = np.unique(batch.indices, return_inverse=True)
            shape = (len(rows), len(columns))
            batch = sparse.csr_matrix((batch.data, inverse, batch.indptr), shape=shape)
            slope = _shares(batch @ w[columns] + bias) - targets[rows]
            slope *= weights[rows][:, None]
            grown = batch.T @ slope
            moved[columns] += grown * grown
            w[columns] -= RATE * grown / np.sqrt(moved[columns])
            bias_slope = slope.sum(axis=0)
            bias_moved += bias_slope * bias_slope
            bias -= BIAS_RATE * bias_slope / np.sqrt(bias_moved)
    return Softmax(w, bias)


def _shares(logits: Floats) -> Floats:
    grown = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(grown / grown.sum(axis=1, keepdims=True))


@dataclass(slots=True)
class Judged:
    """Lines with the evidence of a model that had not seen them."""

    tables: list[Table] = field(default_factory=list)
    wanted: list[tuple[str, ...]] = field(default_factory=list)

    def add(self, knowledge: Knowledge, examples: Sequence[Example]) -> None:
        """Let a model judge these lines."""
        for example in examples:
            self.tables.append(knowledge.evidence(example.text, example.merchant, example.language))
            self.wanted.append(example.categories)

    def stacked(self) -> Floats:
        """Return the tables as one array (lines x kinds x categories)."""
        nothing = [0.0] * CATEGORIES
        rows = [[table.get(kind, nothing) for kind in KINDS] for table in self.tables]
        return np.array(rows, dtype=np.float32)


class Example(Protocol):
    """A line that can be judged."""

    @property
    def text(self) -> str: ...
    @property
    def merchant(self) -> str | None: ...
    @property
    def language(self) -> str: ...
    @property
    def categories(self) -> tuple[str, ...]: ...


def weighing(french: Judged, drawn: Judged, *others: Judged) -> Weighing:
    """Fit one weight per kind of evidence so that accepted categories get the probability.

    French notes and drawn ones also give the calibrations.
    """
    judged = (french, drawn, *others)
    tables = np.concatenate([lines.stacked() for lines in judged])
    right = accepted([wanted for lines in judged for wanted in lines.wanted])
    kinds = len(KINDS)

    def loss(flat: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        logits = np.einsum("k,nkc->nc", flat[:kinds], tables) + flat[kinds:]
        p = _shares(logits)
        hit = (p * right).sum(axis=1, keepdims=True)
        slope = p - p * right / np.maximum(hit, 1e-9)
        grown = np.concatenate([np.einsum("nc,nkc->k", slope, tables), slope.sum(axis=0)])
        away = flat - start
        fault = -float(np.log(np.maximum(hit, 1e-9)).sum()) + float(away @ (pull * away))
        return fault, grown + 2 * pull * away

    start = np.zeros(kinds + CATEGORIES)
    start[0] = 1.0
    pull = np.concatenate([np.full(kinds, WEIGHT_PULL), np.full(CATEGORIES, BIAS_PULL)])
    # A brand never speaks against what it names, and a phrase that is the whole text speaks for it.
    least = {kind: 0.0 for kind in KINDS if kind.startswith("brand_")}
    least |= {"lexicon_whole": 1.0, "packed": 0.0}
    bounds = [(least.get(kind), None) for kind in KINDS]
    bounds += [(None, None)] * CATEGORIES
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x
    weights = dict(zip(KINDS, found[:kinds].tolist(), strict=True))
    bias = tuple(found[kinds:].tolist())
    trust = tuple(1.0 if c in EVERYDAY else CONVENTION_TRUST for c in IDS)
    plain = Weighing(weights, bias, {}, trust, PLAIN_TRUST, BILLS)
    curves = {
        "fr": calibration(plain, french, CAUTION),
        "": calibration(plain, drawn, DRAWN_CAUTION),
    }
    return Weighing(weights, bias, curves, trust, PLAIN_TRUST, BILLS)


def calibration(plain: Weighing, judged: Judged, caution: float) -> Curve:
    """Return how often a best guess of some probability was accepted, as a rising curve."""
    p = np.array([plain.probabilities(table) for table in judged.tables])
    best = p.argmax(axis=1)
    top = p.max(axis=1)
    hit = accepted(judged.wanted)[np.arange(len(best)), best]
    curve = IsotonicRegression(y_min=0.02, y_max=0.99, out_of_bounds="clip").fit(top, hit)
    knots = np.linspace(0, 1, CALIBRATION_STEPS + 1)
    smooth = np.array([curve.predict(np.clip(knots + d, 0, 1)) for d in (-0.03, 0, 0.03)]).mean(0)
    smooth -= caution * 6.75 * smooth**2 * (1 - smooth)
    rising = np.maximum.accumulate(np.clip(smooth, 0.02, 0.99))
    return tuple(round(float(k), 3) for k in knots), tuple(round(float(c), 3) for c in rising)


def accepted(wanted: Sequence[tuple[str, ...]]) -> Floats:
    """Return a row per line with a one at every category that is right."""
    right = np.zeros((len(wanted), CATEGORIES), np.float32)
    for row, categories in enumerate(wanted):
        right[row, [IDS.index(category) for category in categories]] = 1
    return right


def report(name: str, weighed: Weighing, judged: Judged, language: str) -> None:
    """Print accepted share of the model alone and of all evidence, the sure part and its truth."""
    right = accepted(judged.wanted)
    rows = np.arange(len(right))
    alone = right[rows, judged.stacked()[:, 0].argmax(axis=1)].mean()
    p = np.array([weighed.probabilities(table) for table in judged.tables])
    best = p.argmax(axis=1)
    hit = right[rows, best]
    guesses = zip(judged.tables, p.max(axis=1), best, strict=True)
    sure = np.array([weighed.confidence(t, float(top), int(b), language) for t, top, b in guesses])
    silent = sure >= SURE
    covered = np.argsort(-sure, kind="stable")[: max(1, int(0.8 * len(sure)))]
    steps = np.minimum(9, (sure * 10).astype(int))
    error = sum(abs(sure[steps == s].sum() - hit[steps == s].sum()) for s in range(10)) / len(hit)
    print(
        f"{name:36s} n {len(hit):6d}  model {alone:.3f}  all {hit.mean():.3f}  at .8 covered "
        f"{hit[covered].mean():.3f}  sure {silent.mean():.2f} right "
        f"{hit[silent].mean() if silent.any() else 0:.3f}  calibration error {error:.3f}"
    )


def write(folder: Path, ngrams: bytes, weighed: Weighing) -> None:
    """Write the model's two files."""
    # Replaced and never written in place, since a running bot may read rows of the old file.
    fresh = folder / f"{NGRAMS}.new"
    fresh.write_bytes(ngrams)
    fresh.replace(folder / NGRAMS)
    stored = {
        "weights": {kind: round(weight, 4) for kind, weight in weighed.weights.items()},
        "bias": {c: round(b, 4) for c, b in zip(IDS, weighed.bias, strict=True)},
        "trust": {c: round(share, 4) for c, share in zip(IDS, weighed.trust, strict=True)},
        "plain_trust": weighed.plain_trust,
        "bills": weighed.bills,
        "calibration": {
            language: {"probability": knots, "confidence": confidences}
            for language, (knots, confidences) in weighed.calibration.items()
        },
    }
    text = json.dumps(stored, indent=2) + "\n"
    (folder / "evidence.json").write_text(text, encoding="utf-8")
