"""Load the fonts of a report, and leave out characters that no font of this machine has."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from fpdf import FPDF

from presentation.pictures.fonts import FAMILY, FOLDER, drawable, needed

_FACES = {"": "Inter-Regular.otf", "B": "Inter-SemiBold.otf"}


def load_fonts(pdf: FPDF, sample: str) -> None:
    """Load Inter, and a font for each other script that `sample` needs and the machine has."""
    for style, name in _FACES.items():
        pdf.add_font(FAMILY, style, FOLDER / name)
    families, files = needed(sample)
    for family, file in zip(families, files, strict=False):
        # These come in one weight, which stands for both.
        for style in _FACES:
            pdf.add_font(family, style, Path(file))
    if families:
        pdf.set_fallback_fonts(list(families), exact_match=False)
    # Arabic letters join, Devanagari's reorder, and both directions may share a line.
    pdf.set_text_shaping(True)


@cache
def _is_drawable(char: str) -> bool:
    return drawable(char)


def drawn(text: str) -> str:
    """Return a text without the characters that would be boxes (emoji, scripts without a font).

    A text of nothing else becomes an ellipsis, so that nobody takes it for an empty one.
    """
    if all(map(_is_drawable, text)):
        return text
    kept = "".join(char if _is_drawable(char) else " " for char in text)
    return " ".join(kept.split()) or "…"
