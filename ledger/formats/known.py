"""List the formats of `/export`, one row each.

A new format is a row here and a writer next to this file; one that needs a vendor's library is a
`document`, drawn by `ports.documents.DocumentWriter` of the rows that `RowsWriter` spools.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

from ledger.formats.beancount import BeancountWriter
from ledger.formats.firefly import FireflyWriter
from ledger.formats.kvitto_csv import CsvWriter
from ledger.formats.kvitto_json import JsonWriter, RowsWriter
from ledger.formats.ofx import OfxWriter
from ledger.formats.qif import QifWriter
from ledger.formats.writer import FormatWriter, LedgerFacts
from ledger.formats.ynab import YnabWriter

FormatName = Literal[
    "csv", "xlsx", "json", "beancount", "ofx", "qif", "firefly", "ynab", "pdf", "zip"
]

FORMAT_NAMES: tuple[FormatName, ...] = get_args(FormatName)

Parts = Literal["joined", "years", "separate"]
"""Parts become one file, or one a year when that is too large for Telegram, or always one each."""

Made = Literal["text", "document", "archive"]


@dataclass(frozen=True, slots=True)
class Format:
    """A format of files."""

    name: FormatName
    suffix: str
    media_type: str
    writer: Callable[[LedgerFacts], FormatWriter]
    parts: Parts = "joined"
    made: Made = "text"
    rows_max: int | None = None
    """More entries than this are refused; None where rows have no limit of their own."""


_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
XLSX_ROWS_MAX = 1_000_000
"""A sheet has 1,048,576 rows."""
PDF_ROWS_MAX = 5_000
"""Some 150 pages, which take about half a minute to draw."""
ZIP_ROWS_MAX = 50_000
"""The tables of an archive are held in memory until its pictures are in it."""

FORMATS: dict[FormatName, Format] = {
    one.name: one
    for one in (
        Format("csv", ".csv", "text/csv", CsvWriter, parts="years"),
        Format("xlsx", ".xlsx", _SHEET, RowsWriter, made="document", rows_max=XLSX_ROWS_MAX),
        Format("json", ".json", "application/json", JsonWriter),
        Format("beancount", ".beancount", "text/plain", BeancountWriter),
        Format("ofx", ".ofx", "application/x-ofx", OfxWriter),
        Format("qif", ".qif", "application/qif", QifWriter),
        Format("firefly", ".csv", "text/csv", FireflyWriter),
        Format("ynab", ".csv", "text/csv", YnabWriter, parts="separate"),
        Format(
            "pdf", ".pdf", "application/pdf", RowsWriter, made="document", rows_max=PDF_ROWS_MAX
        ),
        Format("zip", ".zip", "application/zip", RowsWriter, made="archive", rows_max=ZIP_ROWS_MAX),
    )
}

_ALIASES: dict[str, FormatName] = {
    "excel": "xlsx",
    "xls": "xlsx",
    "spreadsheet": "xlsx",
    "fava": "beancount",
    "quicken": "qif",
    "firefly-iii": "firefly",
    "report": "pdf",
    "receipts": "zip",
}


def find_format(word: str) -> FormatName | None:
    """Return the format that a word names, None for another word."""
    named = word.strip().casefold().removeprefix(".")
    known = next((name for name in FORMAT_NAMES if name == named), None)
    return known or _ALIASES.get(named)
