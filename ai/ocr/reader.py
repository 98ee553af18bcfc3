"""Read one file into a `Reading`, by decoding, turning, recognising and finding codes."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import cache
from typing import Final, Literal

import numpy as np
from PIL import Image

from ai.files.documents import open_document, read_pages
from ai.files.images import read_image
from ai.files.kinds import find_kind
from ai.files.prints import print_picture
from ai.ocr.codes import read_codes
from ai.ocr.engine import Engine
from ai.ocr.scripts import find_missing, read_other_script
from ports.reading import FileRefusal, Page, Reading

PAGES_SECONDS: Final = 8.0
"""Time in which pages of a document may be started; further ones are counted as left out."""
_BLANK_RANGE: Final = 24
"""Difference of grey levels between ink and paper below which a page is blank."""


def read_file(data: bytes, language: str = "") -> Reading | FileRefusal:
    """Read a picture or a PDF of up to 20 pages; refused files are not recognised."""
    kind = find_kind(data)
    if kind is None:
        return FileRefusal("not_an_image")
    if kind == "pdf":
        return _read_document(data, language)
    return _read_image(data, kind, language)


def _read_image(
    data: bytes, kind: Literal["jpeg", "png", "webp", "heif"], language: str
) -> Reading | FileRefusal:
    image = read_image(data, kind)
    if isinstance(image, FileRefusal):
        return image
    if is_blank(image):
        return FileRefusal("blank")
    page, missing = read_picture(image, language)
    return Reading("local", (page,), missing=missing, picture_print=print_picture(image))


def _read_document(data: bytes, language: str) -> Reading | FileRefusal:
    document = open_document(data)
    if isinstance(document, FileRefusal):
        return document
    started = time.monotonic()
    pages: list[Page] = []
    missing: list[str] = []
    left_out = 0
    try:
        for pdf_page in read_pages(document):
            if pdf_page.text:
                pages.append(pdf_page.text)
            elif pdf_page.image is None or is_blank(pdf_page.image):
                continue
            elif time.monotonic() - started > PAGES_SECONDS:
                left_out += 1
            else:
                page, lacking = read_picture(pdf_page.image, language)
                pages.append(page)
                missing.extend(lacking)
    finally:
        document.close()
    if not pages:
        return FileRefusal("blank")
    return Reading(
        "local", tuple(pages), missing=tuple(dict.fromkeys(missing)), pages_left_out=left_out
    )


def read_picture(image: Image.Image, language: str) -> tuple[Page, tuple[str, ...]]:
    """Read an RGB picture; also return the scripts on it that cannot be read here."""
    result = load_engine().read_page(np.asarray(image))
    page = replace(result.page, codes=read_codes(result.pixels))
    other = read_other_script(result, language)
    if other:
        return replace(page, lines=other), ()
    return page, find_missing(result, language)


def is_blank(image: Image.Image) -> bool:
    """Return whether a page has hardly any contrast, neither ink nor the edge of paper."""
    small = image.convert("L").resize((256, 256), Image.Resampling.BOX)
    # Percentiles ignore a few pixels of dust or sensor noise.
    dark, light = np.percentile(np.asarray(small), (0.2, 99.8))
    return bool(light - dark < _BLANK_RANGE)


@cache
def load_engine() -> Engine:
    """Load the models once, on the first picture that needs them."""
    return Engine()
