"""Decode two-dimensional codes; fiscal ones override the text of the page."""

from __future__ import annotations

from typing import Any, Final

import zxingcpp

from ai.ocr.orientation import Pixels
from ports.reading import Code

_CODES_MAX: Final = 8
_LENGTH_MAX: Final = 2000
_FORMATS: Final[Any] = (
    zxingcpp.BarcodeFormat.QRCode,
    zxingcpp.BarcodeFormat.DataMatrix,
    zxingcpp.BarcodeFormat.Aztec,
    zxingcpp.BarcodeFormat.PDF417,
)


def read_codes(pixels: Pixels) -> tuple[Code, ...]:
    """Decode the two-dimensional codes of a page; bar codes of goods are of no use here."""
    # Bounded, because the picture and so the number of codes is a stranger's.
    found = zxingcpp.read_barcodes(pixels, formats=_FORMATS)
    return tuple(
        Code(code.text[:_LENGTH_MAX], code.format.name) for code in found[:_CODES_MAX] if code.text
    )
