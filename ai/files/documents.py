"""Open PDFs within limits, by their text layer if there is one, else as rendered pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image

from ai.files.images import refuse_size
from ai.files.streams import refuse_streams
from ports.reading import Box, FileRefusal, Page, TextRun

PAGES_MAX: Final = 20
PAGE_POINTS_MAX: Final = 14_400
"""Largest side of a page in points; 200 inches, the limit that ISO 32000 names."""
RENDER_PIXELS: Final = 5_000_000
RENDER_SCALE_MAX: Final = 4.0
"""Pixels per point at most (288 dpi)."""
_TEXT_CHARACTERS_MIN: Final = 12
_LINES_MAX: Final = 600
_LINE_CHARACTERS_MAX: Final = 200
_IMAGE_SHARE_MAX: Final = 0.4
"""Share of a page that an image covers, beyond which the page is a scan. The text layer over a scan
comes from another OCR and is not used."""


@dataclass(frozen=True, slots=True)
class PdfPage:
    """A page with its own text, or else rendered for OCR."""

    text: Page | None
    image: Image.Image | None


def open_document(data: bytes) -> pypdfium2.PdfDocument | FileRefusal:
    """Open a PDF and check its limits; scripts, forms and links are never executed."""
    refusal = refuse_streams(data)
    if refusal:
        return refusal
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == pdfium.FPDF_ERR_PASSWORD:
            return FileRefusal("encrypted_pdf")
        return FileRefusal("damaged_pdf")
    refusal = _refuse_document(document)
    if refusal:
        document.close()
        return refusal
    return document


def _refuse_document(document: pypdfium2.PdfDocument) -> FileRefusal | None:
    count = len(document)
    if count == 0:
        return FileRefusal("empty_pdf")
    if count > PAGES_MAX:
        return FileRefusal("too_many_pages", {"pages": count, "pages_max": PAGES_MAX})
    for index in range(count):
        try:
            width, height = document.get_page_size(index)
        except pypdfium2.PdfiumError:
            return FileRefusal("damaged_pdf")
        if max(width, height) > PAGE_POINTS_MAX:
            return FileRefusal("too_many_pixels", {"megapixels_max": 40})
    return None


def read_pages(document: pypdfium2.PdfDocument) -> Iterator[PdfPage]:
    """Yield the pages one by one, so that only one picture is in memory."""
    for index in range(len(document)):
        try:
            page = document[index]
        except pypdfium2.PdfiumError:
            continue
        try:
            text = _text_of(page)
            yield PdfPage(text, None if text else render(page))
        finally:
            page.close()


def render(page: pypdfium2.PdfPage) -> Image.Image | None:
    """Render a page at about 200 dpi; None if it is too thin to be read."""
    width, height = page.get_size()
    if width < 1 or height < 1:
        return None
    scale = min(RENDER_SCALE_MAX, (RENDER_PIXELS / (width * height)) ** 0.5)
    if refuse_size(int(width * scale), int(height * scale)):
        return None
    image: Image.Image = page.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB")
    return image


def _text_of(page: pypdfium2.PdfPage) -> Page | None:
    """Return the page's own text, or None without a trustworthy text layer."""
    width, height = page.get_size()
    # Rotated pages give boxes in unrotated coordinates; rendering gets them right.
    if page.get_rotation() or _image_share(page, width * height) > _IMAGE_SHARE_MAX:
        return None
    textpage = page.get_textpage()
    try:
        lines = tuple(_lines(textpage, height))
    finally:
        textpage.close()
    if sum(len(line.text) for line in lines) < _TEXT_CHARACTERS_MIN:
        return None
    return Page(width, height, lines)


def _image_share(page: pypdfium2.PdfPage, area: float) -> float:
    covered = 0.0
    for image in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        left, bottom, right, top = image.get_bounds()
        covered = max(covered, abs(right - left) * abs(top - bottom))
    return covered / area if area else 0.0


def _lines(textpage: pypdfium2.PdfTextPage, height: float) -> Iterator[TextRun]:
    """Cut the text layer into runs of equal height; PDF's y axis points up, ours down."""
    for index in range(min(textpage.count_rects(), _LINES_MAX)):
        left, bottom, right, top = textpage.get_rect(index)
        text = textpage.get_text_bounded(left, bottom, right, top).strip()
        # U+FFFE marks a glyph that the font does not map to a character.
        if text and "\ufffe" not in text and right > left:
            yield TextRun(
                " ".join(text.split())[:_LINE_CHARACTERS_MAX],
                Box.upright(left, height - top, right, height - bottom),
                1.0,
            )
