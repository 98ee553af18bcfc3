"""Drafts from readers that name fields themselves."""

from datetime import UTC, date, datetime
from decimal import Decimal

from ledger.receipt import ReceiptContext, ReceiptDraft, build_drafts
from ledger.receipt.reading import Reading, TypedField, TypedItem, TypedReceipt
from tests.ledger.receipt.paper import page_of

CONTEXT = ReceiptContext(datetime(2026, 11, 21, tzinfo=UTC), country="US", currency="USD")


def _draft(receipt: TypedReceipt, text: str = "") -> ReceiptDraft:
    pages = (page_of(text),) if text else ()
    (draft,) = build_drafts(Reading("textract", pages, (receipt,)), CONTEXT)
    return draft


def test_of_two_totals_the_one_that_sums_support_is_taken() -> None:
    draft = _draft(
        TypedReceipt(
            (
                TypedField("merchant", "HARBOR GRILL", 0.97),
                TypedField("date", "03/04/2026", 0.99),
                TypedField("subtotal", "$42.50", 0.99),
                TypedField("tax", "$3.40", 0.99),
                TypedField("tip", "8.00", 0.63),
                TypedField("total", "53.90", 0.67),
                TypedField("total", "$45.90", 0.99),
            )
        )
    )
    assert draft.total in {Decimal("53.90"), Decimal("45.90")}
    assert "total" in draft.asks or draft.total == Decimal("45.90")
    assert (draft.on, draft.tax) == (date(2026, 3, 4), Decimal("3.40"))


def test_money_handed_over_is_not_the_total() -> None:
    draft = _draft(
        TypedReceipt(
            (
                TypedField("merchant", "Greenway Market", 0.96),
                TypedField("total", "£14.35", 0.99),
                TypedField("paid", "£20.00", 0.98),
                TypedField("change", "£5.65", 0.98),
                TypedField("discount", "-1.50", 0.97),
                TypedField("date", "28.02.26 18:47", 0.95),
            ),
            (
                TypedItem("SEMI SKIMMED MILK 2L", "1.85"),
                TypedItem("CHEDDAR 400G", "7.00", "2", "3.50"),
                TypedItem("HOT SANDWICH", "4.50"),
                TypedItem("SPARKLING WATER", "2.50"),
            ),
        )
    )
    assert (draft.total, draft.currency, draft.on) == (Decimal("14.35"), "GBP", date(2026, 2, 28))
    assert draft.items[1].quantity == Decimal(2)
    assert all(check.passed for check in draft.checks)
    assert draft.sure


def test_an_invented_total_is_asked_about() -> None:
    receipt = TypedReceipt(
        (TypedField("total", "1.00", 0.99), TypedField("date", "2025-03-14", 0.99))
    )
    draft = _draft(receipt, "CAFE AURORA\n2025-03-14\nTOTAL EUR  12.34")
    assert "total" in draft.asks
    assert not draft.sure


def test_separators_of_both_kinds_are_understood() -> None:
    draft = _draft(TypedReceipt((TypedField("total", "3 038,14 EUR", 0.99),)))
    assert (draft.total, draft.currency) == (Decimal("3038.14"), "EUR")


def test_nothing_found_is_asked_and_never_a_failure() -> None:
    draft = _draft(TypedReceipt(()))
    assert draft.total is None
    assert not draft.sure
