"""Mask card and account numbers in text before it leaves the machine."""

from __future__ import annotations

import re
from typing import Final

_CARD: Final = re.compile(
    r"(?<![\d.,])(?:\d{4}[ -]\d{6}[ -]\d{5}|(?:[\dXx*•]{4}[ .-]?){2,7}[\dXx*•]{1,6})(?!\d)"
)
"""Groups of four characters, some possibly masked already, or American Express's grouping."""
_LENGTH_MIN: Final = 12


def mask_cards(text: str) -> str:
    """Replace apparent card and account numbers by `****` and their last digits."""

    def masked(match: re.Match[str]) -> str:
        digits = re.sub(r"[ .-]", "", match.group())
        return f"****{digits[-4:]}" if len(digits) >= _LENGTH_MIN else match.group()

    return _CARD.sub(masked, text)
