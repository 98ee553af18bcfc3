"""Limit what the compressed streams of a PDF expand to, checked before PDFium opens the file.

PDFium inflates a stream as a whole, so 800 bytes of nested filters cost half a gigabyte before the
page turns out to be empty. Deflate alone packs at most 1 : 1032, two levels of it a million to one.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from typing import Final

from ports.reading import FileRefusal

STREAM_BYTES_MAX: Final = 160_000_000
"""Largest expanded stream; an A4 page scanned in colour at 600 dpi has 104 MB."""
TOTAL_BYTES_MAX: Final = 500_000_000
_PART_BYTES: Final = 1 << 20
_CHAIN: Final = re.compile(rb"/(?:Filter|F)\s*\[([^\]]{0,1000})\]")
_EXPANDING: Final = re.compile(
    rb"/(?:FlateDecode|Fl|LZWDecode|LZW|RunLengthDecode|RL)(?![A-Za-z0-9])"
)
_ESCAPED: Final = re.compile(rb"#([0-9A-Fa-f]{2})")
"""Names may write any character by its code: `/Fl#61teDecode`."""
_STREAM: Final = re.compile(rb"stream\r?\n")


def refuse_streams(data: bytes) -> FileRefusal | None:
    """Return why a PDF would expand too much; None if its streams are within limits."""
    if any(_expands_twice(chain.group(1)) for chain in _CHAIN.finditer(data)):
        return FileRefusal("needs_too_much_memory")
    total = 0
    for size in _expanded_sizes(data):
        total += size
        if size > STREAM_BYTES_MAX or total > TOTAL_BYTES_MAX:
            return FileRefusal("needs_too_much_memory")
    return None


def _expands_twice(chain: bytes) -> bool:
    """Return whether a chain of filters decompresses what it has decompressed; no real file does."""
    names = _ESCAPED.sub(lambda code: bytes((int(code.group(1), 16),)), chain)
    return len(_EXPANDING.findall(names)) > 1


def _expanded_sizes(data: bytes) -> Iterator[int]:
    """Yield the size of each deflated stream, counted up to just over the limit."""
    view = memoryview(data)
    for begin in _STREAM.finditer(data):
        yield _expanded_size(view[begin.end() :])


def _expanded_size(packed: memoryview) -> int:
    """Inflate a stream part by part and forget the parts; 0 for anything not deflated."""
    decoder = zlib.decompressobj()
    size = at = 0
    rest: bytes | memoryview = packed[:_PART_BYTES]
    try:
        while rest and not decoder.eof and size <= STREAM_BYTES_MAX:
            size += len(decoder.decompress(rest, _PART_BYTES))
            # What the limit on output left over comes first.
            rest = decoder.unconsumed_tail
            if not rest:
                at += _PART_BYTES
                rest = packed[at : at + _PART_BYTES]
    except zlib.error:
        pass  # not deflated, or damaged from here on
    return size
