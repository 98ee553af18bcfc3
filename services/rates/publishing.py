"""Take published rates into the table, unless they are not credible."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from ledger.money import is_currency
from ledger.rates.rules import RATE_MAX, is_jump, oldest_known
from ledger.rates.values import EURO, DayRates
from ports.repositories import RateTable


@dataclass(frozen=True, slots=True)
class RefusedRate:
    """A published rate that was not taken; `known` is the one that it would have followed."""

    code: str
    on: date
    known: Decimal | None

    def __str__(self) -> str:
        """Write it for logs and for `kvitto check`."""
        why = "jumps by half or more" if self.known else "is no rate"
        return f"{self.code} of {self.on.isoformat()} {why}"


@dataclass(frozen=True, slots=True)
class Judged:
    """Published days without what was refused."""

    days: tuple[DayRates, ...]
    refused: tuple[RefusedRate, ...]


def judge(table: RateTable, days: Sequence[DayRates], today: date) -> Judged:
    """Separate credible rates from zeros, negative ones and jumps of half against those known.

    Days in the future are left out, because an entry of today would count by them.
    """
    known: dict[str, Decimal | None] = {}
    kept, refused = [], []
    for day in sorted(days, key=lambda one: one.on):
        # One day ahead of us it may be tomorrow already.
        if day.on > today + timedelta(days=1):
            continue
        found: dict[str, Decimal] = {}
        for code, rate in day.per_euro.items():
            if code == EURO or not is_currency(code):
                continue
            if code not in known:
                known[code] = _find_known(table, code, day.on)
            before = known[code]
            if not 1 / RATE_MAX < rate < RATE_MAX:
                refused.append(RefusedRate(code, day.on, None))
            elif before is not None and is_jump(rate, before):
                refused.append(RefusedRate(code, day.on, before))
            else:
                found[code] = known[code] = rate
        if found:
            kept.append(DayRates(day.on, found))
    return Judged(tuple(kept), tuple(refused))


def describe(refused: Iterable[RefusedRate]) -> str:
    """Write refused rates in one line, the first ones by name."""
    texts = [str(one) for one in refused]
    return "; ".join(texts[:3]) + (f"; {len(texts) - 3} more" if len(texts) > 3 else "")  # noqa: PLR2004


def _find_known(table: RateTable, code: str, on: date) -> Decimal | None:
    """Return the latest rate of a code; None where it is more than a year older than a day."""
    newest = table.newest([code])
    return newest.per_euro[code] if newest and newest.on >= oldest_known(on) else None
