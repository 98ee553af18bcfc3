"""Declare the answers about insights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ledger.insights.insight import Insight

Phrasing = Literal["none", "forbidden", "possible"]
"""States of phrasing by a model: none is configured, the chat forbids it, or it may."""


@dataclass(frozen=True, slots=True)
class InsightsShown:
    """Insights, those that were asked for or some that are news."""

    found: tuple[Insight, ...]
    pushed: bool = False
    offers_wording: bool = False
    """A model is configured, so that the chat may give it an instruction."""
    instruction: str = ""
    """The chat's instruction where a model may follow it, else empty."""


@dataclass(frozen=True, slots=True)
class InsightRefused:
    """An insight that will not be told again, or that may be told again."""

    kind: str
    object: str
    taken_back: bool = False


@dataclass(frozen=True, slots=True)
class WordingShown:
    """The chat's instruction for wording, which may be empty."""

    instruction: str
    phrasing: Phrasing
    changed: bool = False
