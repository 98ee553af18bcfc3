"""Several receipts in one picture: parted by blank gutters between columns of print.

A page is parted only when each part could be a receipt of its own (it names a total); otherwise it
stays one, because a wide gap inside a receipt is common.
"""

from __future__ import annotations

from ledger.receipt.labels import find_labels
from ledger.receipt.reading import Line, Page, Reading
from ledger.receipt.rows import Row, join_rows

_LINES_MIN = 5
_GUTTER = 0.03
"""Least width of a gutter, as a share of the page's width."""


def part_receipts(reading: Reading) -> list[tuple[Row, ...]]:
    """Return the rows of each receipt; pages without gutters that follow each other are joined."""
    parts: list[tuple[Row, ...]] = []
    for page in reading.pages:
        columns = _columns(page)
        if len(columns) > 1:
            parts.extend(join_rows(column, page.width) for column in columns)
        elif page.lines:
            rows = join_rows(page.lines, page.width)
            if parts and not _names_total(parts[-1]):
                parts[-1] = (*parts[-1], *rows)
            else:
                parts.append(rows)
    return [part for part in parts if part]


def _columns(page: Page) -> list[tuple[Line, ...]]:
    """Cut the page at vertical gutters that no line crosses, if every side names a total."""
    lines = sorted(page.lines, key=lambda line: line.box.left)
    if len(lines) < 2 * _LINES_MIN:
        return [page.lines]
    columns: list[list[Line]] = [[lines[0]]]
    edge = lines[0].box.right
    for line in lines[1:]:
        if line.box.left - edge > _GUTTER * page.width:
            columns.append([])
        columns[-1].append(line)
        edge = max(edge, line.box.right)
    parted = [tuple(column) for column in columns]
    if len(parted) > 1 and all(_is_receipt(column, page.width) for column in parted):
        return parted
    return [page.lines]


def _is_receipt(lines: tuple[Line, ...], width: float) -> bool:
    return len(lines) >= _LINES_MIN and _names_total(join_rows(lines, width))


def _names_total(rows: tuple[Row, ...]) -> bool:
    for row in rows:
        labels = find_labels(row.text)
        if labels & {"total", "payable"} and any(char.isdigit() for char in row.text):
            return True
    return False
