"""The currency of a receipt: print, place, and the chat."""

from datetime import UTC, datetime

import pytest

from ledger.receipt import ReceiptContext, ReceiptDraft, build_drafts
from ledger.receipt.draft_json import dump_draft, load_draft
from ledger.receipt.fields.countries import load_countries
from tests.ledger.receipt.paper import reading_of

NOW = datetime(2026, 11, 21, tzinfo=UTC)
FOREIGN = (
    "MOMS",
    "EFECTIVO",
    "RABATT",
    "VAT NO",
    "TUNAI",
    "Cad. No:12",
    "GST Incl",
    "0049 30 1234",
)


def _read(text: str, language: str, currency: str) -> ReceiptDraft:
    context = ReceiptContext(NOW, language=language, currency=currency)
    (draft,) = build_drafts(reading_of(text), context)
    return draft


PLACED = [
    # language of the keywords
    ("BUTIK\n2026-11-20 10:15\nMjölk  12,00\nAtt betala  12,00\nKontant  12,00", "sv", "SEK"),
    # a sign that the chat's currency shares
    ("KIOSCO\n20/11/2026 10:15\nAgua  $1.500\nTOTAL  $1.500\nEfectivo  $1.500", "es", "CLP"),
    # two countries speak the language: the chat's own
    ("COOP\n20.11.2026 10:15\nBrot  4.00\nSumme  4.00\nBar  5.00\nRückgeld  1.00", "de", "CHF"),
    ("EDEKA\n20.11.2026 10:15\nBrot  4,00\nSumme  4,00\nBar  5,00\nRückgeld  1,00", "de", "EUR"),
]


@pytest.mark.parametrize(("text", "language", "currency"), PLACED)
def test_a_paper_of_the_chats_country_is_taken_silently(
    text: str, language: str, currency: str
) -> None:
    draft = _read(text, language, currency)
    assert (draft.currency, draft.asks) == (currency, ())
    assert "currency" not in draft.marks


def test_a_paper_that_nothing_places_is_taken_and_marked() -> None:
    draft = _read("SHOP\n20/11/2026 10:15\nTea  4.00\nTotal  4.00\nCash  4.00", "en", "GBP")
    assert (draft.sure, draft.currency, draft.currency_source) == (True, "GBP", "chat")
    assert draft.marks == ("currency",)


def test_a_paper_of_another_country_is_asked_or_known() -> None:
    polish = "SKLEP\nNIP 856-734-62-15\n2026-11-20\nPARAGON FISKALNY\nChleb  4,00\nSUMA  4,00"
    assert _read(polish, "en", "EUR").currency == "PLN"
    dollars = "DINER\n11/20/2026 10:15\nPie  $4.00\nTotal  $4.00"
    draft = _read(dollars, "en", "EUR")
    assert draft.asks == ("currency",)
    assert {"USD", "EUR"} <= set(draft.candidates["currency"])


@pytest.mark.parametrize("word", FOREIGN)
def test_one_foreign_word_never_outvotes_the_chats_currency(word: str) -> None:
    for code, country in load_countries().items():
        text = f"SHOP\n{word}\n20.11.2026 10:15\nX  4.00\nTotal  4.00"
        draft = _read(text, country.languages[0], country.currency)
        assert draft.currency == country.currency, code


def test_marks_and_alternatives_survive_the_way_to_the_chat() -> None:
    draft = _read("SHOP\n03/04/2026\nPie  $4.00\nTotal  $4.00", "en", "USD")
    assert "date" in draft.marks
    loaded = load_draft(dump_draft(draft))
    assert (loaded.marks, loaded.alternatives) == (draft.marks, draft.alternatives)
