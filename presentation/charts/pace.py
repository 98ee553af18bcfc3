"""Draw the spending of a period as it adds up, over that of the period before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from presentation.charts.canvas import Chart
from presentation.pictures.canvas import Anchor, Box, TextStyle

_WIDTH, _HEIGHT = 360.0, 190.0
_LEFT, _RIGHT, _TOP, _FLOOR = 4.0, 356.0, 22.0, 160.0
_LABEL = 14
POINTS_MAX = 400
"""More points than that are less than a pixel apart, and slow to draw for many years."""
_STEPS = (10, 20, 25, 50, 100, 200, 250, 500)
"""Distances of the grid's lines, in hundredths of the largest power of ten that is drawn."""
_LINES = 3


@dataclass(frozen=True, slots=True)
class PaceValues:
    """Running sums in any unit, with the words that stand in the chart."""

    spent: tuple[int, ...]
    before: tuple[int, ...]
    days: int
    """The number of days on the axis; those of the period before are drawn against the same."""
    grid: tuple[tuple[float, str], ...]
    """The lines of the grid with their labels (see `grid_of`)."""
    labels: tuple[tuple[int, str], ...]
    """Labels below the axis, by day from 0."""


def pace(values: PaceValues, words: tuple[str, str], *, name: str) -> str:
    """Return the chart; `words` are title and description."""
    chart = Chart()
    top = max([*values.spent, *values.before, *(line for line, _ in values.grid), 1])

    def at(day: int, size: float) -> tuple[float, float]:
        return _across(day, values), _FLOOR - (_FLOOR - _TOP) * size / top

    for line, label in values.grid:
        y = at(0, line)[1]
        chart.box(Box(_LEFT, y, _RIGHT - _LEFT, 1), fill="line")
        chart.text(_LEFT, y - 4, label, TextStyle(_LABEL, fill="quiet"))
    chart.box(Box(_LEFT, _FLOOR, _RIGHT - _LEFT, 1), fill="faint")
    # A longer month before is cut at the last day of this one's axis.
    before = [at(day, size) for day, size in _thin(values.before[: values.days])]
    if len(before) > 1:
        chart.line(before, stroke="faint", dashed=True)
    spent = [at(day, size) for day, size in _thin(values.spent)]
    if len(spent) > 1:
        chart.area(spent, _FLOOR, fill="accent")
        chart.line(spent, stroke="accent")
    if spent:
        x, y = spent[-1]
        chart.box(Box(x - 5, y - 5, 10, 10), fill="card", radius=5)
        chart.box(Box(x - 3.6, y - 3.6, 7.2, 7.2), fill="accent", radius=3.6)
    for day, label in values.labels:
        chart.text(_across(day, values), _FLOOR + 18, label, _style_of(day, values))
    return chart.named((_WIDTH, _HEIGHT), *words, name=name)


def _thin(sums: Sequence[int]) -> list[tuple[int, int]]:
    """Return days with their sums, as many as can be told apart, the last one among them."""
    step = len(sums) // POINTS_MAX + 1
    days = [*range(0, len(sums) - 1, step), *([len(sums) - 1] if sums else [])]
    return [(day, sums[day]) for day in days]


def _across(day: int, values: PaceValues) -> float:
    return _LEFT + (_RIGHT - _LEFT) * day / max(values.days - 1, 1)


def _style_of(day: int, values: PaceValues) -> TextStyle:
    """Keep the first and the last label inside the chart."""
    ends: dict[int, Anchor] = {0: "start", values.days - 1: "end"}
    return TextStyle(_LABEL, fill="quiet", anchor=ends.get(day, "middle"))


def grid_of(most: int) -> tuple[int, ...]:
    """Return up to three round figures, evenly spaced, up to the largest one."""
    if most <= 0:
        return ()
    power = 10 ** (len(str(most)) - 1)
    steps = sorted(power * round_figure // 100 for round_figure in _STEPS)
    step = next(one for one in steps if one and most // one <= _LINES)
    return tuple(range(step, most + 1, step))
