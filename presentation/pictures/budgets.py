"""Draw the picture of budgets, with the fill and the elapsed period of each.

Values are made by `presentation.views.drawn.budgets_picture`.
"""

from __future__ import annotations

from typing import Any

from presentation.pictures.canvas import (
    MARGIN,
    WIDTH,
    Box,
    Canvas,
    TextStyle,
    category_colour,
    face_of,
)
from presentation.pictures.metrics import fitted_size, width
from presentation.pictures.summary import wordmark

_INNER = 24
_CARD = 128
_GAP = 14
_TILE = 40
_LEFT, _RIGHT = MARGIN + _INNER, WIDTH - MARGIN - _INNER
_COLOURS = {"over": "more", "high": "#D99A1C", "fine": "less"}


def budgets(values: dict[str, Any]) -> str:
    """Return the SVG of all budgets."""
    canvas = Canvas(values.get("theme", "light"))
    top = MARGIN + 4.0
    wordmark(canvas, top)
    canvas.text(MARGIN, top + 14, values["title"], TextStyle(20, weight="bold"), room=340)
    y = top + 44
    for row in values["rows"]:
        _card(canvas, row, y)
        y += _CARD + _GAP
    return canvas.svg(y + MARGIN - _GAP)


def _card(canvas: Canvas, row: dict[str, Any], y: float) -> None:
    fill = _COLOURS[row["state"]]
    canvas.box(Box(MARGIN, y, WIDTH - 2 * MARGIN, _CARD), fill="card", radius=22)
    icon = row["icon"]
    colour = canvas.colour("accent") if icon == "all" else category_colour(icon)
    canvas.tile(Box(_LEFT, y + 20, _TILE, _TILE), icon, icon, colour)
    x = _LEFT + _TILE + 14
    percent = width(row["percent"], 24, face_of("display"))
    canvas.text(
        _RIGHT, y + 47, row["percent"], TextStyle(24, fill=fill, weight="display", anchor="end")
    )
    room = _RIGHT - x - percent - 16
    canvas.text(x, y + 37, row["label"], TextStyle(18, weight="bold"), room=room)
    canvas.text(x, y + 57, row["period"], TextStyle(14, fill="muted"), room=room)
    _progress(canvas, row, y + 74, fill)
    left = f"{row['left']} · {row['days']}"
    used = width(left, 14, face_of("bold"))
    size = fitted_size(left, 14, face_of("bold"), (_RIGHT - _LEFT) * 0.6)
    canvas.text(_RIGHT, y + 110, left, TextStyle(size, weight="bold", anchor="end"))
    rest = _RIGHT - _LEFT - min(used, (_RIGHT - _LEFT) * 0.6) - 16
    size = fitted_size(row["spent_of"], 14, face_of("regular"), rest)
    canvas.text(_LEFT, y + 110, row["spent_of"], TextStyle(size, fill="muted"))


def _progress(canvas: Canvas, row: dict[str, Any], y: float, fill: str) -> None:
    """Draw the bar, and a mark for the elapsed part of the period."""
    room = _RIGHT - _LEFT
    canvas.bar(Box(_LEFT, y, room, 12), share=row["filled_permille"] / 1000, fill=fill)
    x = _LEFT + room * row["day_permille"] / 1000
    canvas.box(Box(min(x, _RIGHT - 1) - 2.5, y - 5, 5, 22), fill="card", radius=2.5)
    canvas.box(Box(min(x, _RIGHT - 1) - 1.2, y - 4, 2.4, 20), fill="ink", radius=1.2)
