"""Ledgers with a history, written at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from ledger.entries.entry import Converted, Entry, EntryType
from ledger.money import Money
from services.scope import Scope

TODAY = date(2026, 11, 20)
"""The day of `tests.services.setup.NOW`."""


@dataclass(frozen=True, slots=True)
class Bought:
    """An entry to write down, in the ledger's currency."""

    on: date
    minor: int
    note: str
    category: str = "groceries"
    merchant: str | None = None
    type: EntryType = "expense"


def write(
    scope: Scope, bought: Iterable[Bought], name: str = "e", *, receipt_id: str | None = None
) -> list[Entry]:
    """Add entries; `name` keeps those of two calls apart."""
    entries = [_entry(scope, one, f"{name}{at}", receipt_id) for at, one in enumerate(bought)]
    return scope.repositories.entries.add(entries)


def _entry(scope: Scope, one: Bought, entry_id: str, receipt_id: str | None) -> Entry:
    money = Money.of_minor(one.minor, scope.settings.currency)
    return Entry(
        id=entry_id,
        ledger_id=scope.ledger.id,
        type=one.type,
        money=money,
        spent_on=one.on,
        note=one.note,
        category=one.category,
        paid_by=scope.actor,
        source="text",
        source_key=f"api:{entry_id}:0",
        created_at=scope.now,
        updated_at=scope.now,
        merchant=one.merchant,
        receipt_id=receipt_id,
        base=Converted(money, Decimal(1), one.on),
    )


def household(first: date = date(2026, 4, 1), today: date = TODAY) -> Iterator[Bought]:
    """Yield a rent, a phone bill on the 25th, and groceries every other day."""
    day = first
    while day <= today:
        if day.day == 1:
            yield Bought(day, 80_000, "rent", "housing")
        if day.day == 25:
            yield Bought(day, 3000, "phone", "subscriptions")
        if day.toordinal() % 2:
            yield Bought(day, 2000, "groceries")
        day += timedelta(days=1)
