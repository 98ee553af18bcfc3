"""Find the tax as the sum of all rates, from tax rows or the table of rates."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

from ledger.receipt.reading.labelled_rows import LabelledRows

_RATE = re.compile(r"(?<![\d.,])(\d{1,2}(?:[.,]\d{1,2})?)\s?%")
_CENT = Decimal("0.01")
_TOLERANCE = Decimal("0.02")
_RATE_MAX = Decimal(30)


def find_tax(labelled: LabelledRows, total: Decimal | None) -> tuple[Decimal, str] | None:
    """Return the sum of all tax and the row it was taken from; None when none is found.

    Rows of a table of rates (net, tax, gross in any order next to a rate) are believed first, because
    their figures prove each other; then a row that names tax and holds one figure.
    """
    table = _sum_table(labelled)
    if table:
        return table
    rows = [
        (index, labelled.figures[index][-1].value)
        for index, labels in enumerate(labelled.labels)
        if "tax" in labels
        and not labels & {"count", "subtotal", "payable"}
        and labelled.figures[index]
        and (total is None or abs(labelled.figures[index][-1].value) < total)
    ]
    if not rows:
        return None
    index, value = rows[0]
    return abs(value), labelled.rows[index].text


def _sum_table(labelled: LabelledRows) -> tuple[Decimal, str] | None:
    """Sum the rows in which net, tax and gross agree with a printed rate."""
    taxes: list[Decimal] = []
    evidence = ""
    for index, row in enumerate(labelled.rows):
        rate = _RATE.search(row.text)
        if not rate or not labelled.figures[index]:
            continue
        share = Decimal(rate.group(1).replace(",", "."))
        values = [figure.value for figure in labelled.figures[index]]
        tax = _find_proven(share, values)
        if tax is not None and 0 < share <= _RATE_MAX:
            taxes.append(tax)
            evidence = evidence or row.text
    return (sum(taxes, Decimal(0)), evidence) if taxes else None


def _find_proven(share: Decimal, values: list[Decimal]) -> Decimal | None:
    """Return the value that is this share of a net or gross amount next to it, or None."""
    for tax in values:
        for base in values:
            if tax is base or not 0 < abs(tax) < abs(base):
                continue
            on_top = (base * share / 100).quantize(_CENT, ROUND_HALF_UP)
            inside = (base * share / (100 + share)).quantize(_CENT, ROUND_HALF_UP)
            if min(abs(tax - on_top), abs(tax - inside)) <= _TOLERANCE:
                return tax
    return None
