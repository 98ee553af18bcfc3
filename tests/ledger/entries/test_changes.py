"""The history holds every field of an entry that can change, and gives each back."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, date, datetime
from decimal import Decimal

from ledger.entries.changes import entry_fields, with_fields
from ledger.entries.entry import Entry
from ledger.money import Money

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
FIXED = {"id", "ledger_id", "source", "source_key", "created_at"}
DERIVED = {"base", "updated_at"}
"""Filled by `with_fields` and by booking, so no change holds them."""

BEFORE = Entry(
    "e", 1, "expense", Money(Decimal("4.50"), "EUR"), date(2026, 11, 20), "coffee", "eating_out",
    7, "text", "tg:1:1:0", NOW, NOW,
)  # fmt: skip
AFTER = Entry(
    "e", 1, "income", Money(Decimal(980), "JPY"), date(2026, 11, 19), "ramen", "income",
    8, "text", "tg:1:1:0", NOW, NOW, merchant="Lidl", tags=("trip",), category_guessed=True,
    marks=("date",), receipt_id="r", deleted_at=NOW,
)  # fmt: skip


def test_the_two_entries_differ_in_every_field() -> None:
    same = {f.name for f in fields(Entry) if getattr(BEFORE, f.name) == getattr(AFTER, f.name)}
    assert same == FIXED | DERIVED, "give the new field two values here"


def test_every_field_is_given_back() -> None:
    assert with_fields(BEFORE, entry_fields(AFTER), now=NOW) == AFTER
    assert with_fields(AFTER, entry_fields(BEFORE), now=NOW) == BEFORE
