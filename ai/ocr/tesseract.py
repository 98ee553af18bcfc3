"""Recognise lines by Tesseract, from the wheel of tesserocr, for scripts that PP-OCRv6 lacks.

Only single lines are recognised: the engine's boxes are far better on photos than Tesseract's own
page segmentation, and a line takes about five milliseconds. Data of ten languages ship next to this
file; further languages are taken from the system's Tesseract where it is installed.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Any, Final

import cv2
from PIL import Image

from ai.ocr.languages import find_folder
from ai.ocr.orientation import Pixels

_HEIGHT: Final = 40
"""Height in pixels to which a line is scaled; 32 to 56 read the same, larger ones take longer."""
_MARGIN: Final = 8
_BIDI_MARKS: Final = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def read_line(pixels: Pixels, code: str) -> tuple[str, float]:
    """Recognise a line (BGR) in a language by its code; return text and confidence from 0 to 1."""
    recogniser = _load(code)
    recogniser.SetImage(Image.fromarray(_prepare(pixels)))
    text = " ".join(_BIDI_MARKS.sub("", recogniser.GetUTF8Text()).split())
    return _in_ascii_digits(text), recogniser.MeanTextConf() / 100


@cache
def _load(code: str) -> Any:  # noqa: ANN401 - the package ships no types for mypy
    import tesserocr  # noqa: PLC0415 - has no wheel for Windows

    return tesserocr.PyTessBaseAPI(
        path=str(find_folder(code)),
        lang=code,
        psm=tesserocr.PSM.SINGLE_LINE,
        # tessdata_fast holds no data for the older recogniser.
        oem=tesserocr.OEM.LSTM_ONLY,
    )


def _prepare(pixels: Pixels) -> Pixels:
    """Scale a line to a fixed height in grey, with a margin of its own edge."""
    grey = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    scale = _HEIGHT / grey.shape[0]
    how = cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA
    line: Any = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=how)
    # Tesseract loses letters that touch the edge of the picture.
    margin = (_MARGIN, _MARGIN, _MARGIN, _MARGIN)
    bordered: Pixels = cv2.copyMakeBorder(line, *margin, cv2.BORDER_REPLICATE)
    return bordered


def _in_ascii_digits(text: str) -> str:
    """Write digits of any script as 0-9, and Arabic's decimal and thousands marks as . and ,."""
    plain = "".join(str(unicodedata.decimal(char, char)) for char in text)
    return plain.replace("٫", ".").replace("٬", ",")
