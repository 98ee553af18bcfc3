"""Build an SVG from text, boxes, bars and arcs in the colours of a theme.

Lengths are points of a page 600 wide; it is drawn at twice that. Every text is cut or shrunk to
its room by its caller, escaped here, and never holds a character without a font.
"""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal
from zlib import crc32

from presentation.pictures.fonts import FAMILY, drawable, needed
from presentation.pictures.metrics import Face, fitted_text

WIDTH = 600
MARGIN = 36
_FOLDER = Path(__file__).parent
_HIDDEN = dict.fromkeys(map(ord, "\u200e\u200f\u061c\u2068\u2069"))

Anchor = Literal["start", "middle", "end"]
Weight = Literal["regular", "bold", "display"]
_FACES: dict[Weight, Face] = {
    "regular": "Inter-Regular",
    "bold": "Inter-SemiBold",
    "display": "InterDisplay-SemiBold",
}


@cache
def _colours() -> dict[str, Any]:
    return tomllib.loads((_FOLDER / "theme.toml").read_text(encoding="utf-8"))


@cache
def _icons() -> dict[str, str]:
    icons: dict[str, str] = tomllib.loads((_FOLDER / "icons.toml").read_text(encoding="utf-8"))[
        "icons"
    ]
    return icons


def palette(theme: str) -> dict[str, str]:
    """Return the colours of a theme by their names."""
    colours: dict[str, str] = _colours()[theme]
    return colours


def category_colour(category: str) -> str:
    """Return the colour of a category; a chat's own ones keep theirs by name."""
    colours = _colours()
    known: dict[str, str] = colours["categories"]
    if not category:
        return known["rest"]
    own: list[str] = colours["own"]["colours"]
    # `hash` differs between processes; a chat's category must keep its colour over restarts.
    return known.get(category) or own[crc32(category.encode()) % len(own)]


def face_of(weight: Weight) -> Face:
    """Return the font that a weight is drawn with."""
    return _FACES[weight]


@dataclass(frozen=True, slots=True)
class TextStyle:
    """The look of a line of text; `size` is in points of the page, `fill` a colour or its name."""

    size: float
    fill: str = "ink"
    weight: Weight = "regular"
    anchor: Anchor = "start"


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle by its upper left corner and its size."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Ring:
    """A ring by its centre, the radius of its middle line, and its thickness."""

    x: float
    y: float
    radius: float
    thickness: float


