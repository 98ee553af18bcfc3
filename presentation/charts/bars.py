"""Draw bars: the share of a category, the fill of a budget, the spending of days."""

from __future__ import annotations

from collections.abc import Sequence

from presentation.charts.canvas import Chart
from presentation.pictures.canvas import Box, category_colour
from presentation.pictures.summary import scale_of

_WIDTH = 360
_THIN, _THICK = 6, 12
_MARK_RISE = 4
_COLUMNS_HEIGHT = 96
_BAND_HEIGHT = 34.0
_STUB = 3
"""Height of a day without spending."""


def share_bar(category: str, share: float) -> str:
    """Return the bar of a category, filled by a share (0 to 1) of the largest one."""
    chart = Chart()
    track = Box(0, 0, _WIDTH, _THIN)
    chart.bar(track, share=share, fill=category_colour(category))
    return chart.silent((_WIDTH, _THIN), "bar", stretched=True)


def progress(filled: float, expected: float | None, *, fill: str) -> str:
    """Return the bar of a budget, with a mark where spending is expected by today.

    Both are shares (0 to 1); None is for a period that is over. `fill` is a colour of the theme.
    """
    chart = Chart()
    height = _THICK + 2 * _MARK_RISE
    chart.bar(Box(0, _MARK_RISE, _WIDTH, _THICK), share=filled, fill=fill)
    if expected is not None:
        x = min(max(_WIDTH * expected, 2.5), _WIDTH - 2.5)
        chart.box(Box(x - 2.5, 0, 5, height), fill="card", radius=2.5)
        chart.box(Box(x - 1.2, 0, 2.4, height), fill="ink", radius=1.2)
    return chart.silent((_WIDTH, height), "bar", stretched=True)


def band(sizes: Sequence[float], words: tuple[str, str], *, name: str) -> str:
    """Return a forecast: what is spent, the band of what is likely, and what is expected.

    `sizes` are spent, low, expected, high and the period before (0 for none); `words` are title and
    description.
    """
    spent, low, expected, high, before = sizes
    chart, full = Chart(), max(*sizes, 1) * 1.04
    height, top = _BAND_HEIGHT, 6.0

    def at(size: float) -> float:
        return _WIDTH * max(size, 0) / full

    track = Box(0, top, _WIDTH, height - 2 * top)
    chart.box(track, fill="track", radius=8)
    if high > low:
        likely = Box(at(low), top, at(high) - at(low), track.height)
        chart.box(likely, fill="accent", radius=8, opacity=0.32)
    chart.box(Box(0, top, at(spent), track.height), fill="accent", radius=8)
    if before:
        chart.box(Box(at(before) - 1, 0, 2, height), fill="faint", radius=1)
    chart.box(Box(at(expected) - 2.5, 0, 5, height), fill="card", radius=2.5)
    chart.box(Box(at(expected) - 1.4, 0, 2.8, height), fill="ink", radius=1.4)
    return chart.named((_WIDTH, height), *words, name=name)


def columns(sizes: Sequence[int], until: int, words: tuple[str, str], *, name: str) -> str:
    """Return a column for each day, week or month; those from `until` on have not begun.

    `words` are title and description. One that is far above all others is cut.
    """
    chart = Chart()
    step = _WIDTH / max(len(sizes), 1)
    thick = min(step * 0.72, 40)
    full = scale_of(sizes)
    for number, size in enumerate(sizes):
        x = step * (number + 0.5) - thick / 2
        tall = max(min(max(size, 0) / full, 1) * _COLUMNS_HEIGHT, _STUB)
        fill = "track" if number >= until or size <= 0 else "accent"
        chart.box(Box(x, _COLUMNS_HEIGHT - tall, thick, tall), fill=fill, radius=3)
        if size > full:
            chart.box(Box(x - 1, _COLUMNS_HEIGHT * 0.18, thick + 2, 3), fill="card")
    return chart.named((_WIDTH, _COLUMNS_HEIGHT), *words, name=name)
