"""Voice notes: fetched and heard by a job, then taken like typed words, said to whom they came from.

The recording is kept nowhere; what was heard is shown with the answer, so that a wrong word is seen.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from ledger.chats import Chat
from ledger.errors import InputError, UnavailableError
from ports.external_ai import VOICE_BYTES_MAX, SpeechToText
from ports.files import Files
from ports.messages import Json
from ports.queue import Job, NewJob
from services.texts.incoming_text import IncomingText

KIND = "voice"


def hearing(
    chat: Chat,
    user_id: int,
    written: IncomingText,
    file_id: str,
    seconds: int,
    key: str,
    handle: str | None,
) -> NewJob:
    """Return the job that hears a voice note; `handle` is the message that says so meanwhile."""
    values: dict[str, Json] = {
        "file_id": file_id,
        "seconds": seconds,
        "user_id": user_id,
        "source": written.source,
        "sent_at": written.sent_at.isoformat(),
        "handle": handle,
    }
    return NewJob(f"{KIND}:{key}", KIND, values, partition=chat.chat_id)


@dataclass(frozen=True, slots=True)
class VoiceJob:
    """Fetches and hears."""

    files: Files
    ears: SpeechToText

    async def run(self, job: Job) -> str:
        """Return the event with the words, or with why there are none.

        Raises:
            UnavailableError: Telegram did not hand the recording over; trying again is right.
        """
        assert job.partition is not None
        seconds = job.values["seconds"]
        assert isinstance(seconds, int)
        try:
            voice = await self.files.fetch(str(job.values["file_id"]))
        except InputError:
            return _event(job, why="gone")
        if len(voice) > VOICE_BYTES_MAX:
            return _event(job, why="too_long")
        try:
            words = await self.ears.transcribe(voice, seconds=seconds, chat_id=job.partition)
        except UnavailableError:
            return _event(job, why="failed")
        return _event(job, words=words, why="" if words else "silent")


def _event(job: Job, *, words: str = "", why: str) -> str:
    event = {"event": "voice_heard", **job.values, "words": words, "why": why}
    return json.dumps(event, ensure_ascii=False)
