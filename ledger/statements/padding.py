"""Drop the third decimal of banks that pad amounts with a zero (`1234.560`)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from ledger.statements.dialects import Row

_PADDED = re.compile(r"[-+]?(\d+)[.,]\d{2}0")
_CELLS_MIN = 2
_GROUP_DIGITS = 3


def drop_padding(rows: Sequence[Row]) -> list[Row]:
    """Return the rows without the zero, where a figure proves that it is not a thousand.

    `51916.700` cannot be grouped digits. One such column proves the notation of its file.
    """
    columns = _find_padded(rows)
    if not columns:
        return list(rows)
    return [replace(row, cells=_drop(row.cells, columns)) for row in rows]


def _find_padded(rows: Sequence[Row]) -> frozenset[int]:
    """Return the columns whose figures all end in a padded decimal, empty without a proof."""
    padded: Counter[int] = Counter()
    others: set[int] = set()
    proved = False
    for row in rows:
        for index, cell in enumerate(row.cells):
            found = _PADDED.fullmatch(cell)
            if found:
                padded[index] += 1
                proved = proved or len(found[1]) > _GROUP_DIGITS or found[1] == "0"
            elif any(c.isdigit() for c in cell):
                others.add(index)
    if not proved:
        return frozenset()
    return frozenset(index for index in padded if padded[index] >= _CELLS_MIN) - others


def _drop(cells: tuple[str, ...], columns: frozenset[int]) -> tuple[str, ...]:
    return tuple(
        cell[:-1] if index in columns and _PADDED.fullmatch(cell) else cell
        for index, cell in enumerate(cells)
    )
