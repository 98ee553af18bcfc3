"""Lines of banks: the merchant's words are read, and nothing that a terminal prints around them."""

from __future__ import annotations

import pytest

from ai.categories.features import words_of
from ai.categories.local import LocalCategoriser
from ai.categories.statements import merchant_words, read_lists, read_statement

CATEGORISER = LocalCategoriser()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("CARD PURCHASE TESCO STORES 3219 LONDON GB", "tesco"),
        ("POS 1234 WOOLWORTHS 1145 BONDI NSW AU", "woolworths"),
        ("SQ *BLUE BOTTLE COFFEE AUSTIN TX", "blue bottle coffee austin"),
        ("UPI/P2M/323211234567/BIGBASKET/HDFC", "bigbasket"),
        ("SEPA LASTSCHRIFT VATTENFALL ABSCHLAG STROM VK 123456", "vattenfall abschlag strom"),
        ("Lastschrift Telekom", "telekom"),
        ("NETFLIX.COM 408-540-3700 CA", "netflix"),
        ("UBER *TRIP HELP.UBER.COM CA", "uber trip help uber"),
        ("CARTE X1234 12/03 MONOPRIX 5511 PARIS", "monoprix"),
    ],
)
def test_a_banks_line_is_read_without_its_terminal(line: str, words: str) -> None:
    assert merchant_words(line) == words.split()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "birthday card",  # a card that is bought
        "id photo",
        "NIKE",
        "coffee with Jo 12",
        "BIO MILCH 3,5% 1L",  # a receipt's line keeps its quantity
        "AOP MERCUREY RG B. LA",
        "打车回家",
    ],
)
def test_other_texts_are_no_banks_lines(text: str) -> None:
    assert read_statement(text, words_of(text)) is None


def test_a_line_of_nothing_but_a_banks_words_keeps_them() -> None:
    assert merchant_words("CARD PAYMENT") == ["card", "payment"]


def test_the_lists_have_all_sections_and_no_word_twice() -> None:
    lists = read_lists()
    assert set(lists) == {
        "anywhere", "phrases", "capitals", "between", "services", "places", "noise", "ends"
    }  # fmt: skip
    for one, other in (("anywhere", "capitals"), ("anywhere", "between"), ("capitals", "between")):
        assert not lists[one] & lists[other]


@pytest.mark.parametrize(
    ("line", "category"),
    [
        ("CHECKCARD 0312 WHOLEFDS MKT 10234 AUSTIN TX", "groceries"),
        ("PURCHASE INTEREST CHARGE", "fees_taxes_insurance"),
        ("FOREIGN TRANSACTION FEE", "fees_taxes_insurance"),
        ("ATM WITHDRAWAL 000412 MAIN ST", "transfer"),
        ("LITTLE OAKS DAYCARE CENTER TACOMA WA", "kids_pets"),
        ("PRLV SEPA ENGIE ID EMETTEUR FR12ZZZ", "utilities"),
        ("PAGOBANCOMAT CONAD CITY ROMA", "groceries"),
    ],
)
def test_banks_lines_are_filed_by_what_they_name(line: str, category: str) -> None:
    assert CATEGORISER.guess(line).best.category == category
