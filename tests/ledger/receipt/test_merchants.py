"""Names in heads that designers set: tall above small, broken over two lines."""

from datetime import UTC, datetime

import pytest

from ledger.receipt import ReceiptContext, build_drafts
from ledger.receipt.reading.phrases import is_broken_between
from tests.ledger.receipt.paper import reading_of

CONTEXT = ReceiptContext(datetime(2026, 11, 21, 12, tzinfo=UTC))
BODY = """{head}
5 Weir Lane, Otterbury
2026-10-14 10:15
Soup  6.00
Bread  2.50
TOTAL EUR  8.50
CARD  8.50
"""


def _merchant(*head: str, tall: float = 1.0, tall_rows: int = 0) -> str | None:
    text = BODY.format(head="\n".join(head))
    (draft,) = build_drafts(reading_of(text, tall=dict.fromkeys(range(tall_rows), tall)), CONTEXT)
    return draft.merchant


@pytest.mark.parametrize("tall", [1.4, 1.5])
@pytest.mark.parametrize("craft", ["Coffee & Kitchen", "Bakery & Café", "Restaurant", "Farm Shop"])
@pytest.mark.parametrize("name", ["The Gilded Badger", "QUILLWORT", "Zwölf Finken"])
def test_a_headline_is_the_name_and_the_small_line_below_what_is_sold(
    name: str, craft: str, tall: float
) -> None:
    assert _merchant(name, craft, tall=tall, tall_rows=1) == name


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("BISTROT DES", "DEUX RIVES"),
        ("Gasthof zum", "Roten Dachs"),
        ("Wirtshaus am", "Weiher"),
        ("The Otter and", "Oak"),
        ("LARCH", "& DAUGHTERS"),
        ("Osteria della", "Cicala"),
        ("Karczma pod", "Dębem"),
        ("L'Atelier", "de la Gare"),
    ],
)
@pytest.mark.parametrize("tall", [1.0, 1.5])
def test_a_name_that_breaks_off_goes_on_in_the_next_line(
    first: str, second: str, tall: float
) -> None:
    assert _merchant(first, second, tall=tall, tall_rows=2) == f"{first} {second}"


def test_a_broken_name_above_a_small_line_is_read_whole() -> None:
    name = _merchant("BISTROT DES", "DEUX RIVES", "Bar & Restaurant", tall=1.5, tall_rows=2)
    assert name == "BISTROT DES DEUX RIVES"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        # A registered name is the name, however small beside the logo.
        ("QUILLO", "Quillwort Foods Sdn Bhd"),
        # A heading is none, however tall.
        ("TAX INVOICE", "Quillwort Foods Ltd"),
    ],
)
def test_tall_print_alone_makes_no_name(first: str, second: str) -> None:
    assert _merchant(first, second, tall=1.5, tall_rows=1) == second


@pytest.mark.parametrize(
    ("text", "next_text", "is_broken"),
    [
        ("BISTROT DES", "DEUX RIVES", True),
        ("Caffè dell’", "Angolo", True),
        ("PÂTISSERIE À", "LA REINE", True),
        ("Marsh", "and Sons", True),
        ("Le Fournil", "de la Gare", True),
        # A capital begins a name of its own.
        ("XQ81", "De Molen", False),
        # The whole word counts, not its end.
        ("Landhaus", "Am See", False),
        ("QUILLWORT", "5 Weir Lane", False),
        ("", "and Sons", False),
        ("Marsh &", "12345", False),
    ],
)
def test_a_phrase_is_broken_where_a_small_word_says_so(
    text: str, next_text: str, *, is_broken: bool
) -> None:
    assert is_broken_between(text, next_text) is is_broken
