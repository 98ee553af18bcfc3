"""Hold a page as the engine reads it, with lines, pixels, and the crop of every box."""

from __future__ import annotations

from dataclasses import dataclass

from ai.ocr.orientation import Pixels
from ports.reading import Box, Page, TextRun


@dataclass(frozen=True, slots=True)
class Crop:
    """One box of print, cut out and rectified (BGR), and its line; None where it is not legible."""

    pixels: Pixels
    box: Box
    line: TextRun | None


@dataclass(frozen=True, slots=True)
class PageResult:
    """A page with its upright pixels (BGR). `unread` is the share of boxes that are not legible."""

    page: Page
    pixels: Pixels
    crops: tuple[Crop, ...] = ()
    unread: float = 0.0
