"""Voice notes: announced at once, heard by a job, then taken like typed words."""

from __future__ import annotations

from datetime import timedelta

from telegram import Update

from handlers.context import Context
from ports.external_ai import VOICE_BYTES_MAX, VOICE_SECONDS_MAX
from presentation import views
from replies.message_keys import voice_key
from services.texts.voice_notes import VoiceNote, transcribe_voice


async def voice_note(update: Update, context: Context) -> None:
    """Let a job hear a voice note; in a group only one that answers the bot."""
    note = context.message.voice
    assert note is not None
    written = await context.run(lambda scope: context.incoming(scope, ""))
    responder = context.responder
    if responder.chat.kind == "group" and not written.addressed:
        return
    length = note.duration
    seconds = int(length.total_seconds() if isinstance(length, timedelta) else length)
    settings = responder.chat.settings
    if not responder.ai_policy.may_transcribe(settings):
        responder.reply(views.no_ears(responder.t, local_only=settings.local_only))
    elif seconds > VOICE_SECONDS_MAX or (note.file_size or 0) > VOICE_BYTES_MAX:
        responder.reply(views.not_heard("too_long", responder.t))
    else:
        message_key = voice_key(context.update_scope.key)
        responder.reply(views.listening(responder.t), message_key=message_key)
        voice = VoiceNote(note.file_id, seconds, note.file_size or 0)
        responder.unit.start(
            transcribe_voice(responder.chat, context.person.id, written, voice, message_key)
        )
