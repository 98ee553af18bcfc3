"""Write Quicken's QIF, which most desktop programs read.

QIF knows no currency, so amounts without a rate stand in an account of their currency. Dates are
Quicken's, month first (`11/20/2026`); amounts have a point and no grouping.
"""

from __future__ import annotations

from ledger.categories import find_category, group_of
from ledger.entries.entry import Entry
from ledger.formats.writer import (
    FormatWriter,
    Part,
    category_words,
    counted_money,
    hashtags,
    is_converted,
    one_line,
    signed,
    words_of,
)
from ledger.money import plain


class QifWriter(FormatWriter):
    """A part and an account a currency."""

    def part_of(self, entry: Entry) -> str:
        """Return the currency in which an entry counts."""
        return counted_money(entry).currency

    def begin(self, part: Part) -> str:
        """Name the account and the type of its entries."""
        currency = part.key or self.facts.currency
        return f"!Account\nNKvitto {currency}\nTCash\n^\n!Type:Cash\n"

    def entry(self, entry: Entry) -> str:
        """Return the lines of an entry, up to its `^`."""
        money, own = signed(entry, counted_money(entry)), self.facts.categories
        lines = [
            f"D{entry.spent_on:%m/%d/%Y}",
            f"T{plain(money.amount, money.currency)}",
            f"P{one_line(entry.merchant or '') or words_of(entry, own)}",
        ]
        if memo := self._memo(entry):
            lines.append(f"M{memo}")
        if category := self._category(entry):
            lines.append(f"L{category}")
        return "\n".join([*lines, "^\n"])

    def _memo(self, entry: Entry) -> str:
        """Return the note, the tags and the amount as typed."""
        typed = f"{plain(entry.money.amount, entry.money.currency)} {entry.money.currency}"
        parts = (entry.note, hashtags(entry), f"({typed})" if is_converted(entry) else "")
        return one_line(" ".join(parts))

    def _category(self, entry: Entry) -> str:
        """Return group and category, `Food:Eating out`."""
        words = category_words(entry.category, self.facts.categories)
        # `:` and `/` part a category, and brackets name an account.
        name = one_line(words.translate(_SIGNS))
        group = group_of(entry.category) if find_category(entry.category) else None
        return f"{group}:{name}" if group and name else name


_SIGNS = str.maketrans(dict.fromkeys(":/[]", " "))
