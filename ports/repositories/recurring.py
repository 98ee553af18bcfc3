"""Declare the repository of entries that come again."""

from __future__ import annotations

from datetime import date, datetime
from typing import Protocol

from ledger.recurring.series import Series


class SeriesTable(Protocol):
    """Series of entries that come again, and the offers that were refused."""

    def list_all(self, ledger_id: int) -> list[Series]:
        """Return the series of a ledger that are not removed, the oldest first."""

    def lock_all(self, ledger_id: int) -> list[Series]:
        """Return and lock them."""

    def find(self, ledger_id: int, series_id: str, *, removed: bool = False) -> Series | None:
        """Return a series; one that was removed only on request."""

    def put(self, one: Series, now: datetime) -> None:
        """Insert or replace the series of this id (revives a removed one)."""

    def remove(self, ledger_id: int, series_id: str, now: datetime) -> None:
        """Mark a series as removed."""

    def advance(self, one: Series, booked_to: date) -> None:
        """Keep the day before which all occurrences are dealt with."""

    def refused(self, ledger_id: int) -> frozenset[str]:
        """Return the keys of offers that were refused."""

    def refuse(self, ledger_id: int, key: str) -> None:
        """Keep forever that an offer was refused."""
