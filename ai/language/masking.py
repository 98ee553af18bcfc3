"""Taking the numbers of cards and accounts out of words before they leave the machine."""

from __future__ import annotations

import re
from typing import Final

_CARD: Final = re.compile(
    r"(?<![\d.,])(?:\d{4}[ -]\d{6}[ -]\d{5}|(?:[\dXx*•]{4}[ .-]?){2,7}[\dXx*•]{1,6})(?!\d)"
)
"""Groups of four signs, some of which may be blacked out, or the grouping of American Express."""
_LENGTH_MIN: Final = 12


def mask_cards(text: str) -> str:
    """Replace what looks like the number of a card or account by `****` and its last digits."""

    def masked(match: re.Match[str]) -> str:
        digits = re.sub(r"[ .-]", "", match.group())
        return f"****{digits[-4:]}" if len(digits) >= _LENGTH_MIN else match.group()

    return _CARD.sub(masked, text)
