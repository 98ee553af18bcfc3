"""Decode the bytes of a text file."""

from __future__ import annotations

import codecs

from charset_normalizer import from_bytes

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LEGACY = [
    "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257",
    "iso8859_2", "iso8859_15", "cp932", "gb18030", "big5", "cp949", "cp850", "cp852",
]  # fmt: skip
"""Encodings that banks still write; guessing among all of Python's finds exotic ones in short files."""
_SAMPLE_BYTES = 65_536
_NUL_SHARE = 0.2
_DEFAULT = "cp1252"


def decode(data: bytes) -> str:
    """Return the text of a file; a byte that its encoding does not know becomes U+FFFD."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    if wide := _find_utf16(data[:_SAMPLE_BYTES]):
        return data.decode(wide, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode(_guess(data), "replace")


def _find_utf16(sample: bytes) -> str | None:
    """Return the UTF-16 of a file without a mark, where every other byte of Latin text is zero."""
    if len(sample) < len(b"ab") or sample.count(0) < _NUL_SHARE * len(sample):
        return None
    return "utf-16-le" if sample[1::2].count(0) > sample[0::2].count(0) else "utf-16-be"


def _guess(data: bytes) -> str:
    # Letters outside ASCII decide, and a long file may have none in its first lines.
    lines = [line for line in data.splitlines() if not line.isascii()]
    sample = b"\n".join(lines)[:_SAMPLE_BYTES]
    best = from_bytes(sample, cp_isolation=_LEGACY, threshold=0.9).best()
    return best.encoding if best else _DEFAULT
