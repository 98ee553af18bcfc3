"""Declare the repository of exchange rates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from ledger.rates.values import CurrencyPair, DayRates, OwnRate


@dataclass(frozen=True, slots=True)
class WaitingCurrency:
    """Entries of a ledger that are counted by a provisional rate, or by none."""

    ledger_id: int
    currency: str
    first_day: date


class RateTable(Protocol):
    """Published rates of all ledgers, and the chats' own."""

    def published(self, codes: Sequence[str], on: date, since: date) -> DayRates | None:
        """Return the latest day up to `on` that has all of these codes (at most two, no `EUR`).

        Days before `since` are not looked at.
        """

    def publish(self, days: Sequence[DayRates]) -> None:
        """Keep the rates of days; a code that a day has already gets the new rate."""

    def newest(self, codes: Sequence[str] = ()) -> DayRates | None:
        """Return the latest day that has these codes."""

    def own(self, ledger_id: int, pair: CurrencyPair, on: date) -> OwnRate | None:
        """Return the chat's own rate of a pair, in either direction, that counts on a day."""

    def list_own(self, ledger_id: int) -> list[OwnRate]:
        """Return all own rates of a ledger, by pair, the latest first."""

    def put_own(self, rate: OwnRate) -> None:
        """Insert, or replace the one of the same pair and day."""

    def remove_own(self, rate: OwnRate) -> None:
        """Delete an own rate."""

    def waiting(self) -> list[WaitingCurrency]:
        """Return where live entries wait for a better rate; `EUR` is one of the currencies."""
