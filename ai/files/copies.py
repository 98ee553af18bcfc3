"""Copies without metadata: what is stored for showing and what is served.

A copy is made of the pixels alone and written anew, so that no EXIF, location, comment, profile or
hidden second file survives.
"""

from __future__ import annotations

import io
from typing import Final

from PIL import Image

from ai.files.documents import open_document, render
from ai.files.images import read_image
from ai.files.kinds import find_kind
from ports.reading import Refusal

QUALITY: Final = 88
PREVIEW_SIDE: Final = 1600


def clean_copy(data: bytes, side_max: int = PREVIEW_SIDE) -> bytes | Refusal:
    """Return a JPEG of the picture, or of a PDF's first page, at most `side_max` pixels a side."""
    kind = find_kind(data)
    if kind is None:
        return Refusal("not_an_image")
    image = _first_page(data) if kind == "pdf" else read_image(data, kind)
    if isinstance(image, Refusal):
        return image
    image.thumbnail((side_max, side_max), Image.Resampling.LANCZOS)
    bare = Image.frombytes("RGB", image.size, image.tobytes())
    out = io.BytesIO()
    bare.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()


def _first_page(data: bytes) -> Image.Image | Refusal:
    document = open_document(data)
    if isinstance(document, Refusal):
        return document
    try:
        image = render(document[0])
    finally:
        document.close()
    return image or Refusal("damaged_pdf")
