"""Declare the store of counts that compare a new model with the deciding one.

Only counts are stored, without texts, amounts or chats.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class ShadowEvaluation:
    """The versions of the two models that are compared."""

    champion: str
    challenger: str


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of both models' guesses.

    People mostly correct where the champion was wrong, so corrections alone flatter the challenger:
    guesses that differed and were not corrected are counted next to them.
    """

    filed: int = 0
    """Entries that were categorised by a guess."""
    filed_alike: int = 0
    """Those of them for which both guesses agreed."""
    corrected: int = 0
    """Entries whose category a person chose afterwards."""
    corrected_alike: int = 0
    """Those of them for which both guesses agreed, right or wrong."""
    champion_right: int = 0
    challenger_right: int = 0
    """Those of the corrected for which the guess was the person's choice."""

    def __add__(self, other: Tally) -> Tally:
        """Return both counts together."""
        return Tally(
            self.filed + other.filed,
            self.filed_alike + other.filed_alike,
            self.corrected + other.corrected,
            self.corrected_alike + other.corrected_alike,
            self.champion_right + other.champion_right,
            self.challenger_right + other.challenger_right,
        )


@dataclass(frozen=True, slots=True)
class ShadowCounts:
    """The tally of a shadow evaluation, and the time of its first count."""

    tally: Tally
    since: datetime


class Tallies(Protocol):
    """Stores the counts of shadow evaluations over restarts and processes."""

    async def add(self, evaluation: ShadowEvaluation, tally: Tally, *, now: datetime) -> None:
        """Add to the counts of an evaluation; the first ones begin it."""

    async def find(self, evaluation: ShadowEvaluation) -> ShadowCounts | None:
        """Return the counts of an evaluation, None before the first."""
