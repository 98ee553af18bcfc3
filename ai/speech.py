"""Transcribe voice notes by the language server."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ai.language.client import LanguageModel

SECONDS_MAX: Final = 7.0
"""Bound on one transcription; a voice note is answered within ten seconds, and downloading, booking
and sending take up to three of them on a busy machine."""
WORDS_MAX: Final = 1000


@dataclass(frozen=True, slots=True)
class OpenAiSpeechToText:
    """A plug of `ports.external_ai.SpeechToText`."""

    model: LanguageModel

    async def transcribe(self, voice: bytes, *, seconds: float, chat_id: int) -> str:
        """Transcribe a recording."""
        words = await self.model.transcribe(
            voice, name="voice.ogg", voice_seconds=seconds, chat_id=chat_id, seconds=SECONDS_MAX
        )
        return " ".join(words.split())[:WORDS_MAX]
