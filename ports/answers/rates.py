"""Declare the answers about exchange rates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ledger.budgets.thresholds import Alert
from ledger.rates.values import CurrencyPair, OwnRate
from ports.answers.capturing import Confirmed
from ports.rates import Rate


@dataclass(frozen=True, slots=True)
class RateSet:
    """A rate that the chat set itself, with the entries that count otherwise now."""

    rate: OwnRate
    changed: int
    more: bool
    """A job counts further entries again."""
    alerts: tuple[Alert, ...] = ()
    settled: tuple[str, ...] = ()
    """Keys of the messages that asked for it."""
    confirmed: tuple[Confirmed, ...] = ()
    """The messages that show entries counted again."""


@dataclass(frozen=True, slots=True)
class RateDoubted:
    """A rate that is far from the known one, or that can be read in two ways; the person chooses."""

    pair: CurrencyPair
    candidates: tuple[Decimal, ...]
    on: date
    known: Rate | None


@dataclass(frozen=True, slots=True)
class RateRemoved:
    """The own rates of a currency are gone; `now` counts instead."""

    pair: CurrencyPair
    now: Rate | None
    changed: int
    more: bool
    alerts: tuple[Alert, ...] = ()
    confirmed: tuple[Confirmed, ...] = ()


@dataclass(frozen=True, slots=True)
class RateLine:
    """The rate of a pair that counts today; None where none is known."""

    pair: CurrencyPair
    rate: Rate | None


@dataclass(frozen=True, slots=True)
class RatesShown:
    """The rates in use; of one currency with all that the chat set for it."""

    lines: tuple[RateLine, ...]
    own: tuple[OwnRate, ...] = ()
    currency: str = ""
    """The currency that was asked for; empty for all."""
