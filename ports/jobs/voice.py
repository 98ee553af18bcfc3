"""Declare the jobs and events of voice messages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, ClassVar

from ports.jobs.storing import OptionalMessageKey
from ports.stored_values import FormerName


@dataclass(frozen=True, slots=True)
class TranscribeVoice:
    """Transcribe a voice note."""

    kind: ClassVar[str] = "voice"
    file_id: str
    seconds: int
    user_id: int
    source: str
    sent_at: datetime
    message_key: OptionalMessageKey = None
    """The message that announces the job, which the result replaces."""


@dataclass(frozen=True, slots=True)
class VoiceTranscribed:
    """The transcript of a voice note, or the reason why there is none.

    `reason` is empty, or one of `gone`, `too_long`, `failed`, `silent`.
    """

    name: ClassVar[str] = "voice_heard"
    user_id: int
    source: str
    sent_at: datetime
    message_key: OptionalMessageKey = None
    text: Annotated[str, FormerName("words")] = ""
    reason: Annotated[str, FormerName("why")] = ""


@dataclass(frozen=True, slots=True)
class VoiceFailed:
    """The notice that a voice note was given up after all tries."""

    name: ClassVar[str] = "voice_failed"
    user_id: int
    source: str
    sent_at: datetime
    message_key: OptionalMessageKey = None

    @classmethod
    def of(cls, job: TranscribeVoice, reference: str) -> VoiceFailed:
        """Return the event of a job that was given up; the answer names no reference."""
        _ = reference
        return cls(job.user_id, job.source, job.sent_at, job.message_key)
