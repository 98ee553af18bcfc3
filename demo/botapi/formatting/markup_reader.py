"""Hold state shared by the readers of HTML and Markdown."""

from __future__ import annotations

from dataclasses import dataclass, field

from demo.botapi.errors import ApiError, bad_request
from demo.botapi.formatting.utf16 import utf16_length
from demo.botapi.world import JsonObject


@dataclass(slots=True)
class MarkupReader:
    """Position in a markup, with the text and entities so far; `length` is in UTF-16 units."""

    markup: str
    position: int = 0
    pieces: list[str] = field(default_factory=list)
    length: int = 0
    entities: list[JsonObject] = field(default_factory=list)

    def fail(self, reason: str, at: int | None = None, more: str = "") -> ApiError:
        """Build the refusal; `at` is a place in the markup, which td names in bytes of UTF-8."""
        where = "" if at is None else f" at byte offset {len(self.markup[:at].encode())}"
        return bad_request(f"can't parse entities: {reason}{where}{more}")

    def add_text(self, text: str) -> None:
        """Append plain text."""
        self.pieces.append(text)
        self.length += utf16_length(text)
