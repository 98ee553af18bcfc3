"""Set, show and remove a chat's own rates, which win over published ones from their day on.

Every member may. Each is one operation of the history, and entries from its day on are counted again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from ledger.entries.changes import Change
from ledger.errors import InputError
from ledger.rates.rules import RATE_MAX, is_jump
from ledger.rates.values import CurrencyPair, OwnRate, rate_fields, with_rate_fields
from ledger.text import RateWords, parse_rate
from ports.answers import RateDoubted, RateLine, RateRemoved, RateSet, RatesShown
from ports.rates import Rate
from services.entries.booking import Booking
from services.entries.confirmations import find_confirmations
from services.entries.recording import Recorder, begin
from services.rates.asking import settle_asked
from services.rates.recounting import Counted, Recounting
from services.scope import Scope
from services.texts.incoming_text import IncomingText

RateAnswer = RateDoubted | RateRemoved | RateSet | RatesShown
SHOWN_MAX = 20


@dataclass(frozen=True, slots=True)
class OwnRates:
    """Changes the rates that a chat sets itself."""

    recounting: Recounting
    booking: Booking

    def by_words(self, scope: Scope, incoming: IncomingText) -> RateAnswer:
        """Run `/rate` with its arguments; without any the rates in use are shown.

        Raises:
            InputError: `rate_words` (not readable), `rate_zero`, `rate_size`, `rate_same` (one
                currency twice), `rate_other` (neither is the ledger's), `rate_none` (to remove).
        """
        if not incoming.text:
            return self.show(scope)
        words = parse_rate(incoming.text, incoming.context(scope.settings))
        if words is None:
            raise InputError("rate_words", words=incoming.text, currency=scope.ledger.currency)
        if words.off:
            return self.remove(scope, words.source)
        if not words.values:
            return self.show(scope, words.source)
        return self.propose(scope, words)

    def propose(self, scope: Scope, words: RateWords) -> RateSet | RateDoubted:
        """Set a rate that was typed, or ask where it is far from the known one or ambiguous."""
        pair = CurrencyPair(words.source, words.target or scope.ledger.currency)
        _check(scope, pair, words.values)
        on = words.on or scope.today
        known = self._known(scope, pair, on)
        likely = [v for v in words.values if known and not is_jump(v, known.value)]
        candidates = tuple(likely) or words.values
        if len(candidates) > 1 or (known and not likely):
            return RateDoubted(pair, candidates, on, known)
        return self.set(scope, pair, candidates[0], on)

    def set(self, scope: Scope, pair: CurrencyPair, value: Decimal, on: date) -> RateSet:
        """Set a rate from a day on, and count the entries since again."""
        _check(scope, pair, (value,))
        rate = OwnRate(scope.ledger.id, pair, value, on)
        same_day = scope.repositories.rates.own(scope.ledger.id, pair, on)
        before = same_day if same_day and same_day.starts_on == on else None
        recorder = begin(scope, "rate")
        if before != rate:
            _note(recorder, before, rate)
            scope.repositories.rates.put_own(rate)
        recorder.write()
        settled = settle_asked(scope, pair)
        counted = self._recount(scope, [rate])
        confirmed = find_confirmations(scope, self.booking, counted.newest)
        return RateSet(rate, counted.changed, counted.more, counted.alerts, settled, confirmed)

    def remove(self, scope: Scope, currency: str) -> RateRemoved:
        """Remove all own rates of a currency; published ones count again."""
        pair = CurrencyPair(currency, scope.ledger.currency)
        own = [r for r in scope.repositories.rates.list_own(scope.ledger.id) if currency in r.pair]
        # Named by the ledger's own currency, it would remove every rate.
        if not own or currency == scope.ledger.currency:
            raise InputError("rate_none", code=currency)
        recorder = begin(scope, "rate")
        for rate in own:
            _note(recorder, rate, None)
            scope.repositories.rates.remove_own(rate)
        recorder.write()
        counted = self._recount(scope, own)
        now = self._known(scope, pair, scope.today)
        confirmed = find_confirmations(scope, self.booking, counted.newest)
        return RateRemoved(pair, now, counted.changed, counted.more, counted.alerts, confirmed)

    def show(self, scope: Scope, currency: str = "") -> RatesShown:
        """Return the rates in use, or those of one currency with all that the chat set for it."""
        home = scope.ledger.currency
        own = scope.repositories.rates.list_own(scope.ledger.id)
        if currency:
            codes, own = [currency], [rate for rate in own if currency in rate.pair]
        else:
            used = scope.repositories.entries.foreign_currencies(scope.ledger.id)
            named = {code for rate in own for code in rate.pair} - {home}
            codes = sorted(named | (set(used) - {home}))
        lines = [
            RateLine(pair, self._known(scope, pair, scope.today))
            for code in codes[:SHOWN_MAX]
            if (pair := CurrencyPair(code, home)).source != home
        ]
        # In the list, an own rate is already shown as the one in use.
        return RatesShown(tuple(lines), tuple(own) if currency else (), currency)

    def apply_change(self, scope: Scope, change: Change) -> tuple[OwnRate, Counted]:
        """Write one change of a rate (undo, redo); return the rate and what it changed."""
        fields = change.after or change.before
        assert fields is not None
        rate = with_rate_fields(scope.ledger.id, fields)
        if change.after is None:
            scope.repositories.rates.remove_own(rate)
        else:
            scope.repositories.rates.put_own(rate)
        return rate, self._recount(scope, [rate])

    def _known(self, scope: Scope, pair: CurrencyPair, on: date) -> Rate | None:
        rates = self.recounting.conversion.rates
        return rates.find(scope.repositories, scope.ledger.id, pair, on)

    def _recount(self, scope: Scope, rates: Sequence[OwnRate]) -> Counted:
        """Count again what these rates may concern."""
        total = Counted()
        first_days: dict[str, date] = {}
        for rate in rates:
            for code in set(rate.pair) - {scope.ledger.currency}:
                first_days[code] = min(rate.starts_on, first_days.get(code, rate.starts_on))
        for code, since in first_days.items():
            counted = self.recounting.start(scope, code, since)
            total = replace(
                total,
                changed=total.changed + counted.changed,
                more=total.more or counted.more,
                alerts=(*total.alerts, *counted.alerts),
                newest=(*total.newest, *counted.newest),
            )
        return total


def _check(scope: Scope, pair: CurrencyPair, values: Sequence[Decimal]) -> None:
    home = scope.ledger.currency
    if pair.source == pair.target:
        raise InputError("rate_same", code=pair.source)
    if home not in pair:
        raise InputError("rate_other", code=pair.source, currency=home)
    if any(value <= 0 for value in values):
        raise InputError("rate_zero", code=pair.source, currency=pair.target)
    if any(not 1 / RATE_MAX < value < RATE_MAX for value in values):
        raise InputError("rate_size", code=pair.source, currency=pair.target)


def _note(recorder: Recorder, before: OwnRate | None, after: OwnRate | None) -> None:
    known = after or before
    assert known is not None
    old = rate_fields(before) if before else None
    new = rate_fields(after) if after else None
    recorder.changes.append(Change("rate", known.id, old, new))