@dataclass(slots=True)
class Canvas:
    """Strokes of one picture in the order of drawing."""

    theme: str
    parts: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def colour(self, name: str) -> str:
        """Return a colour of the theme."""
        return palette(self.theme)[name]

    def text(
        self, x: float, y: float, text: str, style: TextStyle, *, room: float | None = None
    ) -> None:
        """Write a line with its baseline at y, cut with … to the room it has."""
        # Direction marks have no glyph of their own, and resvg orders right-to-left runs by itself.
        shown = text.translate(_HIDDEN)
        if not drawable(shown):
            shown = "".join(character for character in shown if drawable(character))
        if room is not None:
            shown = fitted_text(shown, style.size, _FACES[style.weight], room)
        if not shown:
            return
        self.said.append(shown)
        is_display = style.weight == "display"
        family = f"{FAMILY} Display" if is_display else FAMILY
        # resvg takes the first family that has a glyph, so one line may mix scripts.
        families = ", ".join((family, FAMILY, *needed(shown)[0]))
        bold = ' font-weight="600"' if style.weight != "regular" else ""
        spacing = f' letter-spacing="{length(-style.size / 90)}"' if is_display else ""
        aligned = f' text-anchor="{style.anchor}"' if style.anchor != "start" else ""
        self.parts.append(
            f'<text x="{length(x)}" y="{length(y)}" font-family="{families}" font-size="{length(style.size)}"'
            f'{bold}{spacing}{aligned} fill="{self._paint(style.fill)}">{escaped(shown)}</text>'
        )

    def box(self, box: Box, *, fill: str, radius: float = 0, opacity: float = 1) -> None:
        """Draw a filled box with round corners."""
        if box.width <= 0 or box.height <= 0:
            return
        round_by = min(radius, box.width / 2, box.height / 2)
        see_through = f' fill-opacity="{length(opacity)}"' if opacity < 1 else ""
        self.parts.append(
            f'<rect x="{length(box.x)}" y="{length(box.y)}"'
            f' width="{length(box.width)}" height="{length(box.height)}"'
            f' rx="{length(round_by)}" fill="{self._paint(fill)}"{see_through}/>'
        )

    def bar(self, track: Box, *, share: float, fill: str) -> None:
        """Draw a track and on it a bar that fills a share (0 to 1) of it."""
        radius = track.height / 2
        self.box(track, fill="track", radius=radius)
        filled = track.width * min(1.0, max(0.0, share))
        if filled > 0:
            # Narrower than its height a rounded bar would become a lens; a circle is the least.
            bar = replace(track, width=max(filled, track.height))
            self.box(bar, fill=fill, radius=radius)

    def tile(self, square: Box, category: str, icon: str, colour: str) -> None:
        """Draw the icon of a category on a tile in a light shade of its colour."""
        x, y, size = square.x, square.y, square.width
        self.box(square, fill=colour, radius=size * 0.3, opacity=0.15)
        drawing = _icons().get(icon) or _icons()["own"]
        scale = size * 0.62 / 24
        shift = (size - 24 * scale) / 2
        self.parts.append(
            f'<g data-category="{escaped(category)}" fill="none" stroke="{colour}"'
            f' stroke-width="1.9" stroke-linecap="round" stroke-linejoin="round"'
            f' transform="translate({length(x + shift)} {length(y + shift)}) scale({length(scale)})">'
            f"{drawing}</g>"
        )

    def icon(self, x: float, y: float, size: float, name: str, fill: str) -> None:
        """Draw an icon alone."""
        self.parts.append(
            f'<g fill="none" stroke="{self._paint(fill)}" stroke-width="1.9"'
            f' stroke-linecap="round" stroke-linejoin="round"'
            f' transform="translate({length(x)} {length(y)}) scale({length(size / 24)})">{_icons()[name]}</g>'
        )

    def arrow(self, x: float, y: float, size: float, direction: int, fill: str) -> None:
        """Draw a small triangle, up for 1, down for -1, its box's upper left at x, y."""
        top, bottom = (y, y + size * 0.86) if direction > 0 else (y + size * 0.86, y)
        self.parts.append(
            f'<path d="M{length(x)} {length(bottom)}L{length(x + size / 2)} {length(top)}L{length(x + size)}'
            f' {length(bottom)}Z" fill="{self._paint(fill)}" stroke="{self._paint(fill)}"'
            f' stroke-width="1.4" stroke-linejoin="round"/>'
        )

    def ring(self, ring: Ring, parts: list[tuple[float, str]]) -> None:
        """Draw a ring of coloured parts (shares that add up to 1 at most), from the top onwards."""
        # Radians between parts; a single part is a closed ring.
        gap = 0.035 if len(parts) > 1 else 0.0
        start = 0.0
        for share, colour in parts:
            turn = share * math.tau
            inset = min(gap / 2, turn / 4)
            self._arc(ring, (start + inset, start + turn - inset), colour)
            start += turn

    def _arc(self, ring: Ring, angles: tuple[float, float], colour: str) -> None:
        x, y, radius, thickness = ring.x, ring.y, ring.radius, ring.thickness
        first, last = angles
        # An SVG arc whose ends meet is drawn as nothing, so a full turn is a circle.
        if last - first > math.tau - 0.001:
            self.parts.append(
                f'<circle cx="{length(x)}" cy="{length(y)}" r="{length(radius)}" fill="none"'
                f' stroke="{colour}" stroke-width="{length(thickness)}"/>'
            )
            return
        x0, y0 = x + radius * math.sin(first), y - radius * math.cos(first)
        x1, y1 = x + radius * math.sin(last), y - radius * math.cos(last)
        large = 1 if last - first > math.pi else 0
        self.parts.append(
            f'<path d="M{length(x0)} {length(y0)}A{length(radius)} {length(radius)} 0 {large} 1 {length(x1)} {length(y1)}"'
            f' fill="none" stroke="{colour}" stroke-width="{length(thickness)}"/>'
        )

    def _paint(self, fill: str) -> str:
        return fill if fill.startswith("#") else self.colour(fill)

    def svg(self, height: float) -> str:
        """Close the picture at a height."""
        body = "".join(self.parts)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{length(height)}"'
            f' viewBox="0 0 {WIDTH} {length(height)}"><rect width="{WIDTH}" height="{length(height)}"'
            f' fill="{self.colour("paper")}"/>{body}</svg>'
        )


def length(value: float) -> str:
    """Write a length with two decimals at most."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def escaped(text: str) -> str:
    """Make text safe inside an SVG."""
    # `&` goes first, or the entities made after it would be escaped again.
    safe = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return safe.replace('"', "&quot;")
