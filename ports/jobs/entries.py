"""Declare the jobs and events that read again what was booked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from ports.external_ai import ExtractedEntry
from ports.jobs.storing import MessageKey


@dataclass(frozen=True, slots=True)
class FollowEntries:
    """Have the messages edited that confirm entries, after a schedule changed the entries.

    Only the partition of a chat edits its cards, so the job just leaves its event there.
    """

    kind: ClassVar[str] = "follow_entries"
    entry_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EntriesChanged:
    """Entries that changed while nobody wrote, the newest first."""

    name: ClassVar[str] = "entries_changed"
    entry_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DoubtfulCategory:
    """An entry whose category is a guess."""

    id: str
    category: str
    alternatives: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Recategorise:
    """Ask a language model for better categories."""

    kind: ClassVar[str] = "refile"
    ledger_id: int
    entries: tuple[DoubtfulCategory, ...]
    shown: tuple[str, ...] = ()
    """Ids of all entries that the confirmation shows; empty when it must not be edited."""


@dataclass(frozen=True, slots=True)
class Recategorised:
    """The categories that a language model chose, by entry id."""

    name: ClassVar[str] = "refiled"
    ledger_id: int
    entries: tuple[DoubtfulCategory, ...]
    categories: dict[str, str]
    shown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RereadText:
    """Ask a language model to extract entries from a refused text."""

    kind: ClassVar[str] = "words"
    text: str
    user_id: int
    source: str
    sent_at: datetime
    message_key: MessageKey
    """The refusal, which a question may replace."""


@dataclass(frozen=True, slots=True)
class TextReread:
    """The entries that a language model extracted from a refused text."""

    name: ClassVar[str] = "words_read"
    user_id: int
    source: str
    sent_at: datetime
    message_key: MessageKey
    entries: tuple[ExtractedEntry, ...]


@dataclass(frozen=True, slots=True)
class ReadQuestion:
    """Ask a language model to read a question that the grammar could not."""

    kind: ClassVar[str] = "question"
    text: str
    user_id: int
    source: str
    sent_at: datetime
    message_key: MessageKey
    """The answer that it was not understood, which the figures may replace."""


@dataclass(frozen=True, slots=True)
class QuestionRead:
    """The query that a language model read in a question."""

    name: ClassVar[str] = "question_read"
    user_id: int
    source: str
    message_key: MessageKey
    query: dict[str, Any]
    """The fields of `ledger.inquiries.wire`."""
