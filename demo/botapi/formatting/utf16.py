"""Count text lengths in UTF-16 code units, as Telegram counts them; an emoji has two."""

from __future__ import annotations


def utf16_length(text: str) -> int:
    """Return the length in UTF-16 code units."""
    if text.isascii():
        return len(text)
    return len(text) + sum(character > "\uffff" for character in text)


def well_formed(text: str) -> str:
    """Replace half a surrogate pair by U+FFFD; JSON can hold one, UTF-8 cannot."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
