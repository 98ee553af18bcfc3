"""Opening PDFs that strangers sent."""

import tracemalloc
import zlib
from collections.abc import Callable
from functools import cache

import pypdfium2
import pytest

from ai.files.documents import open_document, read_pages
from ports.reading import FileRefusal
from tests.ai.files.pictures import pdf


def test_a_pdf_with_text_is_read_without_ocr() -> None:
    document = open_document(pdf(["CAFE AURORA", "TOTAL EUR 12.34"]))
    assert isinstance(document, pypdfium2.PdfDocument)
    (page,) = read_pages(document)
    document.close()
    assert page.image is None
    assert page.text is not None
    assert [line.text for line in page.text.lines] == ["CAFE AURORA", "TOTAL EUR 12.34"]


def test_a_pdf_without_text_is_rendered() -> None:
    document = open_document(pdf([]))
    assert isinstance(document, pypdfium2.PdfDocument)
    (page,) = read_pages(document)
    document.close()
    assert page.text is None
    assert page.image is not None


def packed(filters: bytes, data: bytes) -> bytes:
    """A page whose content stream is compressed as its dictionary says."""
    head = b"<< /Length %d /Filter %s >>\nstream\n" % (len(data), filters)
    plain = pdf(["x"])
    at = plain.index(b"<< /Length")
    return plain[:at] + head + data + plain[plain.index(b"\nendstream") :]


@cache
def bomb() -> bytes:
    """200 MB in 200 KB."""
    return zlib.compress(bytes(200_000_000), 9)


# Made when they are tried: a second that every process of the suite would spend.
REFUSED: list[tuple[Callable[[], bytes], str]] = [
    (lambda: packed(b"/FlateDecode", bomb()), "needs_too_much_memory"),
    (
        lambda: packed(b"[/FlateDecode /FlateDecode]", zlib.compress(bomb())),
        "needs_too_much_memory",
    ),
    # Names in disguise.
    (lambda: packed(b"[/Fl /ASCIIHexDecode /L#5aW]", b"x"), "needs_too_much_memory"),
    (lambda: pdf(["x"], pages=21), "too_many_pages"),  # one more than we read
    (lambda: pdf(["x"], box="0 0 200000 200000"), "too_many_pixels"),  # a page of 70 metres
    (lambda: b"%PDF-1.4\n%%EOF", "damaged_pdf"),  # nothing in it
    (lambda: b"%PDF-1.7\n" + b"\0" * 500, "damaged_pdf"),  # zeros
]


@pytest.mark.parametrize(("make", "message_id"), REFUSED)
def test_a_pdf_beyond_the_limits_is_refused(make: Callable[[], bytes], message_id: str) -> None:
    refusal = open_document(make())
    assert isinstance(refusal, FileRefusal)
    assert refusal.message_id == message_id


def test_twenty_pages_are_read() -> None:
    document = open_document(pdf(["TOTAL EUR 12.34"], pages=20))
    assert isinstance(document, pypdfium2.PdfDocument)
    assert len(list(read_pages(document))) == 20
    document.close()


def test_compressed_pages_are_read() -> None:
    content = b"BT /F1 12 Tf 20 360 Td (TOTAL EUR 12.34) Tj ET"
    deflated = zlib.compress(content)
    as_hex = deflated.hex().encode() + b">"
    for filters, data in (
        (b"/FlateDecode", deflated),
        (b"[/ASCIIHexDecode /FlateDecode]", as_hex),
    ):
        document = open_document(packed(filters, data))
        assert isinstance(document, pypdfium2.PdfDocument)
        (page,) = read_pages(document)
        document.close()
        assert page.text is not None
        assert page.text.lines[0].text == "TOTAL EUR 12.34"


def test_a_bomb_is_refused_without_being_inflated() -> None:
    data = packed(b"/FlateDecode", bomb())
    tracemalloc.start()
    try:
        assert isinstance(open_document(data), FileRefusal)
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()
