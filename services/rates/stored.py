"""Find the rate of a day among the chat's own and the published ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ledger.rates.rules import cross, direct, kind_of, oldest_known
from ledger.rates.values import EURO, CurrencyPair
from ports.rates import Rate
from ports.repositories import Repositories


@dataclass(frozen=True, slots=True)
class StoredRates:
    """`ports.rates.Rates` over the tables of rates."""

    def find(
        self, repositories: Repositories, ledger_id: int, pair: CurrencyPair, on: date
    ) -> Rate | None:
        """Return the chat's own rate of a day, else the latest published one of a year."""
        own = repositories.rates.own(ledger_id, pair, on)
        if own is not None:
            return Rate(direct(own, pair.source), own.starts_on, "own")
        return find_published(repositories, pair, on)


def find_published(repositories: Repositories, pair: CurrencyPair, on: date) -> Rate | None:
    """Return the latest published rate of a pair that counts on a day."""
    codes = [code for code in pair if code != EURO]
    day = repositories.rates.published(codes, on, oldest_known(on))
    value = cross(day, pair) if day else None
    if day is None or value is None:
        return None
    return Rate(value, day.on, kind_of(day.on, on))
