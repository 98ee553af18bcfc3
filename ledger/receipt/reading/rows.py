"""Rebuild the rows of print from the boxes of a page, on tilted and curled paper too.

A reader cuts a page into runs of text. Two runs belong to one row when the second lies where the
first one's line leads to: the slope is a field fitted to all runs, because on curled paper it
changes across and down the page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from statistics import median

from ledger.receipt.reading import Page, TextRun

_OFF_LINE_MAX = 0.55
"""The most that two runs may be off a common line, in heights of the lower letters."""
_LONG_RUN = 2.0
"""Width over height from which a run's own slope is believed."""
_CONTRADICTS = 0.12
"""A run whose slope differs this much from most is misread or on other paper."""
_WITNESSES_MIN = 6
_RUNS_MAX = 600
"""More runs than any receipt's page has; the rest of a wall of text is left out."""
_STIFF = 0.003
"""The weight of evenness against following single runs."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One run of text, its place in units of the page's width, y with the tilt taken out."""

    text: str
    left: float
    right: float
    y: float
    height: float
    confidence: float


@dataclass(frozen=True)
class Row:
    """Runs of text on one line of print, from left to right."""

    cells: tuple[Cell, ...]

    @cached_property
    def text(self) -> str:
        """Return the row as one string; runs are parted by two blanks."""
        return "  ".join(cell.text for cell in self.cells)

    @cached_property
    def y(self) -> float:
        """Return the middle of the row, in units of the page's width."""
        return sum(cell.y for cell in self.cells) / len(self.cells)

    @cached_property
    def height(self) -> float:
        """Return the median height of the row's letters."""
        return median(cell.height for cell in self.cells)

    @cached_property
    def left(self) -> float:
        """Return the left end of the first run."""
        return min(cell.left for cell in self.cells)

    @cached_property
    def right(self) -> float:
        """Return the right end of the last run."""
        return max(cell.right for cell in self.cells)

    @cached_property
    def confidence(self) -> float:
        """Return the mean confidence of the row's runs, weighted by length."""
        letters = sum(len(cell.text) for cell in self.cells)
        return sum(cell.confidence * len(cell.text) for cell in self.cells) / max(1, letters)


def build_rows(page: Page) -> tuple[Row, ...]:
    """Join the page's runs into rows, from top to bottom."""
    return join_rows(page.lines, page.width)


def join_rows(lines: tuple[TextRun, ...], width: float) -> tuple[Row, ...]:
    """Join runs into rows; `width` is the unit of all lengths in the result."""
    lines = tuple(line for line in lines if line.text.strip() and line.box.height > 0)[:_RUNS_MAX]
    if not lines:
        return ()
    slopes = _fit_slopes(lines)
    middle = width / 2
    chains = _build_chains(lines, slopes)
    rows = [_build_row(chain, lines, slopes, middle, width) for chain in chains]
    rows.sort(key=lambda row: row.y)
    return tuple(rows)


def _fit_slopes(lines: tuple[TextRun, ...]) -> list[float]:
    """Fit the slope of the paper at each run, which changes evenly across and down the page.

    Each run is a witness of the slope at its place; long ones weigh more. The field is fitted
    twice, the second time without the witnesses that contradict it most.
    """
    witnesses = [
        (*line.box.centre, line.box.slope, line.box.width)
        for line in lines
        if line.box.width > _LONG_RUN * line.box.height and abs(line.box.slope) < 1
    ]
    if not witnesses:
        return [0.0] * len(lines)
    overall = _weighted_median([(slope, weight) for _, _, slope, weight in witnesses])
    # A stamp or a slanted logo contradicts the rest and would bend every row.
    near = [w for w in witnesses if abs(w[2] - overall) < _CONTRADICTS]
    size = max(line.box.right for line in lines) - min(line.box.left for line in lines)
    field = _fit_field(near, overall, size)
    return [field(*line.box.centre) for line in lines]


