"""Transcribe voice notes by a job; the transcript is then taken like a typed text.

The recording is kept nowhere. The transcript is shown with the answer, so that a wrong word is seen.
"""

from __future__ import annotations

from dataclasses import dataclass

from ledger.chats import Chat
from ledger.errors import InputError, UnavailableError
from ports.external_ai import VOICE_BYTES_MAX, SpeechToText
from ports.files import Files
from ports.jobs import TranscribeVoice, VoiceTranscribed, new_job
from ports.queue import Job, NewJob
from services.texts.incoming_text import IncomingText


@dataclass(frozen=True, slots=True)
class VoiceNote:
    """A recording as Telegram announces it."""

    file_id: str
    seconds: int
    size_bytes: int


def transcribe_voice(
    chat: Chat, user_id: int, incoming: IncomingText, note: VoiceNote, message_key: str
) -> NewJob:
    """Return the job that transcribes a voice note; its result replaces the message of this key."""
    job = TranscribeVoice(
        note.file_id, note.seconds, user_id, incoming.source, incoming.sent_at, message_key
    )
    return new_job(job, message_key, chat.chat_id)


@dataclass(frozen=True, slots=True)
class VoiceTranscriber:
    """Fetches and transcribes voice notes."""

    files: Files
    speech: SpeechToText

    async def run(self, job: TranscribeVoice, claim: Job) -> VoiceTranscribed:
        """Return the event with the transcript, or with the reason why there is none.

        Raises:
            UnavailableError: Telegram did not hand the recording over; trying again is right.
        """
        assert claim.partition is not None
        try:
            voice = await self.files.fetch(job.file_id)
        except InputError:
            return _event(job, reason="gone")
        # Telegram's announced size is optional and not binding, so the bytes are counted.
        if len(voice) > VOICE_BYTES_MAX:
            return _event(job, reason="too_long")
        try:
            text = await self.speech.transcribe(voice, seconds=job.seconds, chat_id=claim.partition)
        except UnavailableError:
            # Not raised: a person waits for the answer, and typing is quicker than a retry.
            return _event(job, reason="failed")
        return _event(job, text=text, reason="" if text else "silent")


def _event(job: TranscribeVoice, *, text: str = "", reason: str) -> VoiceTranscribed:
    return VoiceTranscribed(job.user_id, job.source, job.sent_at, job.message_key, text, reason)
