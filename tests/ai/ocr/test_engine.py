"""The local reader on pictures of our own receipts."""

import itertools
from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from PIL import Image

from ai.ocr.engine import PageResult, Points, _without_doubles, mean_confidence, tiles
from ai.ocr.greek import repair_greek
from ai.ocr.orientation import turn_back
from ai.ocr.protocol import decode, encode
from ai.ocr.reader import load_engine, read_picture
from ai.ocr.scripts import TESSERACT, find_missing, installed, join_words, parse_words
from bench.drawn.paint import find_font, paint, photograph
from bench.drawn.till import NOW, ring_up
from ledger.receipt import ReceiptContext, build_drafts
from ports.reading import Box, Code, FileRefusal, Page, Reading, TextRun

TAGS = ["en-US", "de-DE", "fr-FR", "pl-PL", "tr-TR", "el-GR", "ja-JP", "zh-CN"]


@pytest.mark.parametrize("tag", TAGS)
def test_a_photographed_receipt_of_many_languages_is_read(tag: str) -> None:
    if find_font(tag, 20) is None:
        pytest.skip("no font for this script on this machine")
    drawn = ring_up(11, tag)
    page, missing = read_picture(photograph(paint(drawn), 11), "en")
    context = ReceiptContext(NOW, str(drawn.truth["language"]), str(drawn.truth["country"]))
    (draft,) = build_drafts(Reading("local", (page,)), context)
    assert draft.total == Decimal(str(drawn.truth["total"]))
    assert draft.on == date.fromisoformat(str(drawn.truth["date"]))
    assert draft.currency == drawn.truth["currency"]
    assert missing == ()


def test_words_of_glued_rows_are_parted() -> None:
    paper = paint(ring_up(3, "en-GB"))
    page = load_engine().read_page(np.asarray(paper)).page
    heights = [line.box.height for line in page.lines]
    assert max(heights) < 3 * float(np.median(heights))
    assert mean_confidence(page.lines) > 0.9


def _tilted(y: float, left: float, right: float) -> Points:
    """A line of print that rises by a tenth of its length."""
    rise = (right - left) / 10
    return np.array(
        ((left, y), (right, y - rise), (right, y - rise + 30), (left, y + 30)), np.float32
    )


DOUBLES = [
    ([_tilted(100, 0, 600), _tilted(132, 0, 400)], [0, 1]),  # two lines, close to each other
    ([_tilted(100, 0, 600), _tilted(104, 2, 598)], [0]),  # one line as two tiles saw it
    ([_tilted(100, 0, 600), _tilted(100, 620, 700)], [0, 1]),  # two words of one line
]


@pytest.mark.parametrize(("boxes", "kept"), DOUBLES)
def test_close_lines_of_tilted_paper_are_two_and_doubles_one(
    boxes: list[Points], kept: list[int]
) -> None:
    assert _without_doubles(boxes) == kept


TILES = [
    (1000, 800, 1),  # a photo
    (1600, 706, 1),  # a scan
    (9000, 600, 8),  # a strip of till roll
]


@pytest.mark.parametrize(("height", "width", "count"), TILES)
def test_strips_are_cut_into_overlapping_bands(height: int, width: int, count: int) -> None:
    bands = tiles(height, width)
    assert len(bands) == count
    assert (bands[0][0], bands[-1][1]) == (0, height)
    assert all(later < sooner for (_, sooner), (later, _) in itertools.pairwise(bands))


def test_turning_back_undoes_a_turn() -> None:
    pixels = np.arange(24, dtype=np.uint8).reshape(2, 4, 3)
    image = Image.fromarray(pixels)
    for turn, how in (
        (90, Image.Transpose.ROTATE_270),
        (180, Image.Transpose.ROTATE_180),
        (270, Image.Transpose.ROTATE_90),
    ):
        turned = np.asarray(image.transpose(how))
        assert (turn_back(turned, turn) == pixels).all()  # type: ignore[arg-type]


READING = Reading(
    "local",
    (
        Page(
            100.0,
            200.0,
            (TextRun("TOTAL 12,34 €", Box.upright(1, 2, 30, 12), 0.98),),
            (Code("t=1", "QRCode"),),
        ),
    ),
    missing=("cyrillic",),
    pages_left_out=2,
)


@pytest.mark.parametrize(
    "answer", [READING, FileRefusal("too_small", {"pixels_min": 48}, temporary=True)]
)
def test_answers_cross_the_pipe_unchanged(answer: Reading | FileRefusal) -> None:
    assert decode(encode(answer)) == answer


@pytest.mark.parametrize("message", [b"", b"[]", b'{"pages": [{}]}', b"\xff\xfe", b'{"pages": 3}'])
def test_nonsense_on_the_pipe_is_an_error_that_is_caught(message: bytes) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        decode(message)


def _result(unread: float) -> PageResult:
    page = Page(100, 100, (TextRun("TOTAL 12,34", Box.upright(0, 0, 50, 10), 0.98),))
    return PageResult(page, np.zeros((100, 100, 3), np.uint8), unread)


