"""Which categories stand near which: what buttons offer where a text names no other.

Behind a plain "coffee" a model's next guesses are noise of a thousandth, and a person who wants
another category than the first is helped by its neighbours, not by noise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

NAMED_MIN = 0.02
"""A category that general knowledge gives less than this is not named by it."""


def order_sensibly(best: str, others: Sequence[str], named: frozenset[str]) -> list[str]:
    """Return the others, neighbours of the best before those that nothing names.

    Args:
        best: The id of the first guess.
        others: All other ids that may be offered, most probable first.
        named: The ids that the text speaks for; they keep their places before the neighbours.
    """
    spoken = [category for category in others if category in named]
    near = [category for category in near_categories()[best] if category in others]
    return list(dict.fromkeys([*spoken, *near, *others]))


@cache
def near_categories() -> Mapping[str, tuple[str, ...]]:
    """Read the neighbours of every category, the nearest first."""
    text = files(__package__).joinpath("data", "near.txt").read_text(encoding="utf-8")
    rows = (line.split(":") for line in text.splitlines() if line and not line.startswith("#"))
    return {category: tuple(near.replace(",", " ").split()) for category, near in rows}
