"""The local reader on pictures of our own receipts."""

import itertools
from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from PIL import Image

from ai.ocr.engine import Points, _without_doubles, mean_confidence, tiles
from ai.ocr.greek import repair_greek
from ai.ocr.orientation import turn_back
from ai.ocr.protocol import decode, encode
from ai.ocr.reader import load_engine, read_picture
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
    picture_print="0f" * 32,
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


GREEK = [
    ("BIBΛIA ΓΛAPOΣ OE", "ΒΙΒΛΙΑ ΓΛΑΡΟΣ ΟΕ"),  # letters that are Greek alone in the text
    ("ΣYNOΛO EUR", "ΣΥΝΟΛΟ EUR"),  # a word with a letter that is Latin alone stays
    ("TOTAL MARKET", "TOTAL MARKET"),  # no Greek at all
]


@pytest.mark.parametrize(("read", "meant"), GREEK)
def test_greek_capitals_are_written_in_greek(read: str, meant: str) -> None:
    assert repair_greek(read) == meant
