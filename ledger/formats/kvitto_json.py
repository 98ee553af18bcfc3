"""Write one JSON document with everything that a ledger holds, an entry a line."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from ledger.entries.entry import Entry
from ledger.entries.filter_fields import filter_fields
from ledger.formats.table import COLUMNS, row_of
from ledger.formats.writer import FormatWriter, LedgerFacts, Part
from ledger.periods.period import Period


class JsonWriter(FormatWriter):
    """Adds `entries` to the facts' document, which is left open for them."""

    def __init__(self, facts: LedgerFacts) -> None:
        super().__init__(facts)
        self._separator = "\n"

    def head(self) -> str:
        """Return the document up to its entries."""
        return dump(dict(self.facts.document)).removesuffix("}") + ',"entries":['

    def entry(self, entry: Entry) -> str:
        """Return an entry on a line of its own."""
        separator, self._separator = self._separator, ",\n"
        return separator + dump(entry_json(entry, self.facts))

    def foot(self) -> str:
        """Close the document."""
        return "\n]}\n"


class RowsWriter(FormatWriter):
    """Spools the entries for a document that is drawn later: a line with its facts, then rows."""

    def begin(self, part: Part) -> str:
        """Return the facts, with the days that were asked for or that the rows cover."""
        period = self.facts.which.period or Period(part.first, part.last + date.resolution)
        return (
            dump(
                {
                    "settings": self.facts.document["settings"],
                    "title": self.facts.title,
                    "which": filter_fields(self.facts.which),
                    "members": [[id_, name] for id_, name in self.facts.members.items()],
                    "start": period.start.isoformat(),
                    "end": period.end.isoformat(),
                    "today": self.facts.now.date().isoformat(),
                }
            )
            + "\n"
        )

    def entry(self, entry: Entry) -> str:
        """Return the cells of an entry, with the id of its category."""
        facts = self.facts
        row = row_of(entry, currency=facts.currency, members=facts.members, categories={})
        return dump(row) + "\n"


def entry_json(entry: Entry, facts: LedgerFacts) -> dict[str, Any]:
    """Return an entry with the columns of the CSV; an empty cell is null.

    `shares` are in it where a file named some.
    """
    shares = facts.shares.get(entry.id, ())
    split = [{"name": name, "amount": amount} for name, amount in shares]
    cells = row_of(entry, currency=facts.currency, members=facts.members, categories={})
    return {name: cell or None for name, cell in zip(COLUMNS, cells, strict=True)} | {
        "note": entry.note,
        "tags": list(entry.tags),
        "paid_by_id": str(entry.paid_by),
        "receipt_id": entry.receipt_id,
        "category_guessed": entry.category_guessed,
        "marks": list(entry.marks),
        **({"shares": split} if split else {}),
    }


def dump(value: object) -> str:
    """Return compact JSON text."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
