"""An export that is read back: entries with any words leave by CSV and JSON and come back equal."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime, timedelta
from typing import Any

from ai.statements.reading import open_file
from ledger.entries.entry import Entry
from ledger.formats.kvitto_csv import CsvWriter
from ledger.formats.kvitto_json import JsonWriter
from ledger.formats.writer import LedgerFacts, Part
from ledger.imports.rows import NOTE_MAX, ImportRow
from ledger.money import Money
from ledger.settings import Settings, settings_fields
from ports.statements import FileKnowledge

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
CURRENCIES = ("EUR", "JPY", "KWD", "USD")
DOCUMENT: dict[str, Any] = {
    "kvitto": 1,
    "settings": settings_fields(Settings("EUR", "Europe/Berlin", "en")),
    "budgets": [],
    "corrections": [],
    "rates": [],
}
FACTS = LedgerFacts("0" * 24, "EUR", {7: "Ann"}, {}, NOW, document=DOCUMENT)
KNOWLEDGE = FileKnowledge(TODAY, "EUR")
SEEDS = (
    b"\x00\x01\xc2coffee|EDEKA|office",
    b"\x01\x00\x05=HYPERLINK(1)|'quoted|x",
    b'\x02\x09\xff"a",b;c\ttab|@shop|+tag',
    "\x03\x02\x11Käffchen ☕|ラーメン屋|büro".encode(),
)


def enter(data: bytes) -> None:
    """Build an entry of the bytes, write it, read it back."""
    if len(data) < 3:
        return
    entry = _build(data)
    for writer in (CsvWriter(FACTS), JsonWriter(FACTS)):
        part = Part(writer.part_of(entry), entry.spent_on, entry.spent_on)
        text = writer.head() + writer.begin(part) + writer.entry(entry)
        text += writer.end(part) + writer.foot()
        (row,) = open_file(text.encode(), KNOWLEDGE).rows
        assert isinstance(row, ImportRow), row
        assert row.money == entry.money, row.money
        assert (row.on, row.type) == (entry.spent_on, entry.type)
        assert row.note == entry.note, (row.note, entry.note)
        assert row.merchant == (entry.merchant or ""), (row.merchant, entry.merchant)
        assert row.tags == entry.tags, (row.tags, entry.tags)


def _build(data: bytes) -> Entry:
    currency = CURRENCIES[data[0] % len(CURRENCIES)]
    minor = 1 + data[1] * 256 + data[2]
    note, merchant, words = [*_list_words(data[3:]), "", ""][:3]
    # A tag is one word, and its mark is not kept.
    tag = "".join(words.split()).lstrip("#")
    return Entry(
        id="e1",
        ledger_id=1,
        type="income" if data[0] & 128 else "expense",
        money=Money.of_minor(minor, currency),
        spent_on=TODAY - timedelta(days=data[1]),
        note=note,
        category="",
        paid_by=7,
        source="text",
        source_key="tg:1:1:0",
        created_at=NOW,
        updated_at=NOW,
        merchant=merchant or None,
        tags=(tag,) if tag else (),
    )


def _list_words(data: bytes) -> list[str]:
    """Return words as an entry holds them: bounded, with single blanks, no control characters."""
    text = "".join(c for c in data.decode("utf-8", "ignore") if unicodedata.category(c) != "Cc")
    return [" ".join(part.split())[:NOTE_MAX] for part in text.split("|")]
