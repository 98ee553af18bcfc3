"""Doubt a total that the ranking prefers, and find amounts that a question need not offer."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from ledger.receipt.deciding.checks import check_total
from ledger.receipt.fields.ranking import Ranked
from ledger.receipt.fields.totals import PrintedSums
from ledger.receipt.reading.labelled_rows import LabelledRows

_LEGIBLE: Final = 0.9
"""Confidence of the reader in a row of print below which one of its digits may be another."""
_NAMED: Final = ("row says total", "row says payable")
_PARTS: Final = tuple(
    f"rows say {part}" for part in ("tax", "service", "tip", "rounding", "discount")
)
_CENTS: Final = 2
_ALWAYS_WITH_CENTS: Final = frozenset(
    {"AUD", "BGN", "BRL", "CAD", "CHF", "EUR", "GBP", "MYR", "NZD", "PLN", "RON", "SGD", "USD"}
)
"""Currencies in which tills print whole amounts with cents."""
_WHOLES: Final = (*_NAMED, "row says total and tax", "row says total with tax")


def is_doubtful(
    options: Sequence[Ranked[Decimal]],
    labelled: LabelledRows,
    printed: PrintedSums,
    currency: str | None,
) -> bool:
    """Return whether the first option should be asked about however much it is believed in.

    This is so when no print of it is legible, or when no sum supports it while one supports another
    amount that a row calls the total ("56.70" for "$8.70", which is printed twice more); or when
    nothing shows that it is money, as in "Total time: 132.5s" on a picture that is not a receipt.
    """
    if not options:
        return False
    best, *others = options
    if max(labelled.rows[row].confidence for row in best.candidate.rows) < _LEGIBLE:
        return True
    if currency in _ALWAYS_WITH_CENTS and not _shows_money(best.value, labelled):
        return True
    if _has_support(best.value, labelled, printed):
        return False
    return any(
        _has_support(other.value, labelled, printed)
        for other in others
        if any(other.candidate.features.get(name) for name in _NAMED)
    )


def is_part(option: Ranked[Decimal]) -> bool:
    """Return whether every row that holds an amount calls it a part of the sum, and none the sum.

    "Sales tax 4.94" is not a total; "Total incl. tax 4.94" may be one.
    """
    said = option.candidate.features
    return any(said.get(name) for name in _PARTS) and not any(said.get(name) for name in _WHOLES)


def _shows_money(total: Decimal, labelled: LabelledRows) -> bool:
    """Return whether a total is printed with cents, or the page names a currency."""
    if any(unicodedata.category(char) == "Sc" for char in labelled.text):
        return True
    amounts = [figure.amount for figure in labelled.all_figures]
    return any(
        amount.currency
        or (amount.clean and amount.decimals == _CENTS and abs(amount.value) == abs(total))
        for amount in amounts
    )


def _has_support(total: Decimal, labelled: LabelledRows, printed: PrintedSums) -> bool:
    return any(check.passed for check in check_total(total, labelled, printed))
