"""Write entries for programs: the cells of the CSV under its names, with null for what is not known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ledger.entries.entry import Entry
from ledger.formats.table import COLUMNS, row_of

_NULL_WHERE_EMPTY = ("merchant", "base_amount", "rate", "rate_date")


@dataclass(frozen=True, slots=True)
class EntryNames:
    """The names that a ledger gives to members and to its own categories, by their ids."""

    currency: str
    members: Mapping[int, str]
    categories: Mapping[str, str]

    def fields(self, entry: Entry) -> dict[str, object]:
        """Return the fields of an entry as JSON."""
        cells = row_of(
            entry, currency=self.currency, members=self.members, categories=self.categories
        )
        # Written over in place, as a page has a thousand of these.
        row: dict[str, object] = dict(zip(COLUMNS, cells, strict=True))
        for name in _NULL_WHERE_EMPTY:
            row[name] = row[name] or None
        row["tags"] = [tag.removeprefix("#") for tag in entry.tags]
        row["paid_by_id"] = str(entry.paid_by)
        row["receipt_id"] = entry.receipt_id
        row["marks"] = [*entry.marks, "category"] if entry.category_guessed else list(entry.marks)
        return row
