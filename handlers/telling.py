"""Saying what a service answered: one place that knows which view shows which answer."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.voice import Voice
from ledger.budget import Alert
from looks import views
from ports.answers import (
    Asked,
    Booked,
    Captured,
    Corrected,
    Deleted,
    Nothing,
    ReceiptRefused,
    Reversed,
    WhichCategory,
    WhichEntry,
)
from ports.messages import Subject
from services.refiling import refiling

Told = (
    Captured
    | Corrected
    | Deleted
    | Nothing
    | ReceiptRefused
    | Reversed
    | WhichCategory
    | WhichEntry
)


def tell(voice: Voice, answer: Told, *, edits: str | None = None) -> None:
    """Say an answer, in the place of the message `edits` where one is given."""
    match answer:
        case Captured():
            _captured(voice, answer, edits)
        case Corrected():
            _corrected(voice, answer, edits)
        case Deleted(entry=entry):
            subject = Subject((entry.id,))
            reply = views.deleted(answer, voice.t)
            voice.say(reply, subject=subject, edits=edits, owner_id=entry.paid_by)
        case Reversed(alerts=alerts):
            voice.say(views.reversed_act(answer, voice.t, today=voice.today))
            tell_alerts(voice, alerts)
        case WhichCategory(booked=booked, categories=ids):
            today, payers = voice.today, voice.payers
            reply = views.category_choice(booked, ids, voice.t, today=today, payers=payers)
            subject, owner_id = subject_of([booked]), booked.entry.paid_by
            voice.say(reply, subject=subject, edits=edits, owner_id=owner_id)
        case WhichEntry():
            voice.say(views.which_entry(answer, voice.t))
        case ReceiptRefused(question_id=question_id):
            reply = views.receipt_refused(answer, voice.t)
            voice.say(reply, subject=Subject(question_id=question_id), edits=edits)
        case Nothing():
            voice.say(views.nothing(answer, voice.t))


def _corrected(voice: Voice, answer: Corrected, edits: str | None) -> None:
    reply = views.corrected(answer, voice.t, today=voice.today, payers=voice.payers)
    subject, owner_id = subject_of([answer.booked]), answer.booked.entry.paid_by
    voice.say(reply, subject=subject, edits=edits, owner_id=owner_id)
    if answer.before:
        # Struck through rather than brought up to date: that stays true whatever comes.
        for handle in answer.superseded:
            voice.say(views.gone([answer.before], voice.t), edits=handle)
    tell_alerts(voice, answer.alerts)


def _captured(voice: Voice, answer: Captured, edits: str | None) -> None:
    if answer.left_out:
        voice.say(views.never_mind(voice.t), edits=edits)
        return
    reply = None
    if answer.booked or not any(one.kind == "record_anyway" for one in answer.asked):
        # A question that offers to record it anyway says itself that nothing was booked.
        reply = views.captured(answer, voice.t, today=voice.today, payers=voice.payers)
    heard = answer.heard
    if reply is not None:
        reply, heard = views.with_heard(reply, heard, voice.t), ""
        voice.say(reply, subject=subject_of(answer.booked), edits=edits)
        edits = None
        refile(voice, answer)
    for asked in answer.asked:
        tell_asked(voice, asked, edits=edits, heard=heard)
        edits, heard = None, ""
    tell_alerts(voice, answer.alerts)


def refile(voice: Voice, answer: Captured) -> None:
    """Have doubtful categories looked at again, where the chat allows it."""
    if voice.outside.words_of(voice.chat.settings):
        whole = not (answer.refused or answer.heard)
        job = refiling(voice.chat, answer.booked, f"{voice.key}:{voice.said}", whole=whole)
        if job:
            voice.unit.start(job)


def tell_asked(voice: Voice, asked: Asked, *, edits: str | None = None, heard: str = "") -> None:
    """Ask a question; replies to its message find it again. `heard`: what a voice note said."""
    subject = Subject(question_id=asked.question_id, receipt_id=asked.receipt_id)
    reply = views.with_heard(views.asked(asked, voice.t, today=voice.today), heard, voice.t)
    voice.say(reply, subject=subject, edits=edits)


def tell_alerts(voice: Voice, alerts: Sequence[Alert]) -> None:
    """Push the budgets that crossed a line, all in one message."""
    if alerts:
        voice.say(views.alert(alerts, voice.t), kind="push")


def subject_of(booked: Sequence[Booked]) -> Subject:
    """Return what a confirmation is about."""
    receipt_ids = {one.entry.receipt_id for one in booked}
    return Subject(
        entry_ids=tuple(one.entry.id for one in booked),
        receipt_id=receipt_ids.pop() if len(receipt_ids) == 1 else None,
    )
