"""Draw a workbook with a sheet of entries and one of totals, row by row.

Dates and amounts are real ones, shown at the digits of their currency. Words are stored as strings,
so no spread sheet runs them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from ledger.money import Money, minor_digits
from presentation.documents.rows import Row, Rows
from presentation.documents.totals import Sum, Totals, largest_first
from presentation.localizer import Localizer

_COLUMNS: tuple[tuple[str, int], ...] = (
    ("date", 11),
    ("type", 10),
    ("amount", 16),
    ("currency", 9),
    ("category", 20),
    ("merchant", 22),
    ("note", 32),
    ("tags", 14),
    ("paid_by", 14),
    ("base", 16),
    ("rate", 12),
    ("rate_date", 11),
    ("source", 10),
    ("id", 26),
)
"""The columns of entries with their widths in characters."""
_YEAR_MIN = 1900
"""Excel has no earlier day; one before is written as text."""
_RIGHT_TO_LEFT = ("ar", "fa", "he", "ur")


@dataclass(slots=True)
class Sheet:
    """A sheet that is written from its first row on."""

    sheet: Any
    formats: Formats
    row: int = 0

    def write(self, *cells: str | date | Money | float | None, style: str = "") -> None:
        """Write the cells of the next row; None leaves one empty."""
        for column, cell in enumerate(cells):
            self._write_cell(column, cell, style)
        self.row += 1

    def _write_cell(self, column: int, cell: str | date | Money | float | None, style: str) -> None:
        formats = self.formats
        match cell:
            case None | "":
                pass
            case str():
                # Never `write`, which would make formulas, numbers and links of words.
                text = cell.replace("\r\n", "\n")
                self.sheet.write_string(self.row, column, text, formats.find(style))
            case Money():
                number = formats.find(f"{style}:{cell.currency}")
                # 15 digits are exact in a double, and amounts have 14 at most.
                self.sheet.write_number(self.row, column, float(cell.amount), number)
            # Spreadsheets count days from 1900; an earlier day stays readable as text.
            case date() if cell.year < _YEAR_MIN:
                self.sheet.write_string(self.row, column, cell.isoformat())
            case date():
                # Spreadsheets know no zones, and xlsxwriter refuses a time that has one.
                at = datetime(cell.year, cell.month, cell.day, tzinfo=UTC).replace(tzinfo=None)
                self.sheet.write_datetime(self.row, column, at, formats.find("date"))
            case _:
                self.sheet.write_number(self.row, column, cell, formats.find(style))


@dataclass(slots=True)
class Formats:
    """The formats of cells, each made once."""

    book: Any
    known: dict[str, Any] = field(default_factory=dict)

    def find(self, name: str) -> Any:  # noqa: ANN401  # the library has no types
        """Return the format `<style>:<currency>`; either may be empty."""
        if name not in self.known:
            style, _, currency = name.partition(":")
            self.known[name] = self.book.add_format(_properties(style, currency))
        return self.known[name]


def _properties(style: str, currency: str) -> dict[str, Any]:
    found: dict[str, Any] = {"bold": True} if style in ("head", "bold") else {}
    if style == "head":
        found |= {"bottom": 1, "bg_color": "#F2F2F2"}
    if style in ("date", "percent", "rate"):
        shown = {"date": "yyyy-mm-dd", "percent": "0.0%", "rate": "0.######"}
        found |= {"num_format": shown[style]}
    if currency:
        digits = minor_digits(currency)
        point = "." + "0" * digits if digits else ""
        found |= {"num_format": f"#,##0{point} [${currency}]"}
    return found


def write_workbook(rows: Rows, target: Path) -> None:
    """Draw the workbook of a file of rows."""
    # Rows go to the disk as they are written, whatever their number.
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(target), options) as book:
        formats, totals = Formats(book), Totals(rows.t.currency)
        entries = Sheet(_add_sheet(book, rows.t, "entries"), formats)
        _write_entries(entries, rows, totals)
        sums = Sheet(_add_sheet(book, rows.t, "totals"), formats)
        _write_totals(sums, totals, rows.t)


def _add_sheet(book: Any, t: Localizer, name: str) -> Any:  # noqa: ANN401  # as above
    sheet = book.add_worksheet(t.plain(f"document.sheet.{name}"))
    sheet.freeze_panes(1, 0)
    if t.language.split("-")[0] in _RIGHT_TO_LEFT:
        sheet.right_to_left()
    return sheet


def _write_entries(entries: Sheet, rows: Rows, totals: Totals) -> None:
    t = rows.t
    for column, (_, width) in enumerate(_COLUMNS):
        entries.sheet.set_column(column, column, width)
    heads = [t.plain(f"document.column.{name}", currency=t.currency) for name, _ in _COLUMNS]
    entries.write(*heads, style="head")
    for row in rows:
        totals.add(row)
        _write_entry(entries, row, t)
    entries.sheet.autofilter(0, 0, max(entries.row - 1, 0), len(_COLUMNS) - 1)


def _write_entry(entries: Sheet, row: Row, t: Localizer) -> None:
    entries.write(
        row.on,
        t.plain(f"document.type.{row.type}"),
        row.money,
        row.money.currency,
        t.category_name(row.category) if row.category else "",
        row.merchant,
        row.note,
        row.tags,
        row.paid_by,
        row.base,
        float(row.rate) if row.rate else None,
        row.rate_on,
        row.source,
        row.id,
    )


def _write_totals(sums: Sheet, totals: Totals, t: Localizer) -> None:
    sums.sheet.set_column(0, 0, 26)
    sums.sheet.set_column(1, 3, 16)
    heads = ("category", "entries", "spent", "share")
    sums.write(*(t.plain(f"document.column.{name}") for name in heads), style="head")
    whole = totals.spent_in_all()
    for category, one in largest_first(totals.spent):
        money = Money(one.amount, totals.currency)
        sums.write(_named(category, t), one.count, money)
        if whole.amount:
            share = float(one.amount / whole.amount)
            sums.sheet.write_number(sums.row - 1, 3, share, sums.formats.find("percent"))
    _write_sum(sums, t.plain("document.spent"), totals.spent, whole)
    sums.write()
    for category, one in largest_first(totals.earned):
        sums.write(_named(category, t), one.count, Money(one.amount, totals.currency))
    _write_sum(sums, t.plain("document.earned"), totals.earned, totals.earned_in_all())
    _write_apart(sums, totals, t)


def _write_sum(sums: Sheet, label: str, by_category: dict[str, Sum], whole: Money) -> None:
    count = sum(one.count for one in by_category.values())
    sums.write(label, count, whole, style="bold")


def _write_apart(sums: Sheet, totals: Totals, t: Localizer) -> None:
    """List what is in no sum because no rate is known."""
    if not totals.apart:
        return
    sums.write()
    sums.write(t.plain("document.apart"), style="bold")
    for (kind, currency), one in sorted(totals.apart.items()):
        sums.write(t.plain(f"document.type.{kind}"), one.count, Money(one.amount, currency))


def _named(category: str, t: Localizer) -> str:
    return t.category_name(category) if category else t.plain("category.none")
