"""Measure text by the fonts' own advance widths, so that labels can be made to fit.

Kerning is left out (it only makes text narrower). Scripts that Inter does not have are estimated:
an em for Chinese, Japanese and Korean, six tenths for the rest.
"""

from __future__ import annotations

import struct
from functools import cache
from pathlib import Path
from typing import Literal

from presentation.pictures.fonts import FOLDER

Face = Literal["Inter-Regular", "Inter-SemiBold", "InterDisplay-SemiBold"]
_WIDE_FROM = "\u2e80"
_ESTIMATE = 0.6


def width(text: str, size: float, face: Face) -> float:
    """Return how wide a line of text is at a size, in the size's unit."""
    advances = _advances(face)
    return size * sum(advances.get(ord(c), 1.0 if c >= _WIDE_FROM else _ESTIMATE) for c in text)


def fitted_size(text: str, size: float, face: Face, room: float) -> float:
    """Return the size, at most the one wanted, at which text fits into the room."""
    needed = width(text, size, face)
    return size if needed <= room else size * room / needed


def fitted_text(text: str, size: float, face: Face, room: float) -> str:
    """Cut text with … so that it fits into the room."""
    if width(text, size, face) <= room:
        return text
    end = len(text)
    while end > 1 and width(text[:end].rstrip() + "…", size, face) > room:
        end -= 1
    return text[:end].rstrip() + "…"


@cache
def _advances(face: Face) -> dict[int, float]:
    """Read advance widths in ems from an OpenType file (tables cmap, hmtx; format of the spec)."""
    data = Path(FOLDER / f"{face}.otf").read_bytes()
    tables = _tables(data)
    per_em: int
    (per_em,) = struct.unpack_from(">H", data, tables["head"] + 18)
    (long_metrics,) = struct.unpack_from(">H", data, tables["hhea"] + 34)

    def advance(glyph: int) -> float:
        index = min(glyph, long_metrics - 1)
        units: int
        (units,) = struct.unpack_from(">H", data, tables["hmtx"] + 4 * index)
        return units / per_em

    return {code: advance(glyph) for code, glyph in _glyphs(data, tables["cmap"]).items()}


def _tables(data: bytes) -> dict[str, int]:
    (count,) = struct.unpack_from(">H", data, 4)
    records = (struct.unpack_from(">4sIII", data, 12 + 16 * i) for i in range(count))
    return {tag.decode("ascii"): offset for tag, _, offset, _ in records}


def _glyphs(data: bytes, cmap: int) -> dict[int, int]:
    """Read the character map's format 4 subtable: segments of codes with a shift each."""
    (count,) = struct.unpack_from(">H", data, cmap + 2)
    for i in range(count):
        _, _, offset = struct.unpack_from(">HHI", data, cmap + 4 + 8 * i)
        start = cmap + offset
        if struct.unpack_from(">H", data, start)[0] == 4:  # noqa: PLR2004 -- the format's number
            return _segments(data, start)
    return {}


def _segments(data: bytes, start: int) -> dict[int, int]:
    (doubled,) = struct.unpack_from(">H", data, start + 6)
    count = doubled // 2
    layout = f">{count}H"
    ends = struct.unpack_from(layout, data, start + 14)
    firsts = struct.unpack_from(layout, data, start + 16 + doubled)
    shifts = struct.unpack_from(layout, data, start + 16 + 2 * doubled)
    ranges_at = start + 16 + 3 * doubled
    ranges = struct.unpack_from(layout, data, ranges_at)
    glyphs: dict[int, int] = {}
    for i in range(count):
        for code in range(firsts[i], min(ends[i], 0xFFFE) + 1):
            if ranges[i]:
                place = ranges_at + 2 * i + ranges[i] + 2 * (code - firsts[i])
                (glyph,) = struct.unpack_from(">H", data, place)
            else:
                glyph = code
            glyphs[code] = (glyph + shifts[i]) & 0xFFFF
    return glyphs
