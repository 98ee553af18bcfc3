"""List languages in scripts that PP-OCRv6 lacks, and Tesseract's data for them.

Imports neither models nor numpy, so that the main process can tell which scripts are readable.
"""

from __future__ import annotations

import importlib.util
import os
from functools import cache
from pathlib import Path
from typing import Final

SCRIPTS: Final[dict[str, tuple[str, ...]]] = {
    "cyrillic": ("ru", "uk", "bg", "sr", "be", "mk", "kk"),
    "hangul": ("ko",),
    "thai": ("th",),
    "arabic": ("ar", "fa", "ur"),
    "hebrew": ("he",),
    "devanagari": ("hi", "mr", "ne"),
}
TESSERACT: Final[dict[str, tuple[str, ...]]] = {
    "ru": ("rus",),
    "uk": ("ukr", "rus"),
    "bg": ("bul", "rus"),
    "sr": ("srp", "rus"),
    "be": ("bel", "rus"),
    "mk": ("mkd", "srp", "rus"),
    "kk": ("kaz", "rus"),
    "ko": ("kor",),
    "th": ("tha",),
    "ar": ("ara",),
    "fa": ("fas", "ara"),
    "ur": ("urd", "ara"),
    "he": ("heb",),
    "hi": ("hin",),
    "mr": ("mar", "hin"),
    "ne": ("nep", "hin"),
}
"""Tesseract's codes by language, the best first; the next one has nearly the same letters."""
DISTINCT: Final = ("ru", "uk", "bg", "sr", "ko", "th", "ar", "fa", "he", "hi")
"""Languages whose data ship."""
SHIPPED: Final = Path(__file__).parent / "tessdata"
_SYSTEM_FOLDERS: Final = (
    "/usr/share/tesseract-ocr/5/tessdata",
    "/usr/share/tessdata",
    "/usr/local/share/tessdata",
    "/opt/homebrew/share/tessdata",
)


def find_code(language: str) -> str | None:
    """Return the installed Tesseract code that reads a language best; None if there is none."""
    return next((code for code in TESSERACT.get(language, ()) if is_installed(code)), None)


def list_unreadable_scripts() -> tuple[str, ...]:
    """Return the scripts of `SCRIPTS` that cannot be read on this machine."""
    return tuple(script for script, names in SCRIPTS.items() if not find_code(names[0]))


@cache
def is_installed(code: str) -> bool:
    """Return whether Tesseract and its data of a language are installed."""
    return importlib.util.find_spec("tesserocr") is not None and find_folder(code) is not None


def find_folder(code: str) -> Path | None:
    """Return the folder of a language's data, the shipped one before those of the system."""
    folders = (SHIPPED, os.environ.get("TESSDATA_PREFIX", ""), *_SYSTEM_FOLDERS)
    paths = (Path(folder) for folder in folders if folder)
    return next((path for path in paths if (path / f"{code}.traineddata").is_file()), None)
