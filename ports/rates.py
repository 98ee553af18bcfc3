"""Declare the socket of exchange rates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple, Protocol

from ports.repositories import Repositories


class CurrencyPair(NamedTuple):
    """Two ISO 4217 codes; a rate is the number of units of `target` that one of `source` buys."""

    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate and the day it is from, which may be earlier than the day asked for."""

    value: Decimal
    on: date


class Rates(Protocol):
    """Finds the rate of a day.

    A plug reads tables through the repositories of the unit of work that is open; it never waits
    for a network. It returns None where it knows no rate, and never guesses one.
    """

    def find(
        self, repositories: Repositories, ledger_id: int, pair: CurrencyPair, on: date
    ) -> Rate | None:
        """Return the rate of a pair on a day, as this ledger counts; None where none is known."""


class NoRates:
    """Knows no rate; amounts in other currencies are listed apart."""

    def find(
        self, repositories: Repositories, ledger_id: int, pair: CurrencyPair, on: date
    ) -> Rate | None:
        """Return None."""
        _ = repositories, ledger_id, pair, on
        return None
