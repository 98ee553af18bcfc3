"""Meanings of words on receipts."""

import pytest

from ledger.receipt.reading.labels import find_labels, mend_legal_form, part_words

CASES = [
    ("T0TAL", "total"),  # a digit for a letter
    ("TOTAI 5.00", "total"),  # i for l
    ("G R A N D TOTAL", "payable"),  # spaced out
    ("Rour ding Adjustment : 0.00", "rounding"),  # a letter lost to a blank
    ("Rückge1d BAR", "change"),  # German, misread
    ("CHANCE 1.00", "change"),  # one letter wrong
    ("TOTALTAX", "tax"),  # a short word behind a long one
    ("SUMME EUR", "payable"),  # German
    ("NET À PAYER", "payable"),  # French
    ("Importe total", "payable"),  # Spanish
    ("TOTALE COMPLESSIVO", "payable"),  # Italian
    ("DO ZAPŁATY", "payable"),  # Polish
    ("ATT BETALA SEK", "payable"),  # Swedish
    ("ИТОГО К ОПЛАТЕ", "payable"),  # Russian
    ("До сплати", "payable"),  # Ukrainian
    ("合 計", "total"),  # Japanese, spaced
    ("实付", "payable"),  # Chinese
    ("합계", "total"),  # Korean
    ("ΣΥΝΟΛΟ", "total"),  # Greek
    ("TOPLAM", "total"),  # Turkish
    ("เงินสด", "cash"),  # Thai
    ("المجموع", "total"),  # Arabic
    ('סה"כ לתשלום', "payable"),  # Hebrew
    ("कुल राशि", "total"),  # Hindi
    ("DÉCALAGE", None),  # no meaning
    ("LEERG. MW E. ST", None),  # letters of several words make no word ("west", "mwst")
]


@pytest.mark.parametrize(("text", "label"), CASES)
def test_a_row_means_what_its_words_say(text: str, label: str | None) -> None:
    found = find_labels(text, None)
    if label is None:
        assert not found & {"total", "payable", "tax", "change", "service"}
    else:
        assert label in found


def test_short_words_count_in_their_language_only() -> None:
    assert "cash" in find_labels("Bar 20,00", frozenset({"de"}))
    assert "cash" not in find_labels("Bar 20,00", frozenset({"en"}))


def test_net_total_is_no_netto() -> None:
    assert "subtotal" not in find_labels("Nett Total: 8.70", frozenset({"en", "de"}))


GLUED = [
    ("SANYUSTATIONERYSHOP", ["SANYU", "STATIONERY", "SHOP"]),  # names of trades
    ("SDNBHD", ["SDN", "BHD"]),  # legal forms
    ("MUSTERGMBH", ["MUSTER", "GMBH"]),  # a legal form behind a name
    ("WALMART", ["WALMART"]),  # a short name of its own
    ("SUPERMARKET", ["SUPERMARKET"]),  # one word
    ("ZINC", ["ZINC"]),  # ends like a legal form
]


@pytest.mark.parametrize(("word", "parts"), GLUED)
def test_glued_names_are_parted_at_known_words(word: str, parts: list[str]) -> None:
    assert part_words(word) == parts


LEGAL_FORMS = [
    ("HUAT HARDWARE SIN BHU", "HUAT HARDWARE SDN BHD"),  # one letter wrong in each word
    ("Huat Hardware Sdn Bid", "Huat Hardware Sdn Bhd"),  # as the name is written
    ("SUN BAD", "SUN BAD"),  # nothing would be left of the name
    ("CAFE SUNNY BAR", "CAFE SUNNY BAR"),  # another length
]


@pytest.mark.parametrize(("read", "meant"), LEGAL_FORMS)
def test_a_misread_legal_form_is_spelt_right(read: str, meant: str) -> None:
    assert " ".join(mend_legal_form(read.split())) == meant
