"""Rows of print from boxes."""

import math
import random

import pytest

from ledger.receipt.reading import Box, Page, TextRun
from ledger.receipt.reading.rows import build_rows


def _page(tilt_degrees: float, curl: float) -> Page:
    """Twenty rows of a label and a price, turned by some degrees and bent across the page."""
    tilt = math.radians(tilt_degrees)

    def place(x: float, y: float) -> tuple[float, float]:
        y += curl * math.sin(math.pi * x / 400)
        return x * math.cos(tilt) - y * math.sin(tilt), x * math.sin(tilt) + y * math.cos(tilt)

    lines = []
    for row in range(20):
        for text, left in ((f"a rather long label {row}", 0.0), (f"{row}.50", 350.0)):
            top, right = row * 24.0, left + 9.0 * len(text)
            corners = (
                place(left, top),
                place(right, top),
                place(right, top + 18),
                place(left, top + 18),
            )
            x0, y0, x1, y1, x2, y2, x3, y3 = (v for corner in corners for v in corner)
            lines.append(TextRun(text, Box((x0, y0, x1, y1, x2, y2, x3, y3)), 0.99))
    random.Random(1).shuffle(lines)
    return Page(500, 600, tuple(lines))


@pytest.mark.parametrize("tilt", [0, 3, -3, 8, -8])
@pytest.mark.parametrize("curl", [0, 6, -6])
def test_labels_meet_their_prices_on_tilted_and_curled_paper(tilt: float, curl: float) -> None:
    rows = build_rows(_page(tilt, curl))
    assert [row.text for row in rows] == [
        f"a rather long label {row}  {row}.50" for row in range(20)
    ]


def test_a_page_without_lines_has_no_rows() -> None:
    assert build_rows(Page(100, 100)) == ()
