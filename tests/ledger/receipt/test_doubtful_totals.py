"""Subtotals, taxes, fees and empty lines: what is asked about, and what the question offers."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from ledger.receipt import ReceiptContext, ReceiptDraft, build_drafts
from tests.ledger.receipt.paper import reading_of

CONTEXT = ReceiptContext(datetime(2026, 11, 21, 12, tzinfo=UTC), "en", "US", "USD")
ORDER = """
NORTHGATE LAMPS
18 Harbor Street
Nov 3, 2026
Desk lamp  $64.00
Bulb  $11.50
Subtotal  $75.50
"""


def _one(text: str) -> ReceiptDraft:
    (draft,) = build_drafts(reading_of(ORDER + text.strip()), CONTEXT)
    return draft


@pytest.mark.parametrize(
    ("below", "total"),
    [
        ("Sales tax 5.5%  $4.15\nTOTAL  $79.65", "79.65"),
        # Delivery has a name that the table knows,
        ("Shipping  $6.95\nTax  $4.15\nTOTAL  $86.60", "86.60"),
        # a fee has one of its own,
        ("Kitchen appreciation  $2.27\nTax  $4.15\nTOTAL  $81.92", "81.92"),
        # and several add up with a discount.
        ("Promo HELLO  $5.00\nPacking  $1.20\nTax  $4.15\nOrder total  $75.85", "75.85"),
        ("State tax  $3.02\nCity tax  $1.13\nTOTAL  $79.65", "79.65"),
        # A tip line that was left empty, and a total to be written by hand.
        ("Tax  $4.15\nTotal  $79.65\nTip  ________\nTotal  ________", "79.65"),
        # The card's slip says the sum again.
        ("Tax  $4.15\nTotal  $79.65\nVISA\nAmount  $79.65\nTip  ____\nVISA  $79.65", "79.65"),
    ],
)
def test_a_subtotal_and_all_below_it_that_add_up_are_sure(below: str, total: str) -> None:
    draft = _one(below)
    assert draft.total == Decimal(total)
    assert draft.asks == ()
    assert draft.sure
    assert {"subtotal_and_tax": True}.items() <= {c.name: c.passed for c in draft.checks}.items()


@pytest.mark.parametrize(
    "below",
    [
        # One digit of the tax is misread: the sum is out.
        "Shipping  $6.95\nTax  $4.75\nTOTAL  $86.60",
        "Kitchen appreciation  $2.27\nTax  $4.15\nTOTAL  $87.92",
        # A fee is there to be added, not to be passed over.
        "Kitchen appreciation  $2.27\nTOTAL  $76.60",
    ],
)
def test_a_column_that_does_not_add_up_is_asked_about(below: str) -> None:
    assert "total" in _one(below).asks


def test_no_question_offers_a_tax_a_tip_or_a_fee_as_the_total() -> None:
    draft = _one("Shipping  $6.95\nTax  $4.75\nTip  $9.00\nTOTAL  $86.60")
    offered = draft.candidates["total"]
    assert offered[0] == Decimal("86.60")
    assert not set(offered) & {Decimal("4.75"), Decimal("6.95"), Decimal("9.00")}


def test_a_total_that_names_its_tax_is_offered() -> None:
    draft = _one("Shipping  $6.95\nTax  $4.75\nTOTAL incl. tax  $86.60")
    assert Decimal("86.60") in draft.candidates["total"]


NO_MONEY = """
Build report
Fresh units: 0
Build start: 2026-11-19T10:48:37Z
Total time  {}
"""
SHOWN_AS_MONEY = [
    ("132.5s", False),  # seconds
    ("132", False),  # a count
    ("132.50", True),  # cents
]


@pytest.mark.parametrize(("total", "unasked"), SHOWN_AS_MONEY)
def test_a_total_that_nothing_shows_to_be_money_is_asked(total: str, unasked: bool) -> None:  # noqa: FBT001
    chat = ReceiptContext(datetime(2026, 11, 21, 12, tzinfo=UTC), "en", "US", "USD")
    (draft,) = build_drafts(reading_of(NO_MONEY.format(total)), chat)
    assert draft.total is None or ("total" in draft.asks) is not unasked
