"""Build Telegram HTML that is safe, because any text that is not `Html` is escaped.

Lengths are UTF-16 units, as Telegram counts them, of what a person sees (tags do not count).
Limits are the Bot API's: 4096 for a text, 1024 for a caption, 200 for a toast.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

TEXT_MAX = 4096
CAPTION_MAX = 1024
TOAST_MAX = 200
LABEL_MAX = 36
"""Longest label of a button that a narrow phone still shows in one row of its own."""
NOTE_MAX = 160
"""Longest user text shown inside a message; the ledger keeps it whole."""

_TAG = re.compile(r"<[^>]*>")
_SPACES = re.compile(r"\s+")
_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
# Embeddings, overrides and isolates would reorder the text around a note; surrogates cannot be
# sent; other control characters are dropped by Telegram or shown as boxes.
_UNSAFE = re.compile(
    "[\u0000-\u0008\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]"
)
_JOINERS = "\u200d\ufe0e\ufe0f"
_ISOLATE, _END_ISOLATE = "\u2068", "\u2069"


class Html(str):
    """Text that is Telegram HTML already."""

    __slots__ = ()


EMPTY = Html("")


def escape(text: str) -> Html:
    """Turn any text into HTML that shows it; `Html` passes as it is."""
    if isinstance(text, Html):
        return text
    return Html(text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))


def visible(html: str) -> str:
    """Return the visible text of Telegram HTML."""
    # Most texts hold no markup, and a substitution costs more than two searches.
    if "<" not in html and "&" not in html:
        return str(html)
    # `&amp;` is undone last; `&amp;lt;` must become `&lt;`, not `<`.
    bare = _TAG.sub("", html)
    return (
        bare.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")
    )


def units(text: str) -> int:
    """Count UTF-16 units."""
    if text.isascii():
        return len(text)
    # Telegram counts UTF-16, where characters beyond U+FFFF have two units.
    return len(text) + sum(1 for character in text if character > "\uffff")


def seen_units(html: str) -> int:
    """Count the UTF-16 units of HTML that Telegram counts against its limits."""
    return units(visible(html))


def clean(text: str) -> str:
    """Put foreign text on one line, without characters that reorder or break the text around it."""
    return _SPACES.sub(" ", _UNSAFE.sub("", text)).strip()


def shorten(text: str, units_max: int) -> str:
    """Cut text to a length, ending it with … and never inside a character or an emoji sequence."""
    # A character is at most two units, so most texts need no counting.
    if 2 * len(text) <= units_max or units(text) <= units_max:
        return text
    room = units_max - 1
    end = used = 0
    for character in text:
        used += 2 if character > "\uffff" else 1
        if used > room:
            break
        end += 1
    # A cut before a joiner, a skin tone or an accent would leave half of an emoji or a letter.
    while end and (_continues(text[end]) or text[end - 1] == "\u200d"):
        end -= 1
    return text[:end].rstrip() + "…"


def _continues(character: str) -> bool:
    """Return whether a character belongs to the one before it."""
    return (
        character in _JOINERS
        or bool(unicodedata.combining(character))
        or "\U0001f3fb" <= character <= "\U0001f3ff"
    )


def isolate(text: str) -> str:
    """Keep right-to-left text from reordering its neighbours; other text passes as it is."""
    return f"{_ISOLATE}{text}{_END_ISOLATE}" if _RIGHT_TO_LEFT.search(text) else text


def foreign(text: str, units_max: int = NOTE_MAX) -> str:
    """Make foreign text (a note, a name) fit for a line of the bot; not escaped yet."""
    return isolate(shorten(clean(text), units_max))


def rows(*parts: str) -> Html:
    """Put parts below each other; empty ones leave no line."""
    return Html("\n".join(escape(part) for part in parts if part))


def blocks(*parts: str) -> Html:
    """Put parts below each other with a blank line between; empty ones leave no gap."""
    return Html("\n\n".join(escape(part) for part in parts if part))


def dotted(*parts: str) -> Html:
    """Join parts by middle dots; empty ones leave no dot."""
    return Html(" · ".join(escape(part) for part in parts if part))


def fitting(lines: Sequence[Html], units_max: int) -> int:
    """Return how many lines from the first on fit below each other into so many units."""
    used = 0
    for count, line in enumerate(lines):
        # One unit for the line break.
        used += seen_units(line) + 1
        if used > units_max + 1:
            return count
    return len(lines)


def bold(text: str) -> Html:
    """Set text in bold."""
    return Html(f"<b>{escape(text)}</b>")
