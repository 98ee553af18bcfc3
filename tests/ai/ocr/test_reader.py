"""Pictures that show no receipt, from their bytes to what is said of them."""

import io
from datetime import UTC, datetime

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from ai.ocr.reader import read_file
from ledger.receipt import ReceiptContext, build_drafts
from ports.reading import Reading

CONTEXT = ReceiptContext(datetime(2026, 11, 21, tzinfo=UTC))
CHAT = "Anna: shall we meet at the lake?\nBen: yes, at noon\nAnna: I bring the dog\nBen: perfect!"


def scene() -> Image.Image:
    """Blots of soft colour, as a photo of a pet on grass."""
    rng = np.random.default_rng(7)
    small = Image.fromarray(rng.integers(40, 220, (9, 12, 3), np.uint8))
    return small.resize((960, 720), Image.Resampling.BICUBIC)


def words(text: str) -> Image.Image:
    paper = Image.new("RGB", (800, 600), "white")
    ImageDraw.Draw(paper).multiline_text((40, 60), text, "black", ImageFont.load_default(34))
    return paper


def stripes() -> Image.Image:
    rows = np.repeat(np.arange(600) // 40 % 2 * 160 + 60, 800).reshape(600, 800)
    return Image.fromarray(np.stack([rows] * 3, axis=2).astype(np.uint8))


@pytest.mark.parametrize("picture", [scene(), words(CHAT), stripes()], ids=["pet", "chat", "cloth"])
@pytest.mark.parametrize("language", ["en", "th"])
def test_a_picture_of_something_else_is_no_receipt(picture: Image.Image, language: str) -> None:
    out = io.BytesIO()
    picture.save(out, "JPEG")
    reading = read_file(out.getvalue(), language)
    assert isinstance(reading, Reading)
    assert [draft.kind for draft in build_drafts(reading, CONTEXT)] == ["not_a_receipt"]
