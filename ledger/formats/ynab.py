"""Write the CSV that YNAB imports: Date, Payee, Memo, Outflow, Inflow.

An account of YNAB has one currency, so amounts without a rate go into a file of their currency.
"""

from __future__ import annotations

from ledger.entries.entry import Entry
from ledger.formats.table import guard
from ledger.formats.writer import (
    FormatWriter,
    category_words,
    counted_money,
    csv_line,
    hashtags,
    is_converted,
    one_line,
    words_of,
)
from ledger.money import plain

COLUMNS = ("Date", "Payee", "Memo", "Outflow", "Inflow")
_MEMO_MAX = 200
"""YNAB cuts a memo there."""


class YnabWriter(FormatWriter):
    """A part and a file a currency."""

    def part_of(self, entry: Entry) -> str:
        """Return the currency in which an entry counts, empty for the ledger's."""
        currency = counted_money(entry).currency
        return "" if currency == self.facts.currency else currency

    def head(self) -> str:
        """Return the names of the columns."""
        return csv_line(COLUMNS)

    def entry(self, entry: Entry) -> str:
        """Return a row; one of the two amounts is empty."""
        money = counted_money(entry)
        amount = plain(money.amount, money.currency)
        flows = ("", amount) if entry.type == "income" else (amount, "")
        payee = one_line(entry.merchant or "") or words_of(entry, self.facts.categories)
        return csv_line(
            (entry.spent_on.isoformat(), guard(payee), guard(self._memo(entry)), *flows)
        )

    def _memo(self, entry: Entry) -> str:
        """Return the category, which YNAB has no column for, the note and the tags."""
        typed = f"{plain(entry.money.amount, entry.money.currency)} {entry.money.currency}"
        parts = (
            category_words(entry.category, self.facts.categories),
            one_line(entry.note),
            hashtags(entry),
            typed if is_converted(entry) else "",
        )
        return " · ".join(filter(None, parts))[:_MEMO_MAX]
