"""Detect a file's kind by its first bytes; names and declared types are not trusted."""

from __future__ import annotations

from typing import Literal

Kind = Literal["jpeg", "png", "webp", "heif", "pdf"]

_HEIF_BRANDS = frozenset(
    (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1", b"avif")
)
_PDF_HEADER_BYTES_MAX = 1024
"""A PDF's header may follow this much junk (ISO 32000, implementation note of Acrobat)."""


def find_kind(data: bytes) -> Kind | None:
    """Return the kind of a file by its magic bytes; None for unsupported kinds."""
    if data.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "webp"
    if data[4:8] == b"ftyp" and data[8:12] in _HEIF_BRANDS:
        return "heif"
    if b"%PDF-" in data[:_PDF_HEADER_BYTES_MAX]:
        return "pdf"
    return None
