"""Rank the candidates of a field by a sum of weighted features, turned into probabilities.

The weights are in `weights.toml`, one readable line a feature; a positive weight supports a
candidate. They are trained by `bench/training/receipts.py`. The candidates of a field
compete with each other and with "none of them".
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Generic, TypeVar

T = TypeVar("T")
Features = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Candidate(Generic[T]):
    """A value that a field may have, its features, and its place in the print."""

    value: T
    features: Features
    evidence: str
    rows: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Ranked(Generic[T]):
    """A candidate with its share of the belief; shares of one field sum to at most 1."""

    candidate: Candidate[T]
    probability: float

    @property
    def value(self) -> T:
        """Return the candidate's value."""
        return self.candidate.value


def rank(field: str, candidates: Sequence[Candidate[T]]) -> tuple[Ranked[T], ...]:
    """Order the candidates of a field by belief, best first; ties keep the reading order."""
    weights = load_weights()[field]
    scores = [sum_weights(candidate.features, weights) for candidate in candidates]
    top = max((0.0, *scores))
    masses = [math.exp(value - top) for value in scores]
    total = sum(masses) + math.exp(-top)
    ranked = [
        Ranked(candidate, mass / total) for candidate, mass in zip(candidates, masses, strict=True)
    ]
    return tuple(sorted(ranked, key=lambda item: -item.probability))


def sum_weights(features: Features, weights: Mapping[str, float]) -> float:
    """Return the weighted sum of the features; one without a weight counts nothing."""
    return weights.get("bias", 0.0) + sum(
        weights.get(name, 0.0) * value for name, value in features.items()
    )


@cache
def load_weights() -> dict[str, dict[str, float]]:
    """Read the weights of all fields."""
    text = resources.files(__package__).joinpath("weights.toml").read_text("utf-8")
    return tomllib.loads(text)
