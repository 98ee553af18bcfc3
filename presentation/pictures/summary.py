"""Draw the picture of a summary, with spending by category and day, and income.

Values are made by `presentation.views.drawn.summary_picture`; they hold texts, ready to be written, and
whole numbers for lengths.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from presentation.pictures.canvas import (
    MARGIN,
    WIDTH,
    Box,
    Canvas,
    Ring,
    TextStyle,
    category_colour,
    face_of,
)
from presentation.pictures.metrics import fitted_size, width

_INNER = 24
"""Space between a card's edge and its content."""
_GAP = 12
_ROW = 50
_TILE = 36
_RING = 60
_RADIUS = 20
_BARS = 78
_TALL = 3
"""A bar is cut when it is more than so many times the next one."""
_HEADROOM = 1.4
_CUT_AT = 0.82
_DAYS_HEIGHT = 162
_INCOME_HEIGHT = 112
_LEFT, _RIGHT = MARGIN + _INNER, WIDTH - MARGIN - _INNER


def summary(values: dict[str, Any]) -> str:
    """Return the SVG of a summary."""
    canvas = Canvas(values.get("theme", "light"))
    y = _head(canvas, values)
    if values["rows"]:
        y = _categories(canvas, values["rows"], y) + _GAP
    if len(values["days"]["sizes"]) > 1 and any(values["days"]["sizes"]):
        y = _days(canvas, values["days"], y) + _GAP
    if values.get("income"):
        y = _income(canvas, values["income"], y) + _GAP
    if values.get("apart"):
        canvas.text(
            _LEFT,
            y + 16,
            values["apart"],
            TextStyle(14, fill="muted"),
            room=WIDTH - 2 * (MARGIN + _INNER),
        )
        y += 30
    return canvas.svg(y + MARGIN - _GAP)


def _head(canvas: Canvas, values: dict[str, Any]) -> float:
    """Draw the period, the sum as large as fits, the comparison, and the ring of shares."""
    top = MARGIN + 4.0
    wordmark(canvas, top)
    room = WIDTH - 2 * MARGIN - 116.0
    title = " · ".join(part for part in (values["headline"], values["period"]) if part)
    canvas.text(MARGIN, top + 14, title, TextStyle(20, weight="bold"), room=room)
    beside = width(title, 20, face_of("bold")) + 8
    canvas.text(
        MARGIN + beside,
        top + 14,
        values["running"],
        TextStyle(20, fill="muted"),
        room=room - beside,
    )
    ring = [(row["weight"], category_colour(row["category"])) for row in values["rows"]]
    whole = sum(weight for weight, _ in ring)
    left = WIDTH - 2 * MARGIN - (2 * _RING + 24.0 if whole else 0.0)
    size = fitted_size(values["spent"], 60, face_of("display"), left)
    canvas.text(MARGIN - size / 30, top + 100, values["spent"], TextStyle(size, weight="display"))
    _comparison(canvas, values, top + 136, left)
    if whole:
        x, y = WIDTH - MARGIN - _RING, top + 102
        canvas.ring(
            Ring(x, y, _RING - 9, 18), [(weight / whole, colour) for weight, colour in ring]
        )
        share = values["rows"][0]["share"]
        canvas.text(x, y + 7, share, TextStyle(19, fill=ring[0][1], weight="bold", anchor="middle"))
    return top + 176


def wordmark(canvas: Canvas, top: float) -> None:
    """Sign the picture, in its upper right corner."""
    name = "Kvitto"
    right = WIDTH - MARGIN
    canvas.text(right, top + 13, name, TextStyle(17, fill="accent", weight="bold", anchor="end"))
    canvas.icon(right - width(name, 17, face_of("bold")) - 27, top - 4, 22, "receipt", "accent")


def _comparison(canvas: Canvas, values: dict[str, Any], y: float, room: float) -> None:
    """Draw `spent` and next to it the comparison, as an arrow, a share and the period before."""
    canvas.text(MARGIN, y, values["spent_label"], TextStyle(17, fill="muted"))
    if not values["against"]:
        return
    x = MARGIN + width(values["spent_label"], 17, face_of("regular")) + 14
    fill = {1: "more", -1: "less"}.get(values["direction"], "muted")
    if values["direction"]:
        canvas.arrow(x, y - 11, 12, values["direction"], fill)
        x += 18
    canvas.text(x, y, values["change"], TextStyle(17, fill=fill, weight="bold"))
    x += width(values["change"], 17, face_of("bold")) + 7
    against = values["against"]
    size = fitted_size(against, 17, face_of("regular"), max(MARGIN + room - x, 60))
    canvas.text(x, y, against, TextStyle(max(size, 13), fill="muted"), room=MARGIN + room - x)


def _categories(canvas: Canvas, rows: list[dict[str, Any]], y: float) -> float:
    """Draw a row per category, with sign, name, bar, amount, share and change."""
    height = len(rows) * _ROW - (_ROW - _TILE) + 2 * _INNER
    canvas.box(Box(MARGIN, y, WIDTH - 2 * MARGIN, height), fill="card", radius=_RADIUS)
    full = scale_of([row["weight"] for row in rows])
    for i, row in enumerate(rows):
        _category(canvas, row, y + _INNER + i * _ROW, row["weight"] / full)
    return y + height


