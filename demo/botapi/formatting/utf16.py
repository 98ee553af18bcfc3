"""Telegram counts text in UTF-16 code units: an emoji is two."""

from __future__ import annotations


def utf16_length(text: str) -> int:
    """Length in UTF-16 code units."""
    if text.isascii():
        return len(text)
    return len(text) + sum(character > "\uffff" for character in text)


def well_formed(text: str) -> str:
    """Put U+FFFD in the place of half a character: JSON from a page can hold one, UTF-8 cannot."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
