"""Convert amounts into the currency of their ledger; nothing else converts."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from ledger.entries.entry import Converted, Entry
from ledger.money import Money, round_to_minor
from ledger.rates.values import CurrencyPair
from ports.rates import Rate, Rates
from ports.repositories import Repositories
from services.rates.stored import StoredRates
from services.scope import Scope


@dataclass(frozen=True, slots=True)
class Conversion:
    """Fills in what an entry counts in its ledger, by the rate of its day."""

    rates: Rates = field(default_factory=StoredRates)

    def for_batch(self) -> Conversion:
        """Return the same for many entries of one transaction, finding each day's rate once."""
        return Conversion(_RememberedRates(self.rates))

    def convert(self, scope: Scope, entry: Entry) -> Entry:
        """Return the entry with its base amount, which stays empty while no rate is known."""
        return replace(entry, base=self._base(scope, entry))

    def restate(self, scope: Scope, money: Money, target: str, on: date) -> Money | None:
        """Return an amount in another currency at the rate of a day; None while none is known."""
        if money.currency == target:
            return money
        pair = CurrencyPair(money.currency, target)
        rate = self.rates.find(scope.repositories, scope.ledger.id, pair, on)
        if rate is None:
            return None
        return Money(round_to_minor(money.amount * rate.value, target), target)

    def _base(self, scope: Scope, entry: Entry) -> Converted | None:
        money, target = entry.money, scope.ledger.currency
        if money.currency == target:
            return Converted(money, Decimal(1), entry.spent_on)
        pair = CurrencyPair(money.currency, target)
        rate = self.rates.find(scope.repositories, scope.ledger.id, pair, entry.spent_on)
        if rate is None:
            return None
        amount = round_to_minor(money.amount * rate.value, target)
        return Converted(Money(amount, target), rate.value, rate.on, rate.kind)


@dataclass(frozen=True, slots=True)
class _RememberedRates:
    """Remembers rates for the length of one transaction."""

    rates: Rates
    known: dict[tuple[int, CurrencyPair, date], Rate | None] = field(default_factory=dict)

    def find(
        self, repositories: Repositories, ledger_id: int, pair: CurrencyPair, on: date
    ) -> Rate | None:
        """Return the rate of a day, looked up once."""
        key = (ledger_id, pair, on)
        if key not in self.known:
            self.known[key] = self.rates.find(repositories, ledger_id, pair, on)
        return self.known[key]
