"""Split a picture of several receipts at the blank gutters between them.

A page is split only where each side could be a receipt of its own: it names a total, and receipts
above one another also have a date and a head each; otherwise it stays whole, because wide gaps inside
a receipt are common. Pages of a document belong together until one names a total.
"""

from __future__ import annotations

from collections.abc import Callable
from statistics import median

from ledger.receipt.fields.dates import holds_day
from ledger.receipt.reading import Page, Reading, TextRun
from ledger.receipt.reading.labels import find_labels
from ledger.receipt.reading.rows import Row, join_rows

_LINES_MIN = 5
_GUTTER = 0.03
"""Least width of a gutter between columns, as a share of the page's width."""
_GAP = 3.0
"""Least height of a gap between receipts, in heights of letters."""
_HEAD_ROWS = 4
_DEPTH_MAX = 4

Lines = tuple[TextRun, ...]


def split_receipts(reading: Reading) -> list[tuple[Row, ...]]:
    """Return the rows of each receipt in reading order."""
    parts: list[tuple[Row, ...]] = []
    for page in reading.pages:
        rows = [join_rows(lines, page.width) for lines in _split(page.lines, page, 0)]
        if len(rows) == 1 and parts and not _names_total(parts[-1]):
            parts[-1] = (*parts[-1], *rows[0])
        else:
            parts.extend(rows)
    return [part for part in parts if part]


def _split(lines: Lines, page: Page, depth: int) -> list[Lines]:
    """Cut at the widest gutter that leaves a receipt on either side, and go on within them."""
    if len(lines) >= 2 * _LINES_MIN and depth < _DEPTH_MAX:
        height = median(line.box.height for line in lines)
        for first, second in (
            *_find_cuts(lines, _span_across, _GUTTER * page.width),
            *_find_cuts(lines, _span_down, _GAP * height),
        ):
            return _split(first, page, depth + 1) + _split(second, page, depth + 1)
    return [lines]


def _span_across(line: TextRun) -> tuple[float, float]:
    return line.box.left, line.box.right


def _span_down(line: TextRun) -> tuple[float, float]:
    return line.box.top, line.box.bottom


def _find_cuts(
    lines: Lines, span: Callable[[TextRun], tuple[float, float]], gap_min: float
) -> list[tuple[Lines, Lines]]:
    """Return the widest blank band that parts two receipts, as no or one pair of sides."""
    ordered = sorted(lines, key=span)
    gaps: list[tuple[float, int]] = []
    edge = span(ordered[0])[1]
    for index, line in enumerate(ordered):
        start, end = span(line)
        if start - edge > gap_min:
            gaps.append((edge - start, index))
        edge = max(edge, end)
    for _, index in sorted(gaps):
        sides = tuple(ordered[:index]), tuple(ordered[index:])
        if all(_is_receipt(side, whole=span is _span_down) for side in sides):
            return [sides]
    return []


def _is_receipt(lines: Lines, *, whole: bool) -> bool:
    if len(lines) < _LINES_MIN:
        return False
    rows = join_rows(lines, 1.0)
    if not _names_total(rows):
        return False
    head = {label for row in rows[:_HEAD_ROWS] for label in find_labels(row.text)}
    return not whole or (
        bool(head & {"legal", "trade", "address"}) and any(holds_day(r.text) for r in rows)
    )


def _names_total(rows: tuple[Row, ...]) -> bool:
    return any(
        find_labels(row.text) & {"total", "payable"} and any(char.isdigit() for char in row.text)
        for row in rows
    )
