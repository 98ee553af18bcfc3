"""Check equations between printed figures, exact to the minor unit.

A check is made only when its parts are printed. A failed check does not prove a wrong total (an
item may be misread), but it is reported, and a total that no check supports is believed less.
"""

from __future__ import annotations

from decimal import Decimal

from ledger.receipt.draft import Check, LineItem
from ledger.receipt.fields.totals import PrintedSums, is_total
from ledger.receipt.reading.labelled_rows import LabelledRows
from ledger.receipt.reading.labels import Label

_ZERO = Decimal(0)
_PAID: frozenset[Label] = frozenset({"cash", "card", "change"})
_OF_WHICH: frozenset[Label] = frozenset({"subtotal", "including", "count"})
"""Figures that name a part of a sum and add nothing to it."""


def check_total(total: Decimal, labelled: LabelledRows, printed: PrintedSums) -> tuple[Check, ...]:
    """Check a total against everything else that is printed."""
    checks = [
        _find_closest("cash_and_change", total, _sum_tendered(printed)),
        _find_closest(
            "subtotal_and_tax", total, _sum_parts(printed) | _sum_row_by_row(total, labelled)
        ),
        _find_closest("items", total, _sum_items_and_extras(printed)),
    ]
    places = {figure.row for figure in labelled.all_figures if figure.value == total}
    found = [check for check in checks if check is not None]
    if len(places) > 1:
        found.append(Check("printed_twice", passed=True, delta=_ZERO))
    return tuple(found)


def sum_items(items: tuple[LineItem, ...]) -> Decimal | None:
    """Return the sum of the line prices; None without items."""
    return sum((item.price for item in items), _ZERO) if items else None


def _find_closest(name: str, total: Decimal, sums: set[Decimal]) -> Check | None:
    """Return the equation that comes closest; None when there is no figure to compare."""
    if not sums:
        return None
    nearest = min(sums, key=lambda value: (abs(total - value), value))
    return Check(name, passed=nearest == total, delta=total - nearest)


def _sum_tendered(printed: PrintedSums) -> set[Decimal]:
    return {
        paid - abs(change)
        for paid in printed.paid
        for change in printed.changes
        if paid > abs(change) > 0
    }


def _sum_parts(printed: PrintedSums) -> set[Decimal]:
    taxes = {_ZERO, *printed.taxes}
    extras = {_ZERO, *printed.services, *printed.tips}
    return {
        subtotal + tax + extra + rounding
        for subtotal in printed.subtotals
        for tax in taxes
        for extra in extras
        for rounding in {_ZERO, *printed.roundings}
        if subtotal > 0
    }


def _sum_row_by_row(total: Decimal, labelled: LabelledRows) -> set[Decimal]:
    """Yield sums of a subtotal and every figure between its row and a row of the total.

    Fees have more names than a table can hold ("Kitchen appreciation"). That all of several figures
    add up to the total, with none left over, is not a coincidence; less than the column proves nothing.
    """
    last_figures = [row[-1] for row in labelled.figures if row]
    sums: set[Decimal] = set()
    for place, subtotal in enumerate(last_figures):
        if "subtotal" not in labelled.context(subtotal.row) or subtotal.value <= 0:
            continue
        reached = subtotal.value
        for figure in last_figures[place + 1 :]:
            labels = labelled.context(figure.row)
            if figure.value == total and is_total(labels):
                sums.add(reached)
                break
            if is_total(labels) or labels & _PAID:
                break
            if not labels & _OF_WHICH:
                reached += -abs(figure.value) if "discount" in labels else figure.value
    return sums


def _sum_items_and_extras(printed: PrintedSums) -> set[Decimal]:
    if printed.items is None:
        return set()
    taxes = {_ZERO, *printed.taxes}
    extras = {_ZERO, *printed.services, *printed.tips}
    less = {_ZERO, *(abs(value) for value in printed.discounts)}
    return {
        printed.items + tax + extra - discount + rounding
        for tax in taxes
        for extra in extras
        for discount in less
        for rounding in {_ZERO, *printed.roundings}
    }
