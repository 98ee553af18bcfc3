"""Find the amount that was paid, where it differs from the sum of the goods by coins or a gift card."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from ledger.receipt.fields.totals import PrintedSums

_COIN: Final = Decimal("0.05")
"""The smallest coin where cash is rounded (Switzerland, Finland, the Netherlands, Malaysia)."""
_ROUNDED: Final = frozenset({"AUD", "CAD", "CHF", "MYR", "NZD", "SGD"})
"""Currencies whose cash is rounded everywhere; of the euro some countries round."""
_MOVED_MAX: Final = Decimal("0.04")


def find_rounded_payment(
    total: Decimal, printed: PrintedSums, currency: str | None
) -> Decimal | None:
    """Return the cash paid for a total that was rounded to coins, or None.

    It is printed as the payment (88.97, cash 88.95) or as cash less change (3.69 with 5.00 - 1.30).
    Elsewhere change is given short without any rounding, so the paper or the currency must tell.
    """
    if total % _COIN == 0 or not (printed.roundings or currency in _ROUNDED):
        return None
    handed = {paid - abs(change) for paid in printed.paid for change in printed.changes if change}
    payments = (*printed.paid, *handed)
    found = {
        paid for paid in payments if abs(paid - total) <= _MOVED_MAX and paid % _COIN == 0 < paid
    }
    return found.pop() if len(found) == 1 else None


def is_paid_in_part(total: Decimal, printed: PrintedSums) -> bool:
    """Return whether a voucher and a payment make up the total, so that less than it was paid.

    Whether a gift card is money of one's own is not on the paper.
    """
    payments = printed.paid | printed.cards
    return any(
        abs(voucher) + paid == total for voucher, paid in _pair_up(printed.discounts, payments)
    )


def _pair_up(
    vouchers: Iterable[Decimal], payments: Iterable[Decimal]
) -> list[tuple[Decimal, Decimal]]:
    return [(voucher, paid) for voucher in vouchers for paid in payments if voucher and paid > 0]
