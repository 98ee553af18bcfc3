"""The same receipt again, and a second sale that only looks like it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from ledger.receipt import ReceiptDraft
from ledger.receipt.sameness import is_same_receipt, print_content

COFFEE = """CAFE AURORA
Linden 5, 10115 Berlin
Tel. 030 1234567
USt-IdNr. DE123456789
Beleg 20417
19.11.2026 08:31
1 Latte 3,80
SUMME EUR 3,80
Trace 004512"""
NO_TIME = COFFEE.replace(" 08:31", "")
DRAFT = ReceiptDraft(
    "receipt", "Cafe Aurora", date(2026, 11, 19), Decimal("3.80"), "EUR", text=COFFEE
)


def same(one: ReceiptDraft, other: ReceiptDraft) -> bool:
    first, second = print_content(one), print_content(other)
    assert first is not None
    assert second is not None
    assert is_same_receipt(first, second) == is_same_receipt(second, first)
    return is_same_receipt(first, second)


RETAKEN = [
    COFFEE,
    COFFEE.replace("CAFE AURORA", "CAFF AUR0RA"),
    COFFEE.replace("DE123456789", "DE123456780").replace("004512", "0O4512"),  # misread digits
    COFFEE.replace("Trace 004512", ""),  # the end is out of the picture
    NO_TIME,  # the minute is not legible
]


@pytest.mark.parametrize("text", RETAKEN)
def test_another_photo_of_the_paper_is_the_same_receipt(text: str) -> None:
    assert same(DRAFT, replace(DRAFT, text=text))


SECOND_SALES = [
    (COFFEE, COFFEE.replace("08:31", "08:34").replace("20417", "20421")),
    (COFFEE, COFFEE.replace("08:31", "14:02").replace("20417", "20598").replace("4512", "4710")),
    # no minute on the paper: the number of the receipt counts on
    (NO_TIME, NO_TIME.replace("20417", "20421").replace("004512", "004516")),
    # no numbers at all: nothing says that it is the same
    ("Kaffee 3,80\nSumme 3,80", "Kaffee 3,80\nSumme 3,80"),
]


@pytest.mark.parametrize(("first", "second"), SECOND_SALES)
def test_two_equal_coffees_are_two(first: str, second: str) -> None:
    assert not same(replace(DRAFT, text=first), replace(DRAFT, text=second))


OTHERS = [
    replace(DRAFT, total=Decimal("3.90")),
    replace(DRAFT, currency="CHF"),
    replace(DRAFT, on=date(2026, 11, 18)),
]


@pytest.mark.parametrize("other", OTHERS)
def test_another_sum_currency_or_day_is_another_receipt(other: ReceiptDraft) -> None:
    assert not same(DRAFT, other)


def test_without_a_sum_there_is_nothing_to_compare() -> None:
    assert print_content(replace(DRAFT, total=None)) is None
