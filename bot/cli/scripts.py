"""Describe the scripts of receipts that need Tesseract."""

from __future__ import annotations

import sys
from importlib.util import find_spec


def describe_missing_scripts() -> str | None:
    """Return how to add the scripts that the bundled model lacks; None where they are installed.

    Asks for the package only, because importing the reader would load its models into this process.
    """
    # Its language data ship with Kvitto; only systems without a wheel are left without it.
    if find_spec("tesserocr") is not None:
        return None
    return (
        "receipts in Cyrillic, Hangul, Thai, Arabic, Hebrew and Devanagari cannot be read here; "
        f"add Tesseract's headers (Debian: apt install libtesseract-dev libleptonica-dev), then "
        f"{sys.executable} -m pip install tesserocr"
    )
