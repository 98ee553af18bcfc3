"""Announce voice notes at once; a job transcribes them for taking like typed texts."""

from __future__ import annotations

import os
from datetime import timedelta

from telegram import Update, Voice

from handlers.context import Context
from replies.announcing import announce_voice
from services.texts.voice_notes import VoiceNote

# The framework's coming type of durations; it warns at every note until somebody asks for it.
os.environ.setdefault("PTB_TIMEDELTA", "true")


async def voice_note(update: Update, context: Context) -> None:
    """Let a job transcribe a voice note; in a group only one that replies to the bot."""
    voice = context.message.voice
    assert voice is not None
    await context.enter()
    incoming = context.incoming("")
    if context.responder.chat.kind == "private" or incoming.addressed:
        announce_voice(context.responder, incoming, _note(voice))


def _note(voice: Voice) -> VoiceNote:
    length = voice.duration
    assert isinstance(length, timedelta)
    return VoiceNote(voice.file_id, int(length.total_seconds()), voice.file_size or 0)
