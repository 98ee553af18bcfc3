"""Score categories by a softmax over hashed pieces of words, eight bits a weight.

Weights are an `ngrams.npz` (see `model`), written by `bench/training/categories.py`; numpy alone reads them.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources.abc import Traversable

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Ngrams:
    """Weights (buckets x categories) as whole numbers of `scale`, and a bias per category."""

    weights: npt.NDArray[np.int8]
    scale: float
    bias: Floats

    def scores(self, buckets: list[int]) -> Floats:
        """Return the log-probability of every category, the prior where there are no features."""
        logits = self.bias
        if buckets:
            # Training counts a feature once and gives every text the length one.
            unique = np.fromiter(set(buckets), dtype=np.intp)
            total = self.weights[unique].sum(axis=0, dtype=np.int32)
            logits = self.bias + total * np.float32(self.scale / len(unique) ** 0.5)
        return log_softmax(logits)


def log_softmax(logits: Floats) -> Floats:
    """Return logits as log-probabilities."""
    shifted = logits - np.max(logits)
    return np.asarray(shifted - np.log(np.exp(shifted).sum()), dtype=np.float32)


def read_ngrams(path: Traversable) -> Ngrams:
    """Load weights from a file."""
    with path.open("rb") as source:
        stored = np.load(source)
        return Ngrams(stored["weights"], float(stored["scale"]), stored["bias"])
