"""Write the CSV of `ledger.formats.table`, which Kvitto reads back."""

from __future__ import annotations

from ledger.entries.entry import Entry
from ledger.formats.table import COLUMNS, guarded, row_of
from ledger.formats.writer import FormatWriter, csv_line


class CsvWriter(FormatWriter):
    """A part a year, because a file that grows too large is cut at its years."""

    def part_of(self, entry: Entry) -> str:
        """Return the year."""
        return str(entry.spent_on.year)

    def head(self) -> str:
        """Return the names of the columns."""
        return csv_line(COLUMNS)

    def entry(self, entry: Entry) -> str:
        """Return a row."""
        facts = self.facts
        # Ids of default categories stay untranslated, so that files do not depend on the language.
        row = row_of(
            entry, currency=facts.currency, members=facts.members, categories=facts.categories
        )
        return csv_line(guarded(row))
