"""Declare the socket of exchange rates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from ledger.rates.values import CurrencyPair, RateKind
from ports.repositories import Repositories


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate and the day it is from, which may be earlier than the day asked for."""

    value: Decimal
    on: date
    kind: RateKind = "daily"


class Rates(Protocol):
    """Finds the rate of a day.

    A plug reads tables through the repositories of the unit of work that is open; it never waits
    for a network. It returns None where it knows no rate, and never guesses one.
    """

    def find(
        self, repositories: Repositories, ledger_id: int, pair: CurrencyPair, on: date
    ) -> Rate | None:
        """Return the rate of a pair on a day, as this ledger counts; None where none is known."""
