"""Scripts that the bundled model cannot read: Tesseract where it is installed, else what is missing.

PP-OCRv6's recognition model knows Latin, Greek, Chinese and Japanese letters (its own table of
18,708 signs holds no Cyrillic, Hangul, Thai, Arabic, Hebrew or Devanagari). On such a page it reads
look-alikes with little confidence. When Tesseract is there with the script's data, it reads the page
again and the better reading stays.
"""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
from functools import cache
from typing import Final

import cv2

from ai.ocr.engine import mean_confidence
from ai.ocr.orientation import Pixels
from ports.reading import Box, Line, Page

SCRIPTS: Final[dict[str, tuple[str, ...]]] = {
    "cyrillic": ("ru", "uk", "bg", "sr", "be", "mk", "kk"),
    "hangul": ("ko",),
    "thai": ("th",),
    "arabic": ("ar", "fa", "ur"),
    "hebrew": ("he",),
    "devanagari": ("hi", "mr", "ne"),
}
TESSERACT: Final[dict[str, str]] = {
    "ru": "rus",
    "uk": "ukr",
    "bg": "bul",
    "sr": "srp",
    "be": "bel",
    "mk": "mkd",
    "kk": "kaz",
    "ko": "kor",
    "th": "tha",
    "ar": "ara",
    "fa": "fas",
    "ur": "urd",
    "he": "heb",
    "hi": "hin",
    "mr": "mar",
    "ne": "nep",
}
_SURE: Final = 0.93
"""Mean confidence from which the bundled model's reading needs no second opinion."""
_SECONDS_MAX: Final = 20
_WORD_CONFIDENCE_MIN: Final = 30
_TSV_WORD: Final = "5"


def read_other_script(pixels: Pixels, page: Page, language: str) -> Page | None:
    """Read the page with Tesseract when the language's script asks for it and that reads better."""
    code = TESSERACT.get(language)
    if code is None or code not in installed() or mean_confidence(page.lines) >= _SURE:
        return None
    other = run_tesseract(pixels, f"{code}+eng" if "eng" in installed() else code)
    if other is None or len(other.lines) < 2:  # noqa: PLR2004 - one word is no page
        return None
    letters = sum(len(line.text) * line.confidence for line in other.lines)
    had = sum(len(line.text) * max(0.0, line.confidence - 0.3) for line in page.lines)
    return Page(page.width, page.height, other.lines, page.codes) if letters > had else None


def find_missing(page: Page, language: str) -> tuple[str, ...]:
    """Name the script of the chat's language if the page seems to be in it and nobody reads it."""
    code = TESSERACT.get(language)
    if code is None or code in installed() or mean_confidence(page.lines) >= _SURE:
        return ()
    return tuple(script for script, languages in SCRIPTS.items() if language in languages)


def run_tesseract(pixels: Pixels, languages: str) -> Page | None:
    """Run Tesseract over pixels; no file is written, nothing but the picture is passed."""
    ok, encoded = cv2.imencode(".png", pixels)
    program = shutil.which("tesseract")
    if not ok or program is None:
        return None
    try:
        done = subprocess.run(  # noqa: S603 - a fixed program with fixed arguments
            [program, "stdin", "stdout", "-l", languages, "--psm", "4", "tsv"],
            input=encoded.tobytes(),
            capture_output=True,
            timeout=_SECONDS_MAX,
            check=True,
            env={"PATH": os.environ.get("PATH", ""), "OMP_THREAD_LIMIT": "2"},
        )
    except (OSError, subprocess.SubprocessError):
        return None
    height, width = pixels.shape[:2]
    return Page(width, height, _parse_words(done.stdout.decode("utf-8", "replace")))


def _parse_words(table: str) -> tuple[Line, ...]:
    lines = []
    for row in csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE):
        text = (row.get("text") or "").strip()
        if row.get("level") != _TSV_WORD or not text:
            continue
        confidence = float(row["conf"])
        if confidence < _WORD_CONFIDENCE_MIN:
            continue
        left, top = float(row["left"]), float(row["top"])
        box = Box.upright(left, top, left + float(row["width"]), top + float(row["height"]))
        lines.append(Line(text, box, confidence / 100))
    return tuple(lines)


@cache
def installed() -> frozenset[str]:
    """The language data that Tesseract has here; empty when it is not installed."""
    program = shutil.which("tesseract")
    if program is None:
        return frozenset()
    try:
        done = subprocess.run(  # noqa: S603 - a fixed program with fixed arguments
            [program, "--list-langs"], capture_output=True, timeout=10, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return frozenset()
    return frozenset(done.stdout.decode("utf-8", "replace").split("\n")[1:]) - {""}
