"""Read the rows that `ledger.formats.kvitto_json.RowsWriter` spooled, one at a time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from ledger.chats import Member
from ledger.entries.filter_fields import load_filter
from ledger.formats.table import COLUMNS
from ledger.money import Money
from ledger.periods.period import Period
from ledger.settings import Settings, with_settings_fields
from presentation.localizer import Localizer, localizer_for
from presentation.markup import Html, visible
from presentation.views.asking.filters import filter_parts

_ANY = Settings(currency="EUR", timezone="UTC", language="en")
"""Settings under the spooled ones, which hold every field."""


@dataclass(frozen=True, slots=True)
class Row:
    """An entry as a document shows it."""

    id: str
    on: date
    type: str
    money: Money
    category: str
    """A category id, which the localizer names."""
    merchant: str
    note: str
    tags: str
    paid_by: str
    source: str
    base: Money | None
    rate: Decimal | None
    rate_on: date | None

    @property
    def title(self) -> str:
        """Return shop and note in one line."""
        return " · ".join(part for part in (self.merchant, " ".join(self.note.split())) if part)


@dataclass(frozen=True, slots=True)
class Rows:
    """The facts of a ledger, and its rows in the file."""

    path: Path
    title: str
    period: Period
    conditions: str
    """The filter in words, without its period; empty for everything."""
    today: date
    t: Localizer

    def __iter__(self) -> Iterator[Row]:
        """Yield the rows, oldest first."""
        with self.path.open(encoding="utf-8") as lines:
            next(lines)
            for line in lines:
                yield _read_row(dict(zip(COLUMNS, json.loads(line), strict=True)))


def open_rows(path: Path) -> Rows:
    """Read the first line of a file of rows."""
    with path.open(encoding="utf-8") as lines:
        facts = json.loads(next(lines))
    settings = with_settings_fields(_ANY, facts["settings"])
    start, end = date.fromisoformat(facts["start"]), date.fromisoformat(facts["end"])
    today = date.fromisoformat(facts["today"])
    t = localizer_for(settings)
    which = replace(load_filter(facts["which"]), period=None)
    members = [Member(user_id, name) for user_id, name in facts["members"]]
    conditions = " · ".join(
        visible(Html(part)) for part in filter_parts(which, members, t, today=today)
    )
    return Rows(path, facts["title"], Period(start, end), conditions, today, t)


def _read_row(cells: dict[str, str]) -> Row:
    base = cells["base_amount"]
    return Row(
        id=cells["id"],
        on=date.fromisoformat(cells["date"]),
        type=cells["type"],
        money=Money(Decimal(cells["amount"]), cells["currency"]),
        category=cells["category"],
        merchant=cells["merchant"],
        note=cells["note"],
        tags=cells["tags"],
        paid_by=cells["paid_by"],
        source=cells["source"],
        base=Money(Decimal(base), cells["base_currency"]) if base else None,
        rate=Decimal(cells["rate"]) if cells["rate"] else None,
        rate_on=date.fromisoformat(cells["rate_date"]) if cells["rate_date"] else None,
    )
