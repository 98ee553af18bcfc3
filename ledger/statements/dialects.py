"""Split the text of a CSV file into rows, with the separator and quotes that its rows agree on."""

from __future__ import annotations

import csv
import io
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

SEPARATORS = (";", ",", "\t", "|")
_QUOTES = ('"', "'")
_SAMPLE_LINES = 200
_CELLS_MAX = 200
"""Cells of a row beyond which a separator is not one."""
_LENGTH_SCORED = 8
"""Cells of a row beyond which a longer one makes no difference."""
_SEEN_MAX = 10_000
"""Different cells that are looked for again."""
_STRAY = 0.3
"""The factor of a dialect that leaves another quote around cells."""


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of a row, without blanks around them."""

    line: int
    """First line in the file, from 1."""
    cells: tuple[str, ...]

    @property
    def text(self) -> str:
        """Return all cells in one line."""
        return " ".join(filter(None, self.cells))


@dataclass(frozen=True, slots=True)
class Dialect:
    """Separator and quote of a file."""

    separator: str
    quote: str


def split_rows(text: str, dialect: Dialect | None = None) -> list[Row]:
    """Return the rows that hold text; rows of a file that names its separator (`sep=;`) obey it.

    A dialect is given where it is known, since words of people may look like quotes of another one.
    """
    if dialect is not None:
        return list(_split(text, dialect))
    first, _, _ = text.partition("\n")
    named = first.strip().strip('"').lower()
    if named.startswith("sep=") and named[4:5]:
        return list(_split(text, Dialect(named[4], '"'), skip=1))
    return list(_split(text, _find_dialect(text)))


def _find_dialect(text: str) -> Dialect:
    """Return the dialect under which the most cells stand in rows of equal length."""
    sample = "\n".join(text.splitlines()[:_SAMPLE_LINES])
    candidates = [Dialect(separator, quote) for separator in SEPARATORS for quote in _QUOTES]
    return max(candidates, key=lambda dialect: _score(sample, dialect))


def _score(sample: str, dialect: Dialect) -> float:
    lengths = Counter(len(row.cells) for row in _split(sample, dialect))
    lengths.pop(1, None)
    if not lengths or max(lengths) > _CELLS_MAX:
        return 0.0
    # Decimal commas split rows too, but into lengths that differ, as do commas within words.
    length, count = max(lengths.items(), key=lambda item: (item[1], item[0]))
    share = count / max(1, sum(1 for line in sample.splitlines() if line.strip()))
    other = _QUOTES[dialect.quote == _QUOTES[0]]
    stray = f"{dialect.separator}{other}" in sample and f"{other}{dialect.separator}" in sample
    return share * math.sqrt(min(length, _LENGTH_SCORED)) * (_STRAY if stray else 1)


def _split(text: str, dialect: Dialect, skip: int = 0) -> Iterator[Row]:
    reader = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=dialect.separator,
        quotechar=dialect.quote,
        skipinitialspace=True,
        strict=False,
    )
    line = 1
    # Currency, account and shop repeat in every row; one object for each keeps a long file small.
    seen: dict[str, str] = {}
    for count, cells in enumerate(reader):
        plain = (" ".join(cell.split()) for cell in cells)
        stripped = tuple(seen.setdefault(cell, cell) for cell in plain)
        if len(seen) > _SEEN_MAX:
            seen.clear()
        if count >= skip and any(stripped):
            yield Row(line, stripped)
        line = reader.line_num + 1
