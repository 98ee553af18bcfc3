"""Pictures of drawn receipts: print on paper, and the paper on a table as a phone sees it.

Fonts of the machine are used (Debian's fonts-dejavu, fonts-noto-cjk, fonts-freefont-ttf and
fonts-thai-tlwg); `find_font` says whether a language can be drawn here.
"""

from __future__ import annotations

import random
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from bench.drawn.till import Drawn, cells

FONTS = Path("/usr/share/fonts")
LATIN = "truetype/dejavu/DejaVuSansMono.ttf"
CJK = "opentype/noto/NotoSansCJK-Regular.ttc"
FILES = {
    "ja": CJK,
    "ko": CJK,
    "zh": CJK,
    "th": "truetype/tlwg/Loma.ttf",
    "ar": "truetype/dejavu/DejaVuSans.ttf",
    "he": "truetype/dejavu/DejaVuSans.ttf",
    "hi": "truetype/freefont/FreeSans.ttf",
}
"""Fonts by language, as far as the one for Latin does not do."""
CELL = 12
ROW = 28


@cache
def find_font(tag: str, size: int) -> ImageFont.FreeTypeFont | None:
    """The font a language is drawn with; None when it is not installed."""
    path = FONTS / FILES.get(tag[:2], LATIN)
    return ImageFont.truetype(str(path), size) if path.exists() else None


def paint(drawn: Drawn) -> Image.Image:
    """The receipt as a scanner sees it."""
    paper = Image.new("RGB", (drawn.width * CELL + 80, int(drawn.rows * ROW) + 120), "white")
    brush = ImageDraw.Draw(paper)
    for piece in drawn.prints:
        font = find_font(drawn.tag, int(20 * piece.size))
        assert font is not None, f"no font for {drawn.tag}"
        x, y = 40 + piece.column * CELL, 60 + piece.row * ROW
        wide = font.getlength(piece.text)
        if piece.column and abs(piece.column + cells(piece.text) * piece.size - drawn.width) < 1:
            x = 40 + drawn.width * CELL - wide
        brush.text((x, y), piece.text, (25, 25, 25), font)
    return paper


def photograph(paper: Image.Image, seed: int) -> Image.Image:
    """The receipt on a table: a little turned, a little soft, unevenly lit, 1280 pixels high."""
    rng = random.Random(seed)
    turned = paper.rotate(
        rng.uniform(-5, 5), expand=True, fillcolor=(96, 78, 60), resample=Image.Resampling.BICUBIC
    )
    width, height = turned.size
    side = int(max(width / 0.66, height / 0.9))
    table = Image.new("RGB", (int(side * 0.75), side), (96, 78, 60))
    table.paste(turned, ((table.width - width) // 2, (table.height - height) // 2))
    light = (
        Image.linear_gradient("L").resize(table.size).point(lambda level: 150 + level * 100 // 255)
    )
    shaded = Image.composite(table, Image.new("RGB", table.size, (40, 38, 36)), light)
    shaded = shaded.resize((960, 1280), Image.Resampling.LANCZOS)
    return shaded.filter(ImageFilter.GaussianBlur(rng.uniform(0, 0.6)))
