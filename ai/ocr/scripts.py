"""Scripts that the bundled model cannot read: Tesseract where it is installed, else what is missing.

PP-OCRv6's recognition model knows Latin, Greek, Chinese and Japanese letters (its own table of
18,708 signs holds no Cyrillic, Hangul, Thai, Arabic, Hebrew or Devanagari). On such a page most words
stay unread. When Tesseract is there with the data of the chat's language, it reads the words.
"""

from __future__ import annotations

import csv
import io
import os
import re
import shutil
import subprocess
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from statistics import median
from typing import Final

import cv2

from ai.ocr.engine import PageResult
from ai.ocr.orientation import Pixels
from ledger.receipt.reading.labels import find_labels
from ports.reading import Box, TextRun

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
_SURE: Final = 0.9
_LATIN_MIN: Final = 3
"""Letters of a Latin word; two may be what is made of a foreign one."""
_SECONDS_MAX: Final = 20
_WORD_CONFIDENCE_MIN: Final = 30
_TSV_WORD: Final = "5"
_NEAR: Final = 1.2
"""Gap between two words of one run at most, in heights of the letters; columns lie wider apart."""
_BIDI_MARKS: Final = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_UNSPACED: Final = re.compile("[\u0e00-\u0eff]")
"""Thai and Lao."""
_HANGUL: Final = re.compile("[\uac00-\ud7af]")
_CLOSE: Final = 0.35
"""Gap between two letters of one Korean word at most, in heights of the letters."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word as Tesseract cut it, and which of its lines it stands in."""

    line: TextRun
    place: tuple[str, str, str]


def read_other_script(result: PageResult, language: str) -> tuple[TextRun, ...] | None:
    """Read the page with Tesseract when the chat's script asks for it.

    What the bundled model read surely stays, it reads it better: figures, and Latin words unless the
    chat's own letters look like them. All other words are Tesseract's. It is given English beside
    a language of such letters only: with Arabic or Thai it takes half of the words for English.
    """
    code = TESSERACT.get(language)
    if code is None or code not in installed() or not _is_foreign(result):
        return None
    alike = language in SCRIPTS["cyrillic"]
    words = run_tesseract(result.pixels, f"{code}+eng" if alike and "eng" in installed() else code)
    if not words:
        return None
    kept = [
        line
        for line in result.page.lines
        if line.confidence > _SURE and (_is_figure(line) or (_is_latin(line) and not alike))
    ]
    usual = median(line.box.height for line in result.page.lines) if result.page.lines else 0.0
    rest = (word for word in words if not _stands_on(word.line, kept))
    return (*kept, *join_words(rest, usual))


def _is_foreign(result: PageResult) -> bool:
    """Say whether words stay unread, or none of those that are read calls anything a total.

    Some letters, Hebrew ones above all, are taken for Latin ones without any doubt.
    """
    if result.unread >= _UNREAD:
        return True
    return not any(find_labels(line.text) & {"total", "payable"} for line in result.page.lines)


def _is_figure(line: TextRun) -> bool:
    digits = sum(char.isdigit() for char in line.text)
    return digits > sum(char.isalpha() for char in line.text)


def _is_latin(line: TextRun) -> bool:
    letters = [char for char in line.text if char.isalpha()]
    return len(letters) >= _LATIN_MIN and all(char.isascii() for char in letters)


def find_missing(result: PageResult, language: str) -> tuple[str, ...]:
    """Name the script that stands on the page and that nobody here reads.

    It is the chat's own script where that is one of ours, else `other`.
    """
    code = TESSERACT.get(language)
    if code is None:
        return ("other",) if result.unread > 2 * _UNREAD else ()
    if code in installed() or not _is_foreign(result):
        return ()
    return tuple(script for script, languages in SCRIPTS.items() if language in languages)


def _stands_on(word: TextRun, lines: list[TextRun]) -> bool:
    """Say whether the middle of a word lies in a line, tilted as the line is."""
    x, y = word.box.centre
    for box in (line.box for line in lines):
        middle_x, middle_y = box.centre
        off = abs(y - middle_y - box.slope * (x - middle_x))
        if box.left < x < box.right and off < box.height / 2:
            return True
    return False


def run_tesseract(pixels: Pixels, languages: str) -> tuple[Word, ...]:
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
            # Its threads wait for each other by spinning: beside other work two took ten times as long.
            env={"PATH": os.environ.get("PATH", ""), "OMP_THREAD_LIMIT": "1"},
        )
    except (OSError, subprocess.SubprocessError):
        return ()
    return parse_words(done.stdout.decode("utf-8", "replace"))


def parse_words(table: str) -> tuple[Word, ...]:
    """Take the words that Tesseract is sure enough of from its table."""
    words = []
    for row in csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE):
        text = _BIDI_MARKS.sub("", row.get("text") or "").strip()
        if row.get("level") != _TSV_WORD or not text:
            continue
        confidence = float(row["conf"])
        if confidence < _WORD_CONFIDENCE_MIN:
            continue
        left, top = float(row["left"]), float(row["top"])
        box = Box.upright(left, top, left + float(row["width"]), top + float(row["height"]))
        place = row["block_num"], row["par_num"], row["line_num"]
        words.append(Word(TextRun(_in_ascii_digits(text), box, confidence / 100), place))
    return tuple(words)


def join_words(words: Iterable[Word], usual: float) -> tuple[TextRun, ...]:
    """Join neighbours of a line into runs, in the order in which Tesseract reads them.

    That order runs from right to left in Arabic and Hebrew; and of Thai, which writes words without
    blanks, Tesseract gives single letters. `usual` is the height of the page's lines: Tesseract's
    boxes are as low as their letters, and would hardly stand in one row with the figures beside.
    """
    runs: list[list[TextRun]] = []
    places: list[object] = []
    for word in words:
        if runs and places[-1] == word.place and _is_near(runs[-1], word.line):
            runs[-1].append(word.line)
        else:
            runs.append([word.line])
            places.append(word.place)
    return tuple(_run(run, usual) for run in runs)


def _is_near(run: list[TextRun], line: TextRun) -> bool:
    last = run[-1].box
    gap = max(line.box.left - last.right, last.left - line.box.right)
    height = max(part.box.height for part in (*run, line))
    return gap < _NEAR * height


def _run(run: list[TextRun], usual: float) -> TextRun:
    text = run[0].text
    for before, line in pairwise(run):
        text += line.text if _is_one_word(before, line) else f" {line.text}"
    boxes = [line.box for line in run]
    top, bottom = min(box.top for box in boxes), max(box.bottom for box in boxes)
    lacking = max(0.0, usual - (bottom - top)) / 2
    left, right = min(box.left for box in boxes), max(box.right for box in boxes)
    box = Box.upright(left, top - lacking, right, bottom + lacking)
    letters = sum(len(line.text) for line in run)
    return TextRun(text, box, sum(line.confidence * len(line.text) for line in run) / letters)


def _is_one_word(line: TextRun, other: TextRun) -> bool:
    """Say whether what Tesseract parted belongs together: in Thai always, in Korean when close."""
    last, first = line.text[-1], other.text[0]
    if _UNSPACED.match(last) and _UNSPACED.match(first):
        return True
    gap = other.box.left - line.box.right
    return bool(_HANGUL.match(last) and _HANGUL.match(first)) and gap < _CLOSE * line.box.height


def _in_ascii_digits(text: str) -> str:
    """Write the digits of any script as 0-9, and Arabic's marks for decimals and thousands alike."""
    plain = "".join(str(unicodedata.decimal(char, char)) for char in text)
    return plain.replace("٫", ".").replace("٬", ",")


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
