"""A photo or a document: decoded within bounds, and copied without its metadata."""

from __future__ import annotations

import io

import pypdfium2
from PIL import Image

from ai.files.copies import clean_copy
from ai.files.documents import open_document, read_pages
from ai.files.streams import refuse_streams
from ports.reading import FileRefusal


def _picture(kind: str, **more: object) -> bytes:
    out = io.BytesIO()
    picture = Image.linear_gradient("L").resize((64, 48)).convert("RGB")
    picture.save(out, kind, **more)
    return out.getvalue()


def _document() -> bytes:
    document = pypdfium2.PdfDocument.new()
    document.new_page(200, 300)
    out = io.BytesIO()
    document.save(out)
    document.close()
    return out.getvalue()


SEEDS = (
    _picture("JPEG", quality=20),
    _picture("JPEG", quality=20, progressive=True, exif=b"Exif\0\0II*\0\x08\0\0\0\0\0"),
    _picture("PNG"),
    _picture("WEBP", quality=20),
    _picture("HEIF", quality=20),
    _document(),
    b"%PDF-1.4\n1 0 obj<</Length 9/Filter[/FlateDecode/FlateDecode]>>stream\nx\nendstream",
)


def enter(data: bytes) -> None:
    """Copy the picture, and open it as a document."""
    copy = clean_copy(data, side_max=256)
    if not isinstance(copy, FileRefusal):
        image = Image.open(io.BytesIO(copy), formats=["JPEG"])
        assert not image.getexif(), "metadata outlived the copy"
    refuse_streams(data)
    if b"%PDF-" not in data[:1024]:
        return
    document = open_document(data)
    if isinstance(document, FileRefusal):
        return
    try:
        for number, _ in enumerate(read_pages(document)):
            if number >= 2:
                break
    finally:
        document.close()
