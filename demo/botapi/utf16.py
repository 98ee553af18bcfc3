"""Telegram counts text in UTF-16 code units: an emoji is two."""

from __future__ import annotations


def utf16_length(text: str) -> int:
    """Length in UTF-16 code units."""
    if text.isascii():
        return len(text)
    return len(text) + sum(character > "\uffff" for character in text)
