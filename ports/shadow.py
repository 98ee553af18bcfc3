"""The socket for what is counted while a new model answers in the shadow of the one that decides.

Only counts are kept: no text, no amount, no chat.
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
    """How both did.

    People mostly correct where the champion was wrong, so corrections alone flatter the challenger:
    what it would have filed differently and nobody complained about is counted beside them.
    """

    filed: int = 0
    """Entries that were filed by a guess."""
    filed_alike: int = 0
    """Of these: where both had the same answer."""
    corrected: int = 0
    """Categories that a person chose afterwards."""
    corrected_alike: int = 0
    """Of these: where both had the same answer, right or wrong."""
    champion_right: int = 0
    challenger_right: int = 0
    """Of the corrected: where the answer was what the person then chose."""

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
class BudgetOutcome:
    """What was counted of a contest, and since when."""

    tally: Tally
    since: datetime


class Tallies(Protocol):
    """Keeps the counts of contests, over restarts and processes."""

    async def add(self, contest: ShadowEvaluation, tally: Tally, *, now: datetime) -> None:
        """Add to a contest's counts; the first ones begin it."""

    async def find(self, contest: ShadowEvaluation) -> BudgetOutcome | None:
        """Return how a contest stands, None before anything was counted."""
