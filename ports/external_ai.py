"""Declare the sockets of models outside this machine: categories, texts, questions, voices, insights.

All of them are asked by jobs, after the user was answered, so they may be slow, wrong or down. A plug
raises nothing but `ledger.errors.UnavailableError` and sends no more than its arguments hold; people's
names, ids, entries and amounts of a ledger are never among them, apart from the facts of
`InsightPhraser`, which a chat asks for by an instruction of its own. `chat_id` is for counting the
cost of a call and is never sent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal, Protocol

LINES_MAX = 40
"""Lines of one call."""
VOICE_SECONDS_MAX = 120
VOICE_BYTES_MAX = 4 << 20


@dataclass(frozen=True, slots=True)
class Line:
    """Note and merchant of an entry that needs a category."""

    note: str
    merchant: str = ""


@dataclass(frozen=True, slots=True)
class ExtractedEntry:
    """One entry that a model extracted; it is booked only after a person confirms it."""

    type: Literal["expense", "income"]
    amount: Decimal
    note: str
    currency: str | None = None
    on: date | None = None


class LineCategoriser(Protocol):
    """Chooses among a chat's own categories."""

    async def categorise(
        self, lines: Sequence[Line], categories: Mapping[str, str], *, language: str, chat_id: int
    ) -> list[str | None]:
        """Return a category id of `categories` (id -> name) per line, None where unsure.

        At most `LINES_MAX` lines.
        """


class TextExtractor(Protocol):
    """Reads texts that the grammar could not."""

    async def read(
        self, text: str, *, today: date, currency: str, language: str, chat_id: int
    ) -> tuple[ExtractedEntry, ...]:
        """Return the entries that a text seems to mean, which may be none."""


@dataclass(frozen=True, slots=True)
class AskableNames:
    """The names of a chat that a question may mean, apart from those of people."""

    categories: tuple[str, ...] = ()
    """Ids of categories and groups."""
    merchants: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


class QuestionReader(Protocol):
    """Reads questions that the grammar could not."""

    async def read_question(
        self, text: str, *, today: date, language: str, names: AskableNames, chat_id: int
    ) -> Mapping[str, Any] | None:
        """Return the fields of a query (`ledger.inquiries.wire`), None where nothing is asked."""


class SpeechToText(Protocol):
    """Transcribes voice notes."""

    async def transcribe(self, voice: bytes, *, seconds: float, chat_id: int) -> str:
        """Return the transcript of a recording (OGG with Opus, as Telegram keeps voice notes)."""


class InsightPhraser(Protocol):
    """Phrases facts about a ledger."""

    async def phrase(self, facts: str, instruction: str, *, language: str, chat_id: int) -> str:
        """Return the facts in words that follow an instruction; the caller checks its numbers."""