def _fit_field(
    witnesses: list[tuple[float, float, float, float]], overall: float, size: float
) -> Callable[[float, float], float]:
    """Fit slope = overall + a + b * x + c * y by weighted least squares, b and c held small."""
    if len(witnesses) < _WITNESSES_MIN:
        return lambda _x, _y: overall
    weight = sum(w for _, _, _, w in witnesses)
    mean_x = sum(x * w for x, _, _, w in witnesses) / weight
    mean_y = sum(y * w for _, y, _, w in witnesses) / weight
    mean_s = sum(s * w for _, _, s, w in witnesses) / weight
    xx = xy = yy = xs = ys = 0.0
    for x, y, slope, w in witnesses:
        across, down, rise = (x - mean_x) / size, (y - mean_y) / size, slope - mean_s
        xx += w * across * across
        xy += w * across * down
        yy += w * down * down
        xs += w * across * rise
        ys += w * down * rise
    # Ridge terms, which keep a page with few long runs from being bent by noise.
    xx += _STIFF * weight
    yy += _STIFF * weight
    determinant = xx * yy - xy * xy
    b = (xs * yy - ys * xy) / determinant / size
    c = (ys * xx - xs * xy) / determinant / size
    return lambda x, y: mean_s + b * (x - mean_x) + c * (y - mean_y)


def _weighted_median(pairs: list[tuple[float, float]]) -> float:
    pairs = sorted(pairs)
    half = sum(weight for _, weight in pairs) / 2
    for value, weight in pairs:
        half -= weight
        if half <= 0:
            return value
    return pairs[-1][0]


def _find_fits(lines: tuple[TextRun, ...], slopes: list[float]) -> Iterator[tuple[float, int, int]]:
    """Yield pairs of runs of which the second may continue the first, with how badly it fits."""
    order = sorted(range(len(lines)), key=lambda index: lines[index].box.centre[1])
    width = max(line.box.right for line in lines) - min(line.box.left for line in lines)
    steepest = max(abs(slope) for slope in slopes)
    for place, first in enumerate(order):
        # Sorted from top to bottom, so the search ends at the first run that no slope can reach.
        low = lines[first].box.centre[1] + lines[first].box.height + steepest * width
        for second in order[place + 1 :]:
            if lines[second].box.centre[1] > low:
                break
            slope = (slopes[first] + slopes[second]) / 2
            for left, right in ((first, second), (second, first)):
                misfit = _measure_misfit(lines[left], lines[right], slope)
                if misfit is not None:
                    yield misfit, left, right


def _build_chains(lines: tuple[TextRun, ...], slopes: list[float]) -> list[list[int]]:
    """Give each run at most one right and one left neighbour, the best fits first."""
    right: dict[int, int] = {}
    left: dict[int, int] = {}
    for _, first, second in sorted(_find_fits(lines, slopes)):
        if first not in right and second not in left:
            right[first], left[second] = second, first
    chains = []
    for start in range(len(lines)):
        if start in left:
            continue
        chain = [start]
        while chain[-1] in right:
            chain.append(right[chain[-1]])
        chains.append(chain)
    return chains


def _measure_misfit(line: TextRun, other: TextRun, slope: float) -> float | None:
    """Return the misfit of `other` as the right end of `line`; None when it cannot be it."""
    box, next_box = line.box, other.box
    (x, y), (next_x, next_y) = box.centre, next_box.centre
    height = min(box.height, next_box.height)
    gap = next_box.left - box.right
    if next_x <= x or gap < -0.5 * min(box.width, next_box.width):
        return None
    off = abs(next_y - y - slope * (next_x - x)) / height
    if off > _OFF_LINE_MAX:
        return None
    return off + 0.03 * max(0.0, gap) / height


def _build_row(
    chain: list[int], lines: tuple[TextRun, ...], slopes: list[float], middle: float, width: float
) -> Row:
    cells = []
    for index in chain:
        line = lines[index]
        x, y = line.box.centre
        cells.append(
            Cell(
                line.text,
                line.box.left / width,
                line.box.right / width,
                (y + slopes[index] * (middle - x)) / width,
                line.box.height / width,
                line.confidence,
            )
        )
    return Row(tuple(cells))
