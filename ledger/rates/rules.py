"""Decide which rate counts on a day, and whether a new one is credible.

Rates are decimals of twelve significant digits, so an amount that is counted again by its stored
rate is the same to the minor unit.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal

from ledger.rates.values import EURO, CurrencyPair, DayRates, OwnRate, RateKind

FRESH_DAYS = 7
"""A published rate of so many days before is final; an older one is provisional."""
KNOWN_DAYS = 365
"""A published rate that is older than this is no longer used."""
JUMP = Decimal("1.5")
"""From this factor between two rates on, up or down, the new one is doubted."""
RATE_MAX = Decimal(10) ** 12
"""A rate above this, or below its inverse, is a slip."""

_DIGITS = Context(prec=12, rounding=ROUND_HALF_EVEN)


def divide(amount: Decimal, by: Decimal) -> Decimal:
    """Return a quotient with the digits of a rate, without trailing zeros."""
    return _DIGITS.divide(amount, by).normalize(_DIGITS)


def cross(day: DayRates, pair: CurrencyPair) -> Decimal | None:
    """Return the rate of a pair through the euro; None where the day lacks one of the two."""
    source, target = (_per_euro(day, code) for code in pair)
    return None if source is None or target is None else divide(target, source)


def direct(own: OwnRate, source: str) -> Decimal:
    """Return what one unit of `source` buys by a chat's own rate, in either direction."""
    return own.value if own.pair.source == source else divide(Decimal(1), own.value)


def kind_of(published: date, on: date) -> RateKind:
    """Return whether a published rate is final for a day."""
    return "daily" if (on - published).days <= FRESH_DAYS else "provisional"


def oldest_known(on: date) -> date:
    """Return the earliest day whose published rate may still count on a day."""
    return on - timedelta(days=KNOWN_DAYS) if on > date.min + timedelta(days=KNOWN_DAYS) else on


def is_jump(new: Decimal, known: Decimal) -> bool:
    """Return whether a rate differs from the known one by half or more, up or down."""
    return new >= known * JUMP or known >= new * JUMP


def _per_euro(day: DayRates, code: str) -> Decimal | None:
    return Decimal(1) if code == EURO else day.per_euro.get(code)
