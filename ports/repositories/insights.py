"""Declare the repository of insights that were told or refused."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from ledger.insights.insight import InsightMark


class InsightMarks(Protocol):
    """Insights that were told, and those that were refused forever."""

    def list_all(self, ledger_id: int) -> list[InsightMark]:
        """Return what was told or refused in a ledger."""

    def add(self, ledger_id: int, marks: Sequence[InsightMark]) -> None:
        """Keep marks; those that are there stay as they are."""

    def remove(self, ledger_id: int, mark: InsightMark) -> None:
        """Forget a mark."""
