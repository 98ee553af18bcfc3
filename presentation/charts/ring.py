"""Draw the shares of categories as the ring of the summary's picture."""

from __future__ import annotations

from collections.abc import Sequence

from presentation.charts.canvas import Chart
from presentation.pictures.canvas import Ring, category_colour

_SIZE = 120
_THICKNESS = 17


def shares_ring(weights: Sequence[tuple[str, int]], words: tuple[str, str], *, name: str) -> str:
    """Return a ring of categories by their weight; `words` are title and description."""
    chart = Chart()
    whole = sum(weight for _, weight in weights)
    ring = Ring(_SIZE / 2, _SIZE / 2, (_SIZE - _THICKNESS) / 2, _THICKNESS)
    if whole:
        parts = [(weight / whole, category_colour(category)) for category, weight in weights]
        chart.ring(ring, parts)
    else:
        chart.ring(ring, [(1.0, chart.colour("track"))])
    return chart.named((_SIZE, _SIZE), *words, name=name)
