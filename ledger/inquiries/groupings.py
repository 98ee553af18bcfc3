"""Find what the sums of a question are grouped by, or what it ranks."""

from __future__ import annotations

from collections.abc import Sequence

from ledger.inquiries.query import Grouping
from ledger.inquiries.sentence import Part, Sentence

DIMENSIONS: tuple[Grouping, ...] = ("category", "merchant", "member", "item", "tag", "weekday")
_UNITS: tuple[Grouping, ...] = ("day", "week", "month")

_RANKING = ("which", "what", "what_on", "most", "least", "big", "small")
"""Cues by which a unit is what is ranked: in which month, the dearest day."""


def find_dimension(sentence: Sentence, *, units: bool = True) -> Grouping | None:
    """Return the thing that is ranked: shops, categories, people, or (with `units`) a stretch of days."""
    for part in sentence.parts:
        if part.taken:
            continue
        for dimension in DIMENSIONS:
            if part.cue(dimension) and not part.cue("scope"):
                return dimension
        unit = part.cue("unit") if units else None
        if unit and unit.value in _UNITS and sentence.has(*_RANKING):
            return next(one for one in _UNITS if one == unit.value)
    return None


def find_grouping(sentence: Sentence) -> Grouping | None:
    """Return what sums are grouped by: `by shop`, `per month`, `daily`."""
    for unit in _UNITS:
        part = next((p for p in sentence.parts if p.cue(f"per_{unit}") and not p.taken), None)
        if part is not None:
            return unit
    parts = sentence.parts
    for at, part in enumerate(parts):
        if part.cue("by") and (found := _beside(parts, at)):
            return found
    return None


def _beside(parts: Sequence[Part], at: int) -> Grouping | None:
    """Return the dimension in front of or behind the word for `by`."""
    # Behind comes first; languages that put `by` last have it in front.
    for near in (at, at + 1, at + 2, at - 1):
        if not 0 <= near < len(parts) or parts[near].taken:
            continue
        part = parts[near]
        for dimension in DIMENSIONS:
            if part.cue(dimension):
                return dimension
        unit = part.cue("unit")
        if unit and unit.value in _UNITS:
            return next(one for one in _UNITS if one == unit.value)
        if near == at + 1 and not part.is_filler:
            continue
    return None


def habit_unit(sentence: Sentence) -> Grouping | None:
    """Return a unit that no period took: what something costs in the month."""
    for part in sentence.parts:
        unit = part.cue("unit")
        if unit and not part.taken and unit.value in _UNITS and not part.names:
            return next(one for one in _UNITS if one == unit.value)
    return None
