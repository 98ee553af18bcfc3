"""Declare the job and the event of phrasing insights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ports.jobs.storing import MessageKey


@dataclass(frozen=True, slots=True)
class PhraseInsights:
    """Ask a language model to phrase insights by the chat's instruction."""

    kind: ClassVar[str] = "phrase"
    message_key: MessageKey
    """The message that says them, which the result replaces."""
    facts: str
    instruction: str
    language: str
    shown: tuple[tuple[str, str], ...]
    """Kind and object of each insight."""
    pushed: bool = False


@dataclass(frozen=True, slots=True)
class InsightsPhrased:
    """The text of a language model about facts, not yet compared with them."""

    name: ClassVar[str] = "phrased"
    message_key: MessageKey
    facts: str
    text: str
    shown: tuple[tuple[str, str], ...]
    pushed: bool = False
