"""Define published rates of a day, and a chat's own rate.

A rate is the number of units of `target` that one unit of `source` buys.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

RateKind = Literal["daily", "provisional", "own"]
"""`daily`: published for the day or the days before it; `provisional`: older, to be replaced once a
better one is known; `own`: set by the chat, until it sets another one."""

EURO = "EUR"
"""Published rates are per euro, so cross rates go through it."""


class CurrencyPair(NamedTuple):
    """Two ISO 4217 codes."""

    source: str
    target: str

    @property
    def key(self) -> str:
        """Return the name that both directions share."""
        return ":".join(sorted(self))

    @property
    def reversed(self) -> CurrencyPair:
        """Return the other direction."""
        return CurrencyPair(self.target, self.source)


@dataclass(frozen=True, slots=True)
class DayRates:
    """The rates that were published for one day, in units per euro, by ISO 4217 code."""

    on: date
    per_euro: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class OwnRate:
    """A rate that a chat set; it counts from its day on, until the chat's next one of the pair."""

    ledger_id: int
    pair: CurrencyPair
    """In the direction in which it was typed."""
    value: Decimal
    starts_on: date

    @property
    def id(self) -> str:
        """Return the name of the rate in its ledger, which both directions share."""
        return f"{self.pair.key}:{self.starts_on.isoformat()}"


def rate_fields(rate: OwnRate) -> dict[str, str]:
    """Return the fields of an own rate as JSON, for storage and for history."""
    return {
        "source": rate.pair.source,
        "target": rate.pair.target,
        "value": f"{rate.value:f}",
        "starts_on": rate.starts_on.isoformat(),
    }


def with_rate_fields(ledger_id: int, fields: Mapping[str, str]) -> OwnRate:
    """Return the own rate of these fields."""
    pair = CurrencyPair(fields["source"], fields["target"])
    starts_on = date.fromisoformat(fields["starts_on"])
    return OwnRate(ledger_id, pair, Decimal(fields["value"]), starts_on)
