"""Order the categories that buttons offer by their nearness to the best guess.

After a plain "coffee" the next guesses of a model are noise of a thousandth. A person who wants
another category is helped by its neighbours, not by noise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

NAMED_MIN = 0.02
"""Probability below which general knowledge does not name a category."""


def order_sensibly(best: str, others: Sequence[str], named: frozenset[str]) -> list[str]:
    """Return the others with neighbours of the best before those that nothing names.

    Args:
        best: The id of the first guess.
        others: All other ids that may be offered, most probable first.
        named: The ids that the text points to; they keep their places before the neighbours.
    """
    pointed = [category for category in others if category in named]
    near = [category for category in near_categories()[best] if category in others]
    return list(dict.fromkeys([*pointed, *near, *others]))


@cache
def near_categories() -> Mapping[str, tuple[str, ...]]:
    """Read the neighbours of every category, the nearest first."""
    text = files(__package__).joinpath("data", "near.txt").read_text(encoding="utf-8")
    rows = (line.split(":") for line in text.splitlines() if line and not line.startswith("#"))
    return {category: tuple(near.replace(",", " ").split()) for category, near in rows}
