"""In which country a receipt was printed."""

import pytest

from ledger.receipt.fields.countries import load_countries, pick_country, weigh_countries
from ledger.receipt.reading.rows import build_rows
from tests.ledger.receipt.paper import page_of

COUNTRIES = [
    # two words against a number that a French tax id looks like
    ("KEDAI MAJU\nJalan Mawar 5\nSelangor\n955 732 201 00004", "MY"),
    ("BOULANGERIE\n75011 Paris\nSIRET 732 829 320 00074", "FR"),
    ("SHOP\nTOTAL 5.00", None),  # nothing points anywhere
    ("Пекарна\nгр. София\nЕИК 123456789", "BG"),
    ("Kadıköy Cad. No:12\nKDV 1,20\nTOPLAM 12,00", "TR"),  # "Cad." is a street, no dollar
    ("SHOP\nTel +41 44 668 18 00\nTotal 5.00", "CH"),
    ("SHOP\nwww.butik.example.se\nTotal 5.00", "SE"),
    ("SHOP\nGST Incl 1.20\nTotal 5.00", None),  # holds the letters of "gstin"
    ("AROMA CAFE\nTotal 5.00", None),  # holds the letters of "Roma"
]


@pytest.mark.parametrize(("text", "country"), COUNTRIES)
def test_the_country_is_the_one_that_most_points_to(text: str, country: str | None) -> None:
    strengths = weigh_countries(build_rows(page_of(text)))
    assert pick_country(strengths, None, "", "en") == country


@pytest.mark.parametrize("word", ["MOMS", "EFECTIVO", "RABATT", "VAT NO", "TUNAI", "PTU", "Bern"])
def test_one_foreign_word_never_outvotes_the_chats_own_country(word: str) -> None:
    strengths = weigh_countries(build_rows(page_of(f"SHOP\n{word}\nBread  2.50\nTotal  2.50")))
    picked = {
        own: pick_country(strengths, own, home.currency, home.languages[0])
        for own, home in load_countries().items()
    }
    assert {own: country for own, country in picked.items() if country != own} == {}
