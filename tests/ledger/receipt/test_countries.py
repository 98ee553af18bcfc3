"""In which country a receipt was printed."""

import pytest

from ledger.receipt.fields.countries import find_country
from ledger.receipt.reading.rows import build_rows
from tests.ledger.receipt.paper import page_of

COUNTRIES = [
    # two words against a number that a French tax id looks like
    ("KEDAI MAJU\nJalan Mawar 5\nSelangor\n955 732 201 00004", "MY"),
    ("BOULANGERIE\n75011 Paris\nSIRET 732 829 320 00074", "FR"),
    ("SHOP\nTOTAL 5.00", None),  # nothing points anywhere
    ("Пекарна\nгр. София\nЕИК 123456789", "BG"),
]


@pytest.mark.parametrize(("text", "country"), COUNTRIES)
def test_the_country_is_what_most_points_to(text: str, country: str | None) -> None:
    assert find_country(build_rows(page_of(text)), None) == country
