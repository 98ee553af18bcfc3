"""Declare the repositories of entries that come again, and of their calendar."""

from __future__ import annotations

from datetime import date, datetime
from typing import Protocol

from ledger.recurring.feeds import Feed
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


class CalendarFeeds(Protocol):
    """The secret calendar links of ledgers, by their hashes."""

    def find(self, ledger_id: int) -> Feed | None:
        """Return the feed of a ledger."""

    def of_secret(self, secret_hash: str) -> Feed | None:
        """Return the feed that a link opens."""

    def put(self, feed: Feed) -> None:
        """Insert the feed of a ledger, or replace it, which ends its former link."""

    def remove(self, ledger_id: int) -> None:
        """Delete the feed of a ledger."""
