"""Define a reader's answer as runs of text with boxes, decoded codes, or typed fields.

Every reader, local or cloud, returns the same `Reading`; this package builds drafts from it. Coordinates are pixels (or any unit that is the same for the page's width and height) of the
page turned upright, x to the right, y down. Confidences lie in 0..1.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Literal

FieldName = Literal[
    "merchant",
    "date",
    "total",
    "subtotal",
    "tax",
    "tip",
    "service",
    "discount",
    "rounding",
    "shipping",
    "paid",
    "change",
    "currency",
    "address",
    "tax_id",
    "number",
    "other",
]


@dataclass(frozen=True, slots=True)
class Box:
    """A quadrilateral; corners run clockwise from the text's own upper left."""

    corners: tuple[float, float, float, float, float, float, float, float]

    @classmethod
    def upright(cls, left: float, top: float, right: float, bottom: float) -> Box:
        """Build an axis-parallel box."""
        return cls((left, top, right, top, right, bottom, left, bottom))

    @property
    def left(self) -> float:
        """Return the smallest x."""
        return min(self.corners[0::2])

    @property
    def right(self) -> float:
        """Return the largest x."""
        return max(self.corners[0::2])

    @property
    def top(self) -> float:
        """Return the smallest y."""
        return min(self.corners[1::2])

    @property
    def bottom(self) -> float:
        """Return the largest y."""
        return max(self.corners[1::2])

    @property
    def centre(self) -> tuple[float, float]:
        """Return the mean of the corners."""
        return sum(self.corners[0::2]) / 4, sum(self.corners[1::2]) / 4

    @property
    def height(self) -> float:
        """Return the height of the letters, the mean length of the two short sides, tilt taken out."""
        x0, y0, x1, y1, x2, y2, x3, y3 = self.corners
        return (math.hypot(x3 - x0, y3 - y0) + math.hypot(x2 - x1, y2 - y1)) / 2

    @property
    def width(self) -> float:
        """Return the length of the line of text, tilt taken out."""
        x0, y0, x1, y1, x2, y2, x3, y3 = self.corners
        return (math.hypot(x1 - x0, y1 - y0) + math.hypot(x2 - x3, y2 - y3)) / 2

    @property
    def slope(self) -> float:
        """Return the fall of y per step in x along the line of text."""
        x0, y0, x1, y1, x2, y2, x3, y3 = self.corners
        run = (x1 - x0) + (x2 - x3)
        return ((y1 - y0) + (y2 - y3)) / run if abs(run) > 1 else 0.0


@dataclass(frozen=True, slots=True)
class TextRun:
    """A run of text as the reader cut it, often a word or a column and not a whole row."""

    text: str
    box: Box
    confidence: float


@dataclass(frozen=True, slots=True)
class Code:
    """A decoded QR or bar code."""

    text: str
    format: str


@dataclass(frozen=True, slots=True)
class Page:
    """One upright page with its lines, in no particular order."""

    width: float
    height: float
    lines: tuple[TextRun, ...] = ()
    codes: tuple[Code, ...] = ()


@dataclass(frozen=True, slots=True)
class TypedField:
    """A field that a reader named itself; `text` is raw, numbers and dates are parsed here."""

    name: FieldName
    text: str
    confidence: float
    label: str = ""


@dataclass(frozen=True, slots=True)
class TypedItem:
    """A line item that a reader told apart itself; all texts raw, `price` is the line's price."""

    name: str
    price: str
    quantity: str = ""
    unit_price: str = ""
    row: str = ""
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class TypedReceipt:
    """One receipt of a reader that answers with fields."""

    fields: tuple[TypedField, ...]
    items: tuple[TypedItem, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """All that one reader recognised in one file.

    `missing` names scripts (`cyrillic`, `hangul`, …) that seem to be on the page but that this
    installation cannot read; `pages_left_out` counts pages that time did not allow;
    `picture_print` tells copies of a picture (`ledger.receipt.sameness`), "" for documents.
    """

    source: Literal["local", "text", "textract", "vision"]
    pages: tuple[Page, ...] = ()
    receipts: tuple[TypedReceipt, ...] = ()
    missing: tuple[str, ...] = ()
    pages_left_out: int = 0
    picture_print: str = ""


@dataclass(frozen=True, slots=True)
class FileRefusal:
    """A file that is not read; the catalogues hold the words for `message_id`.

    `temporary` tells that the same file may be read later (the reader was busy or died).
    """

    message_id: str
    values: dict[str, str | int] = field(default_factory=dict)
    temporary: bool = False
