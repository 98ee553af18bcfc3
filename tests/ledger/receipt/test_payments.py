"""Paid is paid: coins, vouchers and amounts that only look like a payment."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from ledger.receipt import ReceiptContext, ReceiptDraft, build_drafts
from tests.ledger.receipt.paper import reading_of

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def _read(text: str, language: str, currency: str) -> ReceiptDraft:
    context = ReceiptContext(NOW, language=language, currency=currency)
    (draft,) = build_drafts(reading_of(text), context)
    return draft


ROUNDED = [
    # printed as the payment
    (
        "COOP CITY\n20.11.2026 10:15\nBrot  4.97\nMilch  84.00\nTotal  88.97\nBar  88.95",
        "de",
        "CHF",
    ),
    # told by a row of its own, to the krona
    (
        (
            "ICA NARA\n2026-11-20 10:15\nMjölk  12,97\nBröd  75,98\nTotal  88,95\n"
            "Öresavrundning  0,05\nAtt betala  89,00\nKontant  100,00\nTillbaka  11,00"
        ),
        "sv",
        "SEK",
    ),
    # printed nowhere: cash less change
    (
        (
            "S-MARKET\n20.11.2026 10:15\nMaito  1,19\nLeipä  2,50\nYHTEENSÄ  3,69\n"
            "Pyöristys  0,01\nKäteinen  5,00\nTakaisin  1,30"
        ),
        "fi",
        "EUR",
    ),
]


@pytest.mark.parametrize(
    ("paper", "paid"), list(zip(ROUNDED, ("88.95", "89.00", "3.70"), strict=True))
)
def test_a_sum_rounded_to_coins_is_what_was_paid(paper: tuple[str, str, str], paid: str) -> None:
    assert _read(*paper).total == Decimal(paid)


def test_short_change_is_no_rounding() -> None:
    paper = "SKLEP\n2026-11-20 10:15\nChleb  11,28\nSUMA PLN  11,28\nGotówka  20,00\nReszta  8,70"
    assert _read(paper, "pl", "PLN").total == Decimal("11.28")


def test_a_gift_card_that_pays_a_part_is_asked_about() -> None:
    paper = (
        "BOOK HOUSE\n20/11/2026 10:15\nNovel  30.00\nMap  20.00\nTotal  50.00\n"
        "Gift card  20.00\nVisa  30.00"
    )
    draft = _read(paper, "en", "GBP")
    assert draft.asks == ("total",)
    assert {Decimal("50.00"), Decimal("30.00")} <= set(draft.candidates["total"])