def test_a_script_nobody_reads_is_named() -> None:
    expected = () if TESSERACT["ru"] in installed() else ("cyrillic",)
    assert find_missing(_result(0.7), "ru") == expected
    assert find_missing(_result(0.7), "de") == ("other",)
    assert find_missing(_result(0.1), "ru") == ()


GREEK = [
    ("BIBΛIA ΓΛAPOΣ OE", "ΒΙΒΛΙΑ ΓΛΑΡΟΣ ΟΕ"),  # letters that are Greek alone in the text
    ("ΣYNOΛO EUR", "ΣΥΝΟΛΟ EUR"),  # a word with a letter that is Latin alone stays
    ("TOTAL MARKET", "TOTAL MARKET"),  # no Greek at all
]


@pytest.mark.parametrize(("read", "meant"), GREEK)
def test_greek_capitals_are_written_in_greek(read: str, meant: str) -> None:
    assert repair_greek(read) == meant


FOREIGN = ["th-TH", "ar-SA", "he-IL", "hi-IN", "ko-KR", "bg-BG", "uk-UA"]


@pytest.mark.parametrize("tag", FOREIGN)
def test_tesseract_reads_scripts_that_the_model_does_not_know(tag: str) -> None:
    if TESSERACT[tag[:2]] not in installed() or find_font(tag, 20) is None:
        pytest.skip("Tesseract's data or a font is not installed")
    drawn = ring_up(12, tag)
    page, missing = read_picture(photograph(paint(drawn), 12), tag[:2])
    context = ReceiptContext(NOW, tag[:2], None, str(drawn.truth["currency"]))
    (draft,) = build_drafts(Reading("local", (page,)), context)
    assert missing == ()
    assert draft.total == Decimal(str(drawn.truth["total"]))
    assert draft.on == date.fromisoformat(str(drawn.truth["date"]))


@pytest.mark.skipif("rus" not in installed(), reason="Tesseract's Russian is not installed")
def test_tesseract_reads_the_words_and_the_model_the_figures() -> None:
    drawn = ring_up(11, "ru-RU")
    page, missing = read_picture(photograph(paint(drawn), 11), "ru")
    (draft,) = build_drafts(Reading("local", (page,)), ReceiptContext(NOW, "ru", "RU"))
    assert missing == ()
    assert draft.total == Decimal(str(drawn.truth["total"]))
    assert "итог" in draft.evidence["total"].casefold()


def _tesseract(*words: tuple[int, int, int, int, float, str]) -> str:
    """Tesseract's table with words (left, top, width, height, confidence, text) of one line."""
    head = "level page_num block_num par_num line_num word_num left top width height conf text"
    rows = ["1 1 0 0 0 0 0 0 900 900 -1 "] + [
        f"5 1 1 1 1 {number} {left} {top} {width} {height} {confidence} {text}"
        for number, (left, top, width, height, confidence, text) in enumerate(words, 1)
    ]
    return "\n".join(row.replace(" ", "\t") for row in (head, *rows))


def test_tesseracts_words_become_lines() -> None:
    table = _tesseract((10, 20, 60, 12, 96.5, "ИТОГ"), (80, 20, 15, 12, 12, "~"))
    (word,) = parse_words(table)
    assert word.line == TextRun("ИТОГ", Box.upright(10, 20, 70, 32), 0.965)


RUNS = [
    # words of a line are one run, and columns are two
    ([(10, 0, 50, 20, 90, "ОБЩА"), (70, 0, 50, 20, 90, "СУМА")], ["ОБЩА СУМА"]),
    ([(10, 0, 50, 20, 90, "ИТОГ"), (300, 0, 50, 20, 90, "12.34")], ["ИТОГ", "12.34"]),
    # from right to left, in the order of reading
    ([(60, 0, 40, 20, 90, "مقهى"), (10, 0, 40, 20, 90, "النخلة")], ["مقهى النخلة"]),
    # Thai has no blanks between words, Korean few
    ([(10, 0, 10, 20, 90, "ร"), (25, 0, 10, 20, 90, "ว"), (40, 0, 9, 20, 90, "ม")], ["รวม"]),
    (
        [(10, 0, 20, 20, 90, "식"), (33, 0, 20, 20, 90, "당"), (65, 0, 20, 20, 90, "꽃")],
        ["식당 꽃"],
    ),
    # digits of other scripts are ours
    ([(10, 0, 50, 20, 90, "١٢٫٥٠")], ["12.50"]),
]


@pytest.mark.parametrize(("words", "texts"), RUNS)
def test_tesseracts_words_are_joined_as_they_are_read(
    words: list[tuple[int, int, int, int, float, str]], texts: list[str]
) -> None:
    lines = join_words(parse_words(_tesseract(*words)), usual=26)
    assert [line.text for line in lines] == texts
    assert {line.box.height for line in lines} == {26}
