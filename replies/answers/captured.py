"""Confirm what a message or a receipt booked, and ask what it left open."""

from __future__ import annotations

from collections.abc import Sequence

from ports.answers import Captured, ReceiptRefused
from ports.messages import Subject
from presentation import views
from replies.alerts import respond_alerts
from replies.answers.questions import respond_asked
from replies.entries import subject_of
from replies.responder import ChatResponder
from services.categories.recategorising import ask_for_categories
from services.forget import delete_files


def respond_captured(responder: ChatResponder, answer: Captured, edits: str | None) -> None:
    """Confirm what was booked, close the questions that it answers, and ask those that it leaves."""
    _close_questions(responder, answer, edits)
    _delete_files(responder, answer.discarded)
    if answer.left_out:
        responder.reply(views.never_mind(responder.t), edits=edits)
        return
    reply = None
    if answer.booked or not any(one.kind == "record_anyway" for one in answer.asked):
        # A question that offers to record it anyway says itself that nothing was booked.
        reply = views.captured(answer, responder.t, today=responder.today, payers=responder.payers)
    transcript = answer.transcript
    if reply is not None:
        reply, transcript = views.with_transcript(reply, transcript, responder.t), ""
        responder.reply(reply, subject=subject_of(answer.booked), edits=edits)
        edits = None
        _recategorise(responder, answer)
    for asked in answer.asked:
        respond_asked(responder, asked, edits=edits, transcript=transcript)
        edits, transcript = None, ""
    respond_alerts(responder, answer.alerts)


def respond_refused(responder: ChatResponder, answer: ReceiptRefused, edits: str | None) -> None:
    """Say why a receipt is not read, and delete its files."""
    reply = views.receipt_refused(answer, responder.t)
    responder.reply(reply, subject=Subject(question_id=answer.question_id), edits=edits)
    _delete_files(responder, answer.discarded)


def _close_questions(responder: ChatResponder, answer: Captured, edits: str | None) -> None:
    """Take the buttons from every message that asked what is answered now."""
    for message_key in answer.settled:
        if message_key != edits:
            responder.reply(views.answered(answer, responder.t), edits=message_key)


def _delete_files(responder: ChatResponder, keys: Sequence[str]) -> None:
    if keys:
        responder.unit.start(delete_files(keys, f"{responder.key}:files"))


def _recategorise(responder: ChatResponder, answer: Captured) -> None:
    """Start the job that asks a model about doubtful categories, where the chat allows it."""
    if responder.ai_policy.may_ask_about_texts(responder.chat.settings):
        whole = not (answer.refused or answer.transcript)
        job = ask_for_categories(responder.chat, answer.booked, responder.last_key, whole=whole)
        if job:
            responder.unit.start(job)
