"""Write a CSV for Firefly III and the configuration with which its data importer reads it.

The configuration compares the external id, so importing a later export adds only what is new.
"""

from __future__ import annotations

import json

from ledger.entries.entry import Entry
from ledger.formats.writer import (
    FormatWriter,
    category_words,
    counted_money,
    hashtags,
    inert_line,
    is_converted,
    one_line,
    signed,
    words_of,
)
from ledger.money import plain

CONFIGURATION_NAME = "kvitto-firefly.json"

ROLES: dict[str, str] = {
    "date": "date_transaction",
    "amount": "amount",
    "currency": "currency-code",
    "foreign_amount": "amount_foreign",
    "foreign_currency": "foreign-currency-code",
    "description": "description",
    "account": "account-name",
    "opposing_account": "opposing-name",
    "category": "category-name",
    "tags": "tags-comma",
    "note": "note",
    "external_id": "external-id",
}
"""The columns, each with its role in the importer."""


class FireflyWriter(FormatWriter):
    """One part. A currency without a rate has an asset account of its own, as Firefly wants."""

    def head(self) -> str:
        """Return the names of the columns."""
        return inert_line(ROLES)

    def entry(self, entry: Entry) -> str:
        """Return a row; a withdrawal is negative."""
        counted, own = signed(entry, counted_money(entry)), self.facts.categories
        foreign = signed(entry, entry.money) if is_converted(entry) else None
        words = words_of(entry, own)
        home = counted.currency == self.facts.currency
        text = inert_line(
            (
                words,
                "Kvitto" if home else f"Kvitto {counted.currency}",
                one_line(entry.merchant or "") or words,
                category_words(entry.category, own),
                hashtags(entry).replace("#", "").replace(" ", ","),
                entry.note,
                entry.id,
            )
        )
        # Amounts are numbers, whose minus must not be guarded as a formula.
        figures = (
            entry.spent_on.isoformat(),
            plain(counted.amount, counted.currency),
            counted.currency,
            plain(foreign.amount, foreign.currency) if foreign else "",
            foreign.currency if foreign else "",
        )
        return f"{','.join(figures)},{text}"


def configuration() -> str:
    """Return the importer's configuration, version 3, as JSON text."""
    columns = list(ROLES)
    return json.dumps(
        {
            "version": 3,
            "source": "kvitto",
            "flow": "file",
            "content_type": "csv",
            "delimiter": "comma",
            "headers": True,
            "date": "Y-m-d",
            "conversion": False,
            "default_account": 1,
            "rules": True,
            "skip_form": True,
            "add_import_tag": True,
            "roles": list(ROLES.values()),
            "do_mapping": [False] * len(columns),
            "mapping": [],
            "duplicate_detection_method": "cell",
            "unique_column_index": columns.index("external_id"),
            "unique_column_type": "external-id",
            # Two equal coffees of a day are two rows, told apart by their id.
            "ignore_duplicate_lines": False,
            "ignore_duplicate_transactions": True,
        },
        indent=2,
    )
