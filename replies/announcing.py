"""Announce what a job will tell later, and start the job."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from ledger.entries.filter_fields import filter_fields
from ports.answers import Captured
from ports.external_ai import VOICE_BYTES_MAX, VOICE_SECONDS_MAX
from ports.jobs import ReadReceipt, WriteExport, new_job
from ports.messages import Subject
from presentation import views
from replies.message_keys import receipt_key, voice_key
from replies.responder import ChatResponder
from services.exporting.request import ExportRequest, UnknownFormat
from services.inquiries.rereading import reread_question
from services.receipts.pacing import PlannedReceipt
from services.texts.incoming_text import IncomingText
from services.texts.text_rereading import reread_text
from services.texts.voice_notes import VoiceNote, transcribe_voice


def announce_receipt(
    responder: ChatResponder, planned: PlannedReceipt, caption: IncomingText
) -> None:
    """Start reading a receipt when it is planned, and say so in a private chat."""
    receipt = planned.receipt
    job = ReadReceipt(receipt.ledger_id, receipt.id, caption.addressed)
    started = new_job(job, receipt.id, responder.chat.chat_id)
    responder.unit.start(replace(started, due_at=planned.read_at))
    if responder.chat.kind == "private":
        # In a group most pictures are not receipts, so only the result is sent there.
        subject, message_key = Subject(receipt_id=receipt.id), receipt_key(receipt.id)
        minutes = _minutes_until(planned.read_at, responder.now)
        reading = views.reading(responder.t, minutes=minutes)
        responder.reply(reading, message_key=message_key, subject=subject)


def _minutes_until(moment: datetime | None, now: datetime) -> int:
    """Return the minutes to wait, rounded; 0 where it is hardly one."""
    return round((moment - now) / timedelta(minutes=1)) if moment else 0


def refuse_large_file(responder: ChatResponder, caption: IncomingText) -> None:
    """Say that Telegram hands files of this size to no bot; in a group only if it was for us."""
    if caption.addressed or responder.chat.kind == "private":
        responder.reply(views.file_too_big(responder.t))


def announce_voice(responder: ChatResponder, incoming: IncomingText, note: VoiceNote) -> None:
    """Start transcribing a voice note and say so, or say why it is not done."""
    settings = responder.chat.settings
    if not responder.ai_policy.may_transcribe(settings):
        responder.reply(views.no_transcription(responder.t, local_only=settings.local_only))
        return
    if note.seconds > VOICE_SECONDS_MAX or note.size_bytes > VOICE_BYTES_MAX:
        responder.reply(views.not_transcribed("too_long", responder.t))
        return
    assert responder.user_id is not None
    message_key = voice_key(responder.key)
    responder.reply(views.listening(responder.t), message_key=message_key)
    job = transcribe_voice(responder.chat, responder.user_id, incoming, note, message_key)
    responder.unit.start(job)


def start_export(responder: ChatResponder, request: ExportRequest | UnknownFormat) -> None:
    """Start writing a file of the ledger, which is itself the answer; or offer the formats."""
    if isinstance(request, UnknownFormat):
        responder.reply(views.export_formats(request.words, responder.t))
        return
    job = WriteExport(responder.chat.ledger.id, request.format, which=filter_fields(request.which))
    responder.unit.start(new_job(job, responder.key, responder.chat.chat_id))


def start_rereading(responder: ChatResponder, incoming: IncomingText, answer: object) -> None:
    """Have a refused text or question read by a model, where the chat allows it and it may help."""
    allowed = responder.ai_policy.may_ask_about_texts(responder.chat.settings)
    if not (allowed and responder.user_id):
        return
    who = responder.chat, responder.user_id
    job = reread_question(*who, incoming, answer, responder.last_key)
    if job is None and isinstance(answer, Captured):
        job = reread_text(*who, incoming, answer, responder.last_key)
    if job:
        responder.unit.start(job)
