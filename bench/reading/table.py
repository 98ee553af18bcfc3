"""A table of figures with the issue's `must` and `aim` beside each, from `aims.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

AIMS = Path(__file__).parent / "aims.toml"
NAME, FIGURE = 38, 10


def print_table(part: str, figures: Mapping[str, float | None]) -> None:
    """Print a part's figures; a line that has no `must` is told for its own sake."""
    aims = tomllib.loads(AIMS.read_text("utf-8"))[part]
    print(f"\n{part:<{NAME}}{'measured':>{FIGURE}}{'must':>{FIGURE}}{'aim':>{FIGURE}}")
    for name, figure in figures.items():
        line = f"{name:<{NAME}}{shown(figure):>{FIGURE}}"
        if name in aims and figure is not None:
            must, aim = aims[name]["must"], aims[name]["aim"]
            reached = mark(figure, must, aim, less=aims[name].get("less", False))
            line += f"{shown(must):>{FIGURE}}{shown(aim):>{FIGURE}}   {reached}"
        print(line, flush=True)


def mark(figure: float, must: float, aim: float, *, less: bool) -> str:
    """Say which of the two a figure reaches."""
    must_reached, aim_reached = (figure <= line if less else figure >= line for line in (must, aim))
    return "aim" if aim_reached else "must" if must_reached else "below"


def shown(figure: float | None) -> str:
    if figure is None:
        return "–"
    return f"{figure:.3f}" if abs(figure) < 10 and figure != int(figure) else f"{figure:.0f}"
