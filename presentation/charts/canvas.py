"""Draw on the canvas of pictures in the colours of a page."""

from __future__ import annotations

from dataclasses import dataclass

from presentation.pictures.canvas import (
    Box,
    Canvas,
    TextStyle,
    category_colour,
    escaped,
    length,
    palette,
)


@dataclass(slots=True)
class Chart(Canvas):
    """Strokes of a chart; every colour of the theme is a variable of the page's style sheet."""

    theme: str = "page"

    def colour(self, name: str) -> str:
        """Return a colour of the page's theme."""
        return f"var(--{name})"

    def text(
        self, x: float, y: float, text: str, style: TextStyle, *, room: float | None = None
    ) -> None:
        """Write a line in the page's font; labels of charts are short, so none is cut."""
        _ = room
        bold = ' font-weight="600"' if style.weight != "regular" else ""
        aligned = f' text-anchor="{style.anchor}"' if style.anchor != "start" else ""
        self.said.append(text)
        self.parts.append(
            f'<text x="{length(x)}" y="{length(y)}" font-size="{length(style.size)}"{bold}{aligned}'
            f' fill="{self._paint(style.fill)}">{escaped(text)}</text>'
        )

    def line(self, points: list[tuple[float, float]], *, stroke: str, dashed: bool = False) -> None:
        """Draw a line through points, in round joints."""
        dashes = ' stroke-dasharray="3 5"' if dashed else ""
        self.parts.append(
            f'<path d="{path_of(points)}" fill="none" stroke="{self._paint(stroke)}"'
            f' stroke-width="{2 if dashed else 2.6}" stroke-linejoin="round"'
            f' stroke-linecap="round"{dashes}/>'
        )

    def area(self, points: list[tuple[float, float]], floor: float, *, fill: str) -> None:
        """Fill the space between a line and the floor, lightly."""
        first, last = points[0][0], points[-1][0]
        self.parts.append(
            f'<path d="{path_of(points)}L{length(last)} {length(floor)}L{length(first)}'
            f' {length(floor)}Z" fill="{self._paint(fill)}" fill-opacity="0.12"/>'
        )

    def named(self, size: tuple[float, float], title: str, description: str, *, name: str) -> str:
        """Close a chart of a width and a height that says what it shows; `name` is its id."""
        width, height = size
        return (
            f'<svg class="chart" role="img" viewBox="0 0 {length(width)} {length(height)}"'
            f' aria-labelledby="{name}-title {name}-desc"><title id="{name}-title">'
            f'{escaped(title)}</title><desc id="{name}-desc">{escaped(description)}</desc>'
            f"{''.join(self.parts)}</svg>"
        )

    def silent(self, size: tuple[float, float], kind: str, *, stretched: bool = False) -> str:
        """Close a drawing whose figures stand next to it in words.

        A stretched one fills its room in both directions, whatever its proportions.
        """
        width, height = size
        how = ' preserveAspectRatio="none"' if stretched else ""
        return (
            f'<svg class="{kind}" viewBox="0 0 {length(width)} {length(height)}"{how}'
            f' aria-hidden="true" focusable="false">{"".join(self.parts)}</svg>'
        )


def path_of(points: list[tuple[float, float]]) -> str:
    """Write a path through points."""
    return "M" + "L".join(f"{length(x)} {length(y)}" for x, y in points)


def category_icon(category: str, *, size: float = 40) -> str:
    """Return the tile of a category, as in the pictures of the chat."""
    chart = Chart()
    icon = category or "more"
    chart.tile(Box(0, 0, size, size), category, icon, category_colour(category))
    return chart.silent((size, size), "tile")


def themes() -> dict[str, dict[str, str]]:
    """Return the colours of the light and the dark theme by their names."""
    return {theme: palette(theme) for theme in ("light", "dark")}
