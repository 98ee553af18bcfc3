"""Readings of plain text, as if a good reader had seen it printed: one line of print per line."""

from __future__ import annotations

from ports.reading import Box, FileRefusal, Page, ReadHint, Reading, TextRun

_HEIGHT = 20.0
_LETTER = 10.0
_WIDTH = 600.0


def printed(text: str) -> Reading:
    """Return what a local reader sees of a text on paper; amounts at the end stand on the right."""
    lines = []
    rows = [row for row in text.splitlines() if row.strip()]
    for number, row in enumerate(rows):
        top = 30 + number * _HEIGHT * 1.5
        words, _, last = row.rstrip().rpartition(" ")
        if words and any(char.isdigit() for char in last):
            lines.append(_line(words, 20, top))
            lines.append(_line(last, _WIDTH - 20 - _LETTER * len(last), top))
        else:
            lines.append(_line(row, 20, top))
    return Reading("local", (Page(_WIDTH, 60 + len(rows) * _HEIGHT * 1.5, tuple(lines)),))


def _line(text: str, left: float, top: float) -> TextRun:
    return TextRun(text, Box.upright(left, top, left + _LETTER * len(text), top + _HEIGHT), 0.98)


class PaperReader:
    """A local reader of files that hold their print as text."""

    async def read(self, data: bytes, hint: ReadHint) -> Reading | FileRefusal:
        _ = hint
        return printed(data.decode())

    async def clean_copy(
        self, data: bytes, *, side_max: int = 1600, page: int = 0
    ) -> bytes | FileRefusal:
        _ = data, page
        return _picture(min(side_max, 200))

    async def close(self) -> None:
        return


def _picture(side: int) -> bytes:
    import io

    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (side, side), "white").save(out, "JPEG")
    return out.getvalue()
