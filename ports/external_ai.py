"""The sockets for words that are read outside: filed, understood, heard.

All three are asked from jobs, after a person was answered: they may be slow, wrong or away. A plug
raises nothing but `ledger.errors.UnavailableError`, sends no more than what its arguments hold, and
neither names, ids nor amounts of anybody's ledger are among them. `chat_id` is for counting what a
call costs; it is never sent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, Protocol

LINES_MAX = 40
"""Lines that are filed in one call."""
VOICE_SECONDS_MAX = 120
VOICE_BYTES_MAX = 4 << 20


@dataclass(frozen=True, slots=True)
class Line:
    """What is known of an entry that needs a category: its note, who sold."""

    note: str
    merchant: str = ""


@dataclass(frozen=True, slots=True)
class ExtractedEntry:
    """One entry that a model takes words to mean; nothing of it is believed unasked."""

    type: Literal["expense", "income"]
    amount: Decimal
    note: str
    currency: str | None = None
    on: date | None = None


class LineCategoriser(Protocol):
    """Files lines under a chat's own categories."""

    async def file(
        self, lines: Sequence[Line], categories: Mapping[str, str], *, language: str, chat_id: int
    ) -> list[str | None]:
        """Return a category id of `categories` (id -> name) per line, None where unsure.

        At most `LINES_MAX` lines.
        """


class TextExtractor(Protocol):
    """Reads what the grammar could not."""

    async def read(
        self, text: str, *, today: date, currency: str, language: str, chat_id: int
    ) -> tuple[ExtractedEntry, ...]:
        """Return the entries that a text seems to mean; none is an answer as well."""


class SpeechToText(Protocol):
    """Hears voice notes."""

    async def transcribe(self, voice: bytes, *, seconds: float, chat_id: int) -> str:
        """Return the words of a recording (OGG with Opus, as Telegram keeps voice notes)."""
