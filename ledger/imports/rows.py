"""Define a row of an imported file, whatever its format."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from ledger.entries.entry import EntryType
from ledger.entries.source_keys import import_source, source_key
from ledger.money import Money
from ledger.statements import StatementRow

_HASH_LENGTH = 20
NOTE_MAX = 200
"""Letters of an imported note; banks print whole letters as the purpose of a payment."""


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One transaction of an imported file."""

    line: int
    """First line in the file, from 1; the number of the transaction in a format without lines."""
    on: date
    type: EntryType
    money: Money
    """Always positive, like that of an entry."""
    merchant: str = ""
    note: str = ""
    category: str = ""
    """Category as the file names it; may be unknown to the chat."""
    tags: tuple[str, ...] = ()
    paid_by: str = ""
    """Display name of the payer; empty for the person who imports."""
    reference: str = ""
    shares: tuple[tuple[str, str], ...] = ()
    """Names and amounts of everybody's share, where the file splits the amount."""
    doubtful: bool = False
    kept: Mapping[str, Any] = field(default_factory=dict)
    """Fields of an entry that only Kvitto's JSON holds."""

    @property
    def words(self) -> str:
        """Return all words of the row."""
        return f"{self.merchant} {self.note}".strip()


def of_statement(row: StatementRow, currency: str) -> ImportRow | None:
    """Return a bank's transaction as a row; `currency` is used where the file names none.

    None for an amount that is zero at the currency's minor digits.
    """
    money = Money(abs(row.amount), row.currency or currency)
    if money.minor == 0:
        return None
    return ImportRow(
        line=row.line,
        on=row.on,
        type="income" if row.amount > 0 else "expense",
        money=Money.of_minor(money.minor, money.currency),
        merchant=row.payee[:NOTE_MAX],
        note=row.memo[:NOTE_MAX],
        category=row.category,
        paid_by=row.paid_by,
        reference=row.reference,
        shares=row.shares,
        doubtful=row.doubtful,
    )


def list_source_keys(rows: Iterable[ImportRow], kind: str) -> Iterator[str]:
    """Yield the source key of each row, equal whenever the same row is imported again.

    Equal rows of one file are different transactions, so they are counted. `kind` names the format;
    the same payment in two formats is found by its amount and day instead.
    """
    seen: Counter[str] = Counter()
    for row in rows:
        digest = _hash(row)
        yield source_key(import_source(kind, digest), seen[digest])
        seen[digest] += 1


def _hash(row: ImportRow) -> str:
    parts = (
        row.on.isoformat(),
        row.type,
        str(row.money.minor),
        row.money.currency,
        row.merchant,
        row.note,
        row.reference,
    )
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:_HASH_LENGTH]


def to_decimal(row: ImportRow) -> Decimal:
    """Return the amount of a row, negative for money out."""
    return row.money.amount if row.type == "income" else -row.money.amount


def to_values(row: ImportRow) -> list[Any]:
    """Return a row as plain values, to be written as a line of JSON."""
    return [
        row.line,
        row.on.isoformat(),
        row.type,
        row.money.minor,
        row.money.currency,
        row.merchant,
        row.note,
        row.category,
        list(row.tags),
        row.paid_by,
        row.reference,
        [list(share) for share in row.shares],
        row.doubtful,
        *([dict(row.kept)] if row.kept else []),
    ]


def from_values(values: Sequence[Any]) -> ImportRow:
    """Build the row that `to_values` wrote."""
    line, on, kind, minor, currency, merchant, note, category, tags, *rest = values
    paid_by, reference, shares, doubtful, *kept = rest
    return ImportRow(
        line,
        date.fromisoformat(on),
        kind,
        Money.of_minor(minor, currency),
        merchant,
        note,
        category,
        tuple(tags),
        paid_by,
        reference,
        tuple((name, amount) for name, amount in shares),
        doubtful,
        *kept,
    )
