"""Sum up the lines of receipts: by item, or those that have the words of a question."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from ledger.entries.queries import EntryFilter
from ledger.entries.searching import fold, has_words
from ledger.inquiries.answers import Figures, Group
from ledger.money import Money
from ledger.stored_receipts import BookedReceipt
from services.scope import Scope

RECEIPTS_MAX = 500
"""The latest receipts of a question whose lines are read."""


@dataclass(frozen=True, slots=True)
class BoughtLine:
    """A line of a receipt with what it counts."""

    name: str
    money: Money
    """In the ledger's currency, or as printed where no rate is known; below zero for a discount."""
    receipt: BookedReceipt


def list_lines(scope: Scope, which: EntryFilter) -> tuple[list[BoughtLine], int]:
    """Return the lines of the receipts that a filter lets through, and the number of receipts.

    Words of the filter do not count, since they are looked for in the lines.
    """
    asked = replace(which, type="expense", words="")
    found = scope.repositories.receipts.latest(scope.ledger.id, RECEIPTS_MAX, asked)
    currency = scope.settings.currency
    return [line for one in found for line in _lines_of(one, currency)], len(found)


def _lines_of(receipt: BookedReceipt, currency: str) -> Iterator[BoughtLine]:
    drafts: Any = receipt.reading.get("drafts") or ()
    if not 0 <= receipt.position < len(drafts):
        return
    for name, price, *_ in drafts[receipt.position]["items"]:
        yield BoughtLine(name, _count(receipt, Decimal(price), currency), receipt)


def _count(receipt: BookedReceipt, price: Decimal, currency: str) -> Money:
    """Return a price at the rate at which its receipt counts."""
    printed = Money(price, receipt.currency)
    base = receipt.base
    if base is None or base.currency != currency or not receipt.amount_minor:
        return printed
    minor = round(Fraction(printed.minor) * base.minor / receipt.amount_minor)
    return Money.of_minor(minor, currency)


def find_lines(scope: Scope, which: EntryFilter) -> Figures | None:
    """Return the sum of the lines with the words of a filter, on receipts that it does not find.

    None where no line has them.
    """
    words, whole = which.words, which.whole_words
    lines, _ = list_lines(scope, which)
    found = [
        line
        for line in lines
        if has_words(fold(line.name), words, whole=whole)
        if not has_words(line.receipt.searched, words, whole=whole)
    ]
    return _sum_up(found, scope.settings.currency) if found else None


def group_by_item(scope: Scope, which: EntryFilter) -> tuple[list[Group], int]:
    """Return a group for each item by its printed name, and the number of receipts."""
    lines, receipts = list_lines(scope, which)
    if which.words:
        lines = [one for one in lines if has_words(fold(one.name), which.words)]
    items: dict[str, list[BoughtLine]] = defaultdict(list)
    for line in lines:
        items[" ".join(fold(line.name).split())].append(line)
    currency = scope.settings.currency
    groups = [Group(_name(found), _sum_up(found, currency), None) for found in items.values()]
    return groups, receipts


def _name(lines: Sequence[BoughtLine]) -> str:
    # The latest receipt comes first.
    return lines[0].name


def _sum_up(lines: Iterable[BoughtLine], currency: str) -> Figures:
    minor = count = 0
    apart: dict[str, int] = defaultdict(int)
    for line in lines:
        # A discount is a line of its own and nothing that was bought.
        count += line.money.amount > 0
        if line.money.currency == currency:
            minor += line.money.minor
        else:
            apart[line.money.currency] += line.money.minor
    monies = tuple(Money.of_minor(n, code) for code, n in sorted(apart.items()) if n)
    return Figures(Money.of_minor(minor, currency), count, apart=monies)
