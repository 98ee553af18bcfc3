"""Weigh the evidence about typed messages, and return the probabilities.

The weights are in `weights.toml`, one line a feature: a positive one supports a reading. They are
trained by `bench/training/texts.py`; `[sure]` holds the margins below which a person is asked.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources

Features = Mapping[str, float]


@cache
def load_weights() -> dict[str, dict[str, float]]:
    """Read all sections of the weights file."""
    text = resources.files(__package__).joinpath("weights.toml").read_text("utf-8")
    return tomllib.loads(text)


def score(section: str, features: Features) -> float:
    """Return the weighted sum of features; a feature without a weight counts nothing."""
    weights = load_weights()[section]
    return sum(weights.get(name, 0.0) * value for name, value in features.items())


def estimate(section: str, features: Features) -> float:
    """Return the probability, 0 to 1, that what a section is about is so."""
    total = score(section, features) + load_weights()[section].get("bias", 0.0)
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, total))))


def share_out(scores: Sequence[float]) -> list[float]:
    """Return the probabilities of candidates that exclude each other."""
    top = max(scores)
    masses = [math.exp(value - top) for value in scores]
    total = sum(masses)
    return [mass / total for mass in masses]


def margin(name: str) -> float:
    """Return the probability from which on a decision is not asked about."""
    return load_weights()["sure"][name]
