"""Receipts written as plain rows, for tests that know what they want printed."""

from collections.abc import Mapping

from ledger.receipt.reading import Box, Code, Page, Reading, TextRun


def page_of(
    text: str, *, left: float = 20.0, codes: tuple[Code, ...] = (), tall: Mapping[int, float] = {}
) -> Page:
    """A page of rows; two or more blanks part columns, the last of which ends at the right.

    `tall` says of single rows how many times as tall as the others they are printed, up to 1.5.
    """
    lines = []
    for row, line in enumerate(text.rstrip("\n").removeprefix("\n").split("\n")):
        parts = [part for part in line.split("  ") if part.strip()]
        x = left
        for index, part in enumerate(parts):
            words = part.strip()
            width = 10.0 * len(words)
            if index and index == len(parts) - 1:
                x = left + 400 - width
            box = Box.upright(x, 30.0 * row, x + width, 30.0 * row + 20 * tall.get(row, 1))
            lines.append(TextRun(words, box, 0.99))
            x += width + 30
    return Page(left + 460, 30.0 * (text.count("\n") + 2), tuple(lines), codes)


def reading_of(
    text: str, *, codes: tuple[Code, ...] = (), tall: Mapping[int, float] = {}
) -> Reading:
    """A reading of one such page."""
    return Reading("local", (page_of(text, codes=codes, tall=tall),))
