"""Score categories by a softmax over hashed pieces of words, eight bits a weight.

Weights are an `ngrams.bin`, written by `bench/training/categories.py`: the scale and a bias per
category as doubles, then a row of signed bytes for each bucket. A text needs some thirty of the
262,144 rows, so the bundled file stays on the disk and its rows are read one by one (0.5 µs each).
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path
from struct import Struct

from ai.categories.features import BUCKETS
from ledger.categories import IDS

HEAD = Struct(f"<{1 + len(IDS)}d")
ROW = Struct(f"<{len(IDS)}b")


@dataclass(frozen=True, slots=True)
class Ngrams:
    """Weights (buckets x categories) as whole numbers of `scale`, and a bias per category."""

    read_row: Callable[[int], bytes | memoryview]
    """Returns the stored row of a bucket."""
    scale: float
    bias: tuple[float, ...]

    def scores(self, buckets: Iterable[int]) -> list[float]:
        """Return the log-probability of every category, the prior where there are no features."""
        # Training counts a feature once and gives every text the length one.
        rows = [ROW.unpack(self.read_row(bucket)) for bucket in set(buckets)]
        if not rows:
            return log_softmax(self.bias)
        step = self.scale / math.sqrt(len(rows))
        totals = map(sum, zip(*rows, strict=True))
        return log_softmax([b + step * total for b, total in zip(self.bias, totals, strict=True)])


def log_softmax(logits: Sequence[float]) -> list[float]:
    """Return logits as log-probabilities."""
    top = max(logits)
    total = top + math.log(sum([math.exp(logit - top) for logit in logits]))
    return [logit - total for logit in logits]


def read_ngrams(path: Traversable, *, stays: bool = False) -> Ngrams:
    """Load weights from a file; one that `stays` as it is while the program runs is left on the disk.

    Raises:
        OSError: there is no such file.
        ValueError: it is of another size than this program's.
    """
    if not stays:
        return build_ngrams(path.read_bytes())
    # A mapping would be simpler, but Linux may map two megabytes for one row.
    _check_size(Path(str(path)).stat().st_size)
    descriptor = os.open(str(path), os.O_RDONLY)
    scale, *bias = HEAD.unpack(os.pread(descriptor, HEAD.size, 0))
    return Ngrams(
        lambda at: os.pread(descriptor, ROW.size, HEAD.size + at * ROW.size), scale, tuple(bias)
    )


def build_ngrams(stored: bytes) -> Ngrams:
    """Return weights that are kept in memory. Raises ValueError, as above."""
    _check_size(len(stored))
    scale, *bias = HEAD.unpack_from(stored)
    rows = memoryview(stored)[HEAD.size :]
    return Ngrams(lambda at: rows[at * ROW.size : (at + 1) * ROW.size], scale, tuple(bias))


def _check_size(size_bytes: int) -> None:
    if size_bytes != HEAD.size + ROW.size * BUCKETS:
        raise ValueError
