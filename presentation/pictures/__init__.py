"""Build pictures as SVG from plain figures, and draw them to PNG by resvg with bundled fonts.

`svg(drawing, values)` serves the dashboard and the tests; `draw` makes a PNG of it, 1200
pixels wide. Both are pure and independent of chats, because views pass finished words. `draw`
takes some 100 ms and holds the interpreter's lock: run it in a process pool.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from presentation.pictures.budgets import budgets
from presentation.pictures.fonts import bundled, drawable, needed
from presentation.pictures.summary import summary

DRAWINGS: dict[str, Callable[[dict[str, Any]], str]] = {"summary": summary, "budgets": budgets}
ZOOM = 2


def svg(drawing: str, values: dict[str, Any]) -> str:
    """Return the SVG of a drawing. Raises `KeyError` for an unknown name."""
    return DRAWINGS[drawing](values)


def draw(drawing: str, values: dict[str, Any]) -> bytes:
    """Return the PNG of a drawing; `values["theme"]` is `light` or `dark`."""
    import resvg_py  # noqa: PLC0415 -- only the process that draws pays for it

    picture = svg(drawing, values)
    _, files = needed(picture)
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=picture,
            zoom=ZOOM,
            font_files=[*bundled(), *files],
            font_family="Inter",
            skip_system_fonts=True,
        )
    )


__all__ = ["DRAWINGS", "draw", "drawable", "svg"]