def _category(canvas: Canvas, row: dict[str, Any], y: float, share: float) -> None:
    colour = category_colour(row["category"])
    icon = row["category"] or "more"
    canvas.tile(Box(_LEFT, y, _TILE, _TILE), row["category"], icon, colour)
    x = _LEFT + _TILE + 14
    amount = width(row["amount"], 17, face_of("bold"))
    canvas.text(_RIGHT, y + 14, row["amount"], TextStyle(17, weight="bold", anchor="end"))
    canvas.text(x, y + 14, row["label"], TextStyle(17), room=_RIGHT - x - amount - 14)
    canvas.bar(Box(x, y + 26, _RIGHT - x - 132, 7), share=share, fill=colour)
    if share > 1:
        _cut(canvas, x + (_RIGHT - x - 132) * _CUT_AT, y + 24, 4, 11)
    fill = {1: "more", -1: "less"}.get(row["direction"], "muted")
    right = float(_RIGHT)
    if row["change"]:
        canvas.text(right, y + 34, row["change"], TextStyle(14, fill=fill, anchor="end"))
        right -= width(row["change"], 14, face_of("regular")) + 5
        if row["direction"]:
            canvas.arrow(right - 9, y + 25, 9, row["direction"], fill)
        right = _RIGHT - 66.0
    canvas.text(right, y + 34, row["share"], TextStyle(14, fill="muted", anchor="end"))


def _days(canvas: Canvas, days: dict[str, Any], y: float) -> float:
    """Draw a bar per day (or week, or month); the highest gets its amount."""
    height = _DAYS_HEIGHT
    canvas.box(Box(MARGIN, y, WIDTH - 2 * MARGIN, height), fill="card", radius=_RADIUS)
    canvas.text(_LEFT, y + 33, days["average"], TextStyle(17, weight="bold"), room=_RIGHT - _LEFT)
    sizes, floor = days["sizes"], y + height - 42
    step = (_RIGHT - _LEFT) / len(sizes)
    thick = min(step * 0.72, 46)
    full = scale_of(sizes)
    for i, size in enumerate(sizes):
        middle = _LEFT + step * (i + 0.5)
        tall = min(max(size, 0) / full, 1) * (_BARS - 22)
        fill = "accent" if i == days["peak"] else "bar"
        if i >= days["until"]:
            canvas.box(Box(middle - 1.5, floor - 3, 3, 3), fill="track", radius=1.5)
        else:
            canvas.box(
                Box(middle - thick / 2, floor - max(tall, 3), thick, max(tall, 3)),
                fill=fill,
                radius=4,
            )
        if size > full:
            _cut(canvas, middle - thick / 2 - 2, floor - tall * _CUT_AT, thick + 4, 4)
        canvas.text(
            middle, floor + 22, days["labels"][i], TextStyle(13, fill="muted", anchor="middle")
        )
    _peak(canvas, days, _LEFT + step * (days["peak"] + 0.5), floor - _BARS + 12)
    return y + height


def scale_of(sizes: Sequence[int]) -> float:
    """Return the size of a full bar, at least 1.

    One size far above all others (a rent) would flatten them; its bar is cut instead, and the
    others are drawn against the second largest.
    """
    ordered = sorted((size for size in sizes if size > 0), reverse=True)
    if not ordered:
        return 1
    if len(ordered) > 1 and ordered[0] > _TALL * ordered[1]:
        return ordered[1] * _HEADROOM
    return ordered[0]


def _cut(canvas: Canvas, x: float, y: float, width: float, height: float) -> None:
    """Part a bar that is longer than its room; its amount is written next to it."""
    canvas.box(Box(x, y, width, height), fill="card")


def _peak(canvas: Canvas, days: dict[str, Any], x: float, y: float) -> None:
    """Name the highest bar, kept inside the card."""
    half = width(days["peak_label"], 13, face_of("bold")) / 2
    x = min(max(x, _LEFT + half), _RIGHT - half)
    canvas.text(
        x, y, days["peak_label"], TextStyle(13, fill="accent", weight="bold", anchor="middle")
    )


def _income(canvas: Canvas, income: dict[str, Any], y: float) -> float:
    """Draw income, the rest of it (or the overspent sum), and a bar of the two."""
    height = _INCOME_HEIGHT
    canvas.box(Box(MARGIN, y, WIDTH - 2 * MARGIN, height), fill="card", radius=_RADIUS)
    half = (_RIGHT - _LEFT) / 2
    good = "more" if income["overspent"] else "less"
    columns = (
        (_LEFT, income["income_label"], income["income"], "ink"),
        (_LEFT + half + 8, income["saved_label"], income["saved"], good),
    )
    for x, label, amount, fill in columns:
        canvas.text(x, y + 32, label, TextStyle(15, fill="muted"))
        size = fitted_size(amount, 26, face_of("display"), half - 16)
        canvas.text(x, y + 62, amount, TextStyle(size, fill=fill, weight="display"))
    if income["share"]:
        canvas.text(
            _RIGHT, y + 32, income["share"], TextStyle(15, fill=good, weight="bold", anchor="end")
        )
    _income_bar(canvas, income, y + 80, good)
    return y + height


def _income_bar(canvas: Canvas, income: dict[str, Any], y: float, good: str) -> None:
    spent, came = income["spent_weight"], max(income["income_weight"], 1)
    room = _RIGHT - _LEFT
    if income["overspent"]:
        canvas.bar(Box(_LEFT, y, room, 10), share=1, fill="more")
        canvas.box(
            Box(_LEFT, y, min(room, max(room * came / max(spent, 1), 10)), 10), fill="bar", radius=5
        )
        return
    canvas.bar(Box(_LEFT, y, room, 10), share=1, fill=good)
    canvas.box(Box(_LEFT, y, min(room, max(room * spent / came, 10)), 10), fill="bar", radius=5)
