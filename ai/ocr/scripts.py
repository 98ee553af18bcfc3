"""Scripts that the bundled model cannot read: Tesseract where it is installed, else what is missing.

PP-OCRv6's recognition model knows Latin, Greek, Chinese and Japanese letters (its own table of
18,708 signs holds no Cyrillic, Hangul, Thai, Arabic, Hebrew or Devanagari). On such a page most words
stay unread. When Tesseract is there with the data of the chat's language, it reads the words.
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

from ai.ocr.engine import Sight
from ai.ocr.orientation import Pixels
from ports.reading import Box, Line

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
_UNREAD: Final = 0.12
"""Share of unread words from which a page seems to be in another script."""
_FIGURES_SURE: Final = 0.9
_SECONDS_MAX: Final = 20
_WORD_CONFIDENCE_MIN: Final = 30
_TSV_WORD: Final = "5"


def read_other_script(sight: Sight, language: str) -> tuple[Line, ...] | None:
    """Read the page with Tesseract when the chat's script asks for it.

    Figures that the bundled model read surely stay, it reads them better; the words are Tesseract's.
    """
    code = TESSERACT.get(language)
    if code is None or code not in installed() or sight.unread < _UNREAD:
        return None
    words = run_tesseract(sight.pixels, f"{code}+eng" if "eng" in installed() else code)
    if not words:
        return None
    figures = [
        line
        for line in sight.page.lines
        if line.confidence > _FIGURES_SURE
        and sum(char.isdigit() for char in line.text) > sum(char.isalpha() for char in line.text)
    ]
    return (*figures, *(word for word in words if not _stands_on(word, figures)))


def find_missing(sight: Sight, language: str) -> tuple[str, ...]:
    """Name the script that stands on the page and that nobody here reads.

    It is the chat's own script where that is one of ours, else `other`.
    """
    code = TESSERACT.get(language)
    if sight.unread < _UNREAD or code in installed():
        return ()
    if code is None:
        return ("other",) if sight.unread > 2 * _UNREAD else ()
    return tuple(script for script, languages in SCRIPTS.items() if language in languages)


def _stands_on(word: Line, lines: list[Line]) -> bool:
    x, y = word.box.centre
    return any(
        line.box.left < x < line.box.right and line.box.top < y < line.box.bottom for line in lines
    )


def run_tesseract(pixels: Pixels, languages: str) -> tuple[Line, ...]:
    """Run Tesseract over pixels; no file is written, nothing but the picture is passed."""
    ok, encoded = cv2.imencode(".png", pixels)
    program = shutil.which("tesseract")
    if not ok or program is None:
        return ()
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
        return ()
    return parse_words(done.stdout.decode("utf-8", "replace"))


def parse_words(table: str) -> tuple[Line, ...]:
    """Take the words that Tesseract is sure enough of from its table."""
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
