"""Voice notes: announced at once, heard by a job, then taken like typed words."""

from __future__ import annotations

from datetime import timedelta

from telegram import Update

from handlers.context import Context
from looks import views
from ports.outside import VOICE_BYTES_MAX, VOICE_SECONDS_MAX
from services.hearing import hearing


async def voice_note(update: Update, context: Context) -> None:
    """Let a job hear a voice note; in a group only one that answers the bot."""
    note = context.message.voice
    assert note is not None
    written = await context.run(lambda books, chat: context.written(chat, ""))
    voice = context.voice
    if voice.chat.kind == "group" and not written.addressed:
        return
    length = note.duration
    seconds = int(length.total_seconds() if isinstance(length, timedelta) else length)
    settings = voice.chat.settings
    if not voice.outside.ears_for(settings):
        voice.say(views.no_ears(voice.t, local_only=settings.local_only))
    elif seconds > VOICE_SECONDS_MAX or (note.file_size or 0) > VOICE_BYTES_MAX:
        voice.say(views.not_heard("too_long", voice.t))
    else:
        key = context.sitting.key
        handle = f"voice:{key}"
        voice.say(views.listening(voice.t), handle=handle)
        voice.unit.start(hearing(written, note.file_id, seconds, key, handle))
