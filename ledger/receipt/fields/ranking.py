"""One small model for every field: a sum of weighted features, turned into probabilities.

The weights stand in `weights.toml`, one line a feature, and can be read: what has a positive weight
speaks for a candidate. They are trained by `bench/training/receipts.py`. The candidates of a field
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
    """A value a field might have, what speaks for and against it, and where it was seen."""

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
        """The candidate's value."""
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
    """The weighted sum of the features; one without a weight counts nothing."""
    return weights.get("bias", 0.0) + sum(
        weights.get(name, 0.0) * value for name, value in features.items()
    )


@cache
def load_weights() -> dict[str, dict[str, float]]:
    """Read the weights of all fields."""
    text = resources.files(__package__).joinpath("weights.toml").read_text("utf-8")
    return tomllib.loads(text)
