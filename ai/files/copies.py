"""Make copies without metadata, for storing, showing and serving.

A copy is encoded again from the pixels alone, so no EXIF, location, comment, profile or hidden
second file survives.
"""

from __future__ import annotations

import io
from typing import Final

from PIL import Image

from ai.files.documents import open_document, render
from ai.files.images import read_image
from ai.files.kinds import find_kind
from ports.reading import FileRefusal

QUALITY: Final = 88
PREVIEW_SIDE: Final = 1600


def clean_copy(data: bytes, side_max: int = PREVIEW_SIDE, page: int = 0) -> bytes | FileRefusal:
    """Return a JPEG of the picture, or of a PDF page, of at most `side_max` pixels a side.

    Pages count from 0; a missing page is refused.
    """
    kind = find_kind(data)
    if kind is None:
        return FileRefusal("not_an_image")
    if page and kind != "pdf":
        return FileRefusal("damaged_pdf")
    image = _page(data, page) if kind == "pdf" else read_image(data, kind)
    if isinstance(image, FileRefusal):
        return image
    image.thumbnail((side_max, side_max), Image.Resampling.LANCZOS)
    # A copied Image object would carry its metadata along.
    bare = Image.frombytes("RGB", image.size, image.tobytes())
    out = io.BytesIO()
    bare.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()


def _page(data: bytes, page: int) -> Image.Image | FileRefusal:
    document = open_document(data)
    if isinstance(document, FileRefusal):
        return document
    try:
        if page >= len(document):
            return FileRefusal("damaged_pdf")
        image = render(document[page])
    finally:
        document.close()
    return image or FileRefusal("damaged_pdf")
