"""Arithmetic as the judge: equations between printed figures, exact to the minor unit.

A check is made only when its parts are printed. A failed check is no proof of a wrong total (an item
may be misread), but it is told, and a total that no check supports is believed less.
"""

from __future__ import annotations

from decimal import Decimal

from ledger.receipt.draft import Check, DraftLine
from ledger.receipt.sheet import Sheet
from ledger.receipt.totals import Ledger

_ZERO = Decimal(0)


def check_total(total: Decimal, sheet: Sheet, book: Ledger) -> tuple[Check, ...]:
    """Check a total against everything else that is printed."""
    checks = [
        _closest("cash_and_change", total, _tendered(book)),
        _closest("subtotal_and_tax", total, _built_up(book)),
        _closest("items", total, _from_items(book)),
    ]
    places = {figure.row for figure in sheet.all_figures if figure.value == total}
    found = [check for check in checks if check is not None]
    if len(places) > 1:
        found.append(Check("printed_twice", passed=True, delta=_ZERO))
    return tuple(found)


def sum_items(items: tuple[DraftLine, ...]) -> Decimal | None:
    """The sum of the line prices; None without items."""
    return sum((item.price for item in items), _ZERO) if items else None


def _closest(name: str, total: Decimal, sums: set[Decimal]) -> Check | None:
    """The equation that comes closest; None when nothing to compare is printed."""
    if not sums:
        return None
    nearest = min(sums, key=lambda value: (abs(total - value), value))
    return Check(name, passed=nearest == total, delta=total - nearest)


def _tendered(book: Ledger) -> set[Decimal]:
    return {
        paid - abs(change)
        for paid in book.paid
        for change in book.changes
        if paid > abs(change) > 0
    }


def _built_up(book: Ledger) -> set[Decimal]:
    taxes = {_ZERO, *book.taxes}
    extras = {_ZERO, *book.services, *book.tips}
    return {
        subtotal + tax + extra + rounding
        for subtotal in book.subtotals
        for tax in taxes
        for extra in extras
        for rounding in {_ZERO, *book.roundings}
        if subtotal > 0
    }


def _from_items(book: Ledger) -> set[Decimal]:
    if book.items is None:
        return set()
    taxes = {_ZERO, *book.taxes}
    extras = {_ZERO, *book.services, *book.tips}
    less = {_ZERO, *(abs(value) for value in book.discounts)}
    return {
        book.items + tax + extra - discount + rounding
        for tax in taxes
        for extra in extras
        for discount in less
        for rounding in {_ZERO, *book.roundings}
    }
