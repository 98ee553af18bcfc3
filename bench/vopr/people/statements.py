"""Write the files that simulated people import: statements of banks, and exports of the bot itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import orjson

WRITTEN_AT = "2026-11-20T12:00:00+00:00"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a file; neither its word nor its amount is that of another one."""

    word: str
    day: int
    """Of November 2026, at most 12, so that it could be a month."""
    amount: Decimal


def write_bank_csv(rows: Sequence[Row]) -> bytes:
    """Return a statement that says all that has to be known."""
    lines = [
        f"{row.day:02}.11.2026;Markt;{row.word};-{f'{row.amount:.2f}'.replace('.', ',')};EUR"
        for row in rows
    ]
    return "\n".join(["Buchungstag;Empfänger;Verwendungszweck;Betrag;Währung", *lines]).encode()


def write_open_csv(rows: Sequence[Row]) -> bytes:
    """Return a statement whose days may be read in two ways, so that a person is asked."""
    # A header that no other file has, as its layout is remembered.
    head = f"Date,Description,Amount,Ref {rows[0].word}"
    lines = [f"{row.day:02}/11/2026,{row.word},-{row.amount:.2f}," for row in rows]
    return "\n".join([head, *lines]).encode()


def write_own_json(rows: Sequence[Row]) -> bytes:
    """Return an export of the bot."""
    document = {
        "kvitto": 1,
        "settings": {},
        "budgets": [],
        "corrections": [],
        "rates": [],
        "entries": [_entry(row) for row in rows],
    }
    return orjson.dumps(document)


def _entry(row: Row) -> dict[str, Any]:
    return {
        "id": "",
        "type": "expense",
        "date": f"2026-11-{row.day:02}",
        "amount": f"{row.amount:.2f}",
        "currency": "EUR",
        "merchant": None,
        "note": row.word,
        "category": "groceries",
        "category_guessed": False,
        "tags": [],
        "marks": [],
        "paid_by": "",
        "paid_by_id": "0",
        "source": "text",
        "created_at": WRITTEN_AT,
        "updated_at": WRITTEN_AT,
    }
