"""Store published rates by day, and the chats' own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType

from sqlalchemy import Connection, bindparam, delete, func, select

from ledger.rates.values import CurrencyPair, DayRates, OwnRate, rate_fields
from ports.repositories import WaitingCurrency
from storage.database.connections.prepared import change, change_many, fetch, fetch_one
from storage.database.tables import daily_rates, entries, own_rates
from storage.database.types import AnyRow, dump_json, load_json
from storage.database.upsert import insert

DAYS_KEPT = 64
"""Days whose rates are kept read, by their stored text."""

_d = daily_rates.c
_o = own_rates.c
_e = entries.c

_LATEST = (
    select(_d.day, _d.per_euro)
    .where(_d.per_euro.like(bindparam("first")), _d.per_euro.like(bindparam("second")))
    .order_by(_d.day.desc())
    .limit(1)
)
_PUBLISHED = _LATEST.where(_d.day <= bindparam("on"), _d.day >= bindparam("since"))
_DAYS = select(_d.day, _d.per_euro).where(_d.day >= bindparam("first"), _d.day <= bindparam("last"))
_NEW_DAY = insert(daily_rates)
_PUBLISH = _NEW_DAY.on_conflict_do_update(
    index_elements=["day"], set_={"per_euro": _NEW_DAY.excluded.per_euro}
)

_OF_PAIR = (
    select(own_rates)
    .where(
        _o.ledger_id == bindparam("ledger"),
        _o.pair == bindparam("pair_"),
        _o.starts_on <= bindparam("on"),
    )
    .order_by(_o.starts_on.desc())
    .limit(1)
)
_LIST_OWN = (
    select(own_rates)
    .where(_o.ledger_id == bindparam("ledger"))
    .order_by(_o.pair, _o.starts_on.desc())
)
_NEW_OWN = insert(own_rates)
_PUT_OWN = _NEW_OWN.on_conflict_do_update(
    index_elements=["ledger_id", "pair", "starts_on"],
    set_={name: _NEW_OWN.excluded[name] for name in ("source", "target", "value")},
)
_REMOVE_OWN = delete(own_rates).where(
    _o.ledger_id == bindparam("ledger"),
    _o.pair == bindparam("pair_"),
    _o.starts_on == bindparam("day"),
)
# Each over an index that holds such entries alone.
_WAITING = tuple(
    select(_e.ledger_id, _e.currency, func.min(_e.spent_on))
    .where(condition, _e.deleted_at.is_(None))
    .group_by(_e.ledger_id, _e.currency)
    for condition in (_e.rate_kind == "provisional", _e.base_minor.is_(None))
)


@dataclass(frozen=True, slots=True)
class SqlRates:
    """`ports.repositories.RateTable` on a connection."""

    connection: Connection

    def published(self, codes: Sequence[str], on: date, since: date) -> DayRates | None:
        """Return the latest day up to `on` that has all of these codes."""
        where = {**_having(codes), "on": on, "since": since}
        row = fetch_one(self.connection, _PUBLISHED, where)
        return None if row is None else _day_of(row)

    def publish(self, days: Sequence[DayRates]) -> None:
        """Keep the rates of days; a code that a day has already gets the new rate."""
        if not days:
            return
        span = {"first": min(day.on for day in days), "last": max(day.on for day in days)}
        kept = {row.day: load_json(row.per_euro) for row in fetch(self.connection, _DAYS, span)}
        rows = [
            {"day": day.on, "per_euro": dump_json(kept.get(day.on, {}) | _texts(day))}
            for day in days
        ]
        change_many(self.connection, _PUBLISH, rows)

    def newest(self, codes: Sequence[str] = ()) -> DayRates | None:
        """Return the latest day that has these codes."""
        row = fetch_one(self.connection, _LATEST, _having(codes))
        return None if row is None else _day_of(row)

    def own(self, ledger_id: int, pair: CurrencyPair, on: date) -> OwnRate | None:
        """Return the own rate of a pair, in either direction, that counts on a day."""
        where = {"ledger": ledger_id, "pair_": pair.key, "on": on}
        row = fetch_one(self.connection, _OF_PAIR, where)
        return None if row is None else own_rate_of(row)

    def list_own(self, ledger_id: int) -> list[OwnRate]:
        """Return all own rates of a ledger, by pair, the latest first."""
        return [
            own_rate_of(row) for row in fetch(self.connection, _LIST_OWN, {"ledger": ledger_id})
        ]

    def put_own(self, rate: OwnRate) -> None:
        """Insert, or replace the one of the same pair and day."""
        named = {"ledger_id": rate.ledger_id, "pair": rate.pair.key}
        row = rate_fields(rate) | named | {"starts_on": rate.starts_on}
        change(self.connection, _PUT_OWN, row)

    def remove_own(self, rate: OwnRate) -> None:
        """Delete an own rate."""
        where = {"ledger": rate.ledger_id, "pair_": rate.pair.key, "day": rate.starts_on}
        change(self.connection, _REMOVE_OWN, where)

    def waiting(self) -> list[WaitingCurrency]:
        """Return where live entries wait for a better rate."""
        found: dict[tuple[int, str], date] = {}
        for query in _WAITING:
            for ledger_id, currency, first in fetch(self.connection, query):
                known = found.get((ledger_id, currency), first)
                found[ledger_id, currency] = min(known, first)
        return [WaitingCurrency(*key, first) for key, first in sorted(found.items())]


def _having(codes: Sequence[str]) -> dict[str, str]:
    """Return the patterns that a day with these codes (at most two) matches."""
    first, second, *more = [f'%"{code}"%' for code in codes] + ["%", "%"]
    assert len(more) <= 2, "a pair has two codes"  # noqa: PLR2004
    return {"first": first, "second": second}


def _texts(day: DayRates) -> dict[str, str]:
    return {code: f"{rate:f}" for code, rate in day.per_euro.items()}


def _day_of(row: AnyRow) -> DayRates:
    return DayRates(row.day, _read_rates(row.per_euro))


@lru_cache(maxsize=DAYS_KEPT)
def _read_rates(per_euro: str) -> Mapping[str, Decimal]:
    # Every amount in another currency asks for the same few days.
    rates = load_json(per_euro).items()
    return MappingProxyType({code: Decimal(text) for code, text in rates})


def own_rate_of(row: AnyRow) -> OwnRate:
    """Return a row as an own rate."""
    pair = CurrencyPair(row.source, row.target)
    return OwnRate(row.ledger_id, pair, Decimal(row.value), row.starts_on)
