"""The two fits of the category model: a softmax by L-BFGS, and the weights of evidence."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.optimize import minimize
from sklearn.isotonic import IsotonicRegression

from ai.categories.evidence import KINDS, Weighing
from ai.categories.features import BUCKETS, buckets_of, words_of
from ai.categories.ngrams import Ngrams
from ledger.categories import IDS

Floats = npt.NDArray[np.float32]
CATEGORIES = len(IDS)
STRENGTH = 30.0
"""Inverse of the penalty on large weights, relative to the number of weighted lines."""
CALIBRATION_STEPS = 20


@dataclass(frozen=True, slots=True)
class Softmax:
    """Fitted weights before they are cut to eight bits."""

    weights: Floats
    bias: Floats

    def quantised(self) -> Ngrams:
        """Cut to eight bits; the few weights beyond the largest step are clipped to it."""
        top = float(np.quantile(np.abs(self.weights[self.weights != 0]), 0.9999))
        scale = top / 127
        cut = np.clip(np.rint(self.weights / scale), -127, 127).astype(np.int8)
        return Ngrams(cut, scale, self.bias.astype(np.float32))


def matrix(lines: Sequence[tuple[str, str | None]]) -> sparse.csr_matrix:
    """Return the feature rows of texts with their merchants, each of length one."""
    columns: list[int] = []
    ends = [0]
    for text, merchant in lines:
        columns += sorted(set(buckets_of(words_of(text), words_of(merchant or ""))))
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


def softmax(features: sparse.csr_matrix, targets: Floats, weights: Floats, turns: int) -> Softmax:
    """Fit a multinomial softmax with soft targets."""
    size = BUCKETS * CATEGORIES
    share = (weights / weights.sum())[:, None]
    penalty = 1.0 / (STRENGTH * float(weights.sum()))
    turned = features.T.tocsr()

    def loss(flat: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        w = flat[:size].reshape(BUCKETS, CATEGORIES).astype(np.float32)
        logits = features @ w + flat[size:].astype(np.float32)
        logits -= logits.max(axis=1, keepdims=True)
        norm = np.log(np.exp(logits).sum(axis=1, keepdims=True))
        fault = -float((share * targets * (logits - norm)).sum())
        slope = (np.exp(logits - norm) - targets) * share
        grown = turned @ slope + penalty * w
        value = fault + 0.5 * penalty * float((w * w).sum())
        return value, np.concatenate([grown.ravel(), slope.sum(axis=0)]).astype(np.float64)

    start = np.zeros(size + CATEGORIES)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": turns})
    flat = found.x.astype(np.float32)
    return Softmax(flat[:size].reshape(BUCKETS, CATEGORIES), flat[size:])


def weighing(tables: Floats, wanted: Sequence[tuple[str, ...]]) -> Weighing:
    """Fit one weight per kind of evidence so that accepted categories get the probability."""
    right = accepted(wanted)
    kinds = len(KINDS)

    def loss(flat: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        logits = np.einsum("k,nkc->nc", flat[:kinds], tables) + flat[kinds:]
        logits -= logits.max(axis=1, keepdims=True)
        p = np.exp(logits)
        p /= p.sum(axis=1, keepdims=True)
        hit = (p * right).sum(axis=1, keepdims=True)
        slope = p - p * right / np.maximum(hit, 1e-9)
        grown = np.concatenate([np.einsum("nc,nkc->k", slope, tables), slope.sum(axis=0)])
        away = flat - start
        fault = -float(np.log(np.maximum(hit, 1e-9)).sum()) + float(away @ (pull * away))
        return fault, grown + 2 * pull * away

    start = np.zeros(kinds + CATEGORIES)
    start[0] = 1.0
    pull = np.concatenate([np.full(kinds, 0.5), np.full(CATEGORIES, 20.0)])
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 300}).x
    weights, bias = found[:kinds].astype(np.float32), found[kinds:].astype(np.float32)
    plain = Weighing(weights, bias, (0.0, 1.0), (0.0, 1.0))
    return calibrated(plain, tables, right)


def calibrated(plain: Weighing, tables: Floats, right: Floats) -> Weighing:
    """Add the calibration: how often a best guess of some probability was accepted."""
    p = np.array([plain.probabilities(table) for table in tables])
    best = p.argmax(axis=1)
    top = p.max(axis=1)
    hit = right[np.arange(len(best)), best]
    curve = IsotonicRegression(y_min=0.02, y_max=0.99, out_of_bounds="clip").fit(top, hit)
    knots = np.linspace(0, 1, CALIBRATION_STEPS + 1)
    smooth = np.array([curve.predict(np.clip(knots + d, 0, 1)) for d in (-0.03, 0, 0.03)]).mean(0)
    return Weighing(
        plain.weights,
        plain.bias,
        tuple(round(float(k), 3) for k in knots),
        tuple(round(float(c), 3) for c in smooth),
    )


def accepted(wanted: Sequence[tuple[str, ...]]) -> Floats:
    """Return a row per line with a one at every category that is right."""
    right = np.zeros((len(wanted), CATEGORIES), np.float32)
    for row, categories in enumerate(wanted):
        right[row, [IDS.index(category) for category in categories]] = 1
    return right


def report(name: str, weighed: Weighing, tables: Floats, wanted: Sequence[tuple[str, ...]]) -> None:
    """Print accepted share of the model alone and of all evidence, the sure part and its truth."""
    right = accepted(wanted)
    rows = np.arange(len(tables))
    alone = right[rows, tables[:, 0].argmax(axis=1)].mean()
    p = np.array([weighed.probabilities(table) for table in tables])
    best = p.argmax(axis=1)
    hit = right[rows, best]
    sure = np.array([weighed.confidence(float(top)) for top in p.max(axis=1)])
    silent = sure >= 0.8
    print(
        f"{name:38s} n {len(tables):6d}  model {alone:.3f}  all {hit.mean():.3f}  "
        f"sure {silent.mean():.2f} right {hit[silent].mean() if silent.any() else 0:.3f}  "
        f"calibration {abs(sure.mean() - hit.mean()):.3f}"
    )


def write(folder: Path, model: Ngrams, weighed: Weighing) -> None:
    """Write the model's two files."""
    np.savez_compressed(
        folder / "ngrams.npz", weights=model.weights, scale=model.scale, bias=model.bias
    )
    stored = {
        "weights": {k: round(float(w), 4) for k, w in zip(KINDS, weighed.weights, strict=True)},
        "bias": {c: round(float(b), 4) for c, b in zip(IDS, weighed.bias, strict=True)},
        "calibration": {"probability": weighed.knots, "confidence": weighed.confidences},
    }
    text = json.dumps(stored, indent=2) + "\n"
    (folder / "evidence.json").write_text(text, encoding="utf-8")
