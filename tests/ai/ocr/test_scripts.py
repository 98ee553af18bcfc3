"""Scripts that the engine's model does not know, read with the data that ship."""

from datetime import date
from decimal import Decimal
from importlib.util import find_spec

import numpy as np
import pytest
from PIL import Image, ImageDraw

from ai.ocr import languages, tesseract
from ai.ocr.languages import (
    SCRIPTS,
    SHIPPED,
    TESSERACT,
    is_installed,
    list_unreadable_scripts,
)
from ai.ocr.page import Crop, PageResult
from ai.ocr.reader import read_picture
from ai.ocr.scripts import _COMPANY, find_missing, read_other_script
from ai.ocr.tesseract import read_line
from bench.drawn.paint import find_font, paint, photograph
from bench.drawn.till import NOW, Drawn, ring_up
from ledger.receipt import ReceiptContext, ReceiptDraft, build_drafts
from ports.reading import Box, Page, Reading, TextRun

TAGS = ["ru-RU", "uk-UA", "bg-BG", "ko-KR", "th-TH", "ar-SA", "he-IL", "hi-IN"]
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        find_spec("tesserocr") is None, reason="tesserocr has no wheel for this system"
    ),
]


def read(drawn: Drawn, language: str) -> tuple[ReceiptDraft, tuple[str, ...]]:
    page, missing = read_picture(photograph(paint(drawn), 12), language)
    context = ReceiptContext(NOW, language, None, str(drawn.truth["currency"]))
    (draft,) = build_drafts(Reading("local", (page,)), context)
    return draft, missing


@pytest.mark.parametrize("tag", TAGS)
def test_a_photographed_receipt_of_the_chats_script_is_read(tag: str) -> None:
    if find_font(tag, 20) is None:
        pytest.skip("no font for this script on this machine")
    drawn = ring_up(12, tag)
    draft, missing = read(drawn, tag[:2])
    assert missing == ()
    assert draft.total == Decimal(str(drawn.truth["total"]))
    assert draft.on == date.fromisoformat(str(drawn.truth["date"]))


@pytest.mark.parametrize("tag", ["ru-RU", "ar-SA", "he-IL"])
def test_a_travellers_chat_reads_a_script_that_is_not_its_own(tag: str) -> None:
    if find_font(tag, 20) is None:
        pytest.skip("no font for this script on this machine")
    drawn = ring_up(12, tag)
    draft, missing = read(drawn, "en")
    assert missing == ()
    assert draft.total == Decimal(str(drawn.truth["total"]))


def test_latin_print_in_a_chat_of_another_script_stays_the_models() -> None:
    drawn = ring_up(12, "de-DE")
    draft, missing = read(drawn, "ru")
    assert missing == ()
    assert draft.merchant == drawn.truth["merchant"]


def result(unread: float) -> PageResult:
    """A page of five grey smears that stand for lines, of which the engine read one word."""
    smear = np.random.default_rng(3).integers(90, 160, (40, 300, 3), np.uint8)
    box = Box.upright(0, 0, 300, 40)
    line = TextRun("TOTAL 12,34", box, 1 - unread)
    crops = (Crop(smear, box, line), *(Crop(smear, box, None) for _ in range(4)))
    return PageResult(Page(300, 200, (line,)), smear, crops, unread)


def test_a_script_without_data_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(languages, "is_installed", lambda _: False)
    assert list_unreadable_scripts() == tuple(SCRIPTS)
    assert find_missing(result(0.7), "ru") == ("cyrillic",)
    assert find_missing(result(0.7), "de") == ("other",)
    assert find_missing(result(0.1), "ru") == ()
    assert read_other_script(result(0.7), "ru") is None


@pytest.mark.parametrize("language", ["en", "ru", "th"])
def test_illegible_print_is_taken_for_no_script(language: str) -> None:
    assert read_other_script(result(0.8), language) is None


def test_every_script_ships_with_data_of_its_own() -> None:
    for script, names in SCRIPTS.items():
        codes = TESSERACT[names[0]]
        assert any((SHIPPED / f"{code}.traineddata").exists() for code in codes), script
    assert all(is_installed(codes[-1]) for codes in TESSERACT.values())
    assert list_unreadable_scripts() == ()


def test_digits_of_every_script_are_ours() -> None:
    assert tesseract._in_ascii_digits("١٢٫٥٠ १२ ๑๒") == "12.50 12 12"


def test_a_line_is_read_with_its_confidence() -> None:
    paper = Image.new("RGB", (260, 44), "white")
    font = find_font("ru-RU", 28)
    if font is None:
        pytest.skip("no font for this script on this machine")
    ImageDraw.Draw(paper).text((8, 4), "ИТОГО 12,50", "black", font)
    text, confidence = read_line(np.asarray(paper), "rus")
    assert text == "ИТОГО 12,50"
    assert confidence > 0.8


COMPANIES = [
    ("000 ПАРК", "ООО ПАРК"),
    ('000 "Ромашка"', 'ООО "Ромашка"'),
    ("Интернет Решения, 000", "Интернет Решения, ООО"),
    ("1 000 РУБ", "1 000 РУБ"),  # an amount
    ("10000 КМ", "10000 КМ"),
]


@pytest.mark.parametrize(("read", "meant"), COMPANIES)
def test_the_form_of_a_company_is_no_number(read: str, meant: str) -> None:
    assert _COMPANY.sub("ООО", read) == meant
