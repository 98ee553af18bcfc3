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
    WhichEntry,
)
from ports.messages import Subject

Told = Captured | Corrected | Deleted | Nothing | ReceiptRefused | Reversed | WhichEntry


def tell(voice: Voice, answer: Told, *, edits: str | None = None) -> None:
    """Say an answer, in the place of the message `edits` where one is given."""
    match answer:
        case Captured():
            _captured(voice, answer, edits)
        case Corrected(booked=booked, alerts=alerts):
            reply = views.corrected(answer, voice.t, today=voice.today, payers=voice.payers)
            voice.say(reply, subject=subject_of([booked]), edits=edits)
            tell_alerts(voice, alerts)
        case Deleted(entry=entry):
            voice.say(views.deleted(answer, voice.t), subject=Subject((entry.id,)), edits=edits)
        case Reversed(alerts=alerts):
            voice.say(views.reversed_act(answer, voice.t, today=voice.today))
            tell_alerts(voice, alerts)
        case WhichEntry():
            voice.say(views.which_entry(answer, voice.t))
        case ReceiptRefused(question_id=question_id):
            reply = views.receipt_refused(answer, voice.t)
            voice.say(reply, subject=Subject(question_id=question_id), edits=edits)
        case Nothing():
            voice.say(views.nothing(answer, voice.t))


def _captured(voice: Voice, answer: Captured, edits: str | None) -> None:
    if answer.left_out:
        voice.say(views.never_mind(voice.t), edits=edits)
        return
    reply = views.captured(answer, voice.t, today=voice.today, payers=voice.payers)
    if reply is not None:
        voice.say(reply, subject=subject_of(answer.booked), edits=edits)
        edits = None
    for asked in answer.asked:
        tell_asked(voice, asked, edits=edits)
        edits = None
    tell_alerts(voice, answer.alerts)


def tell_asked(voice: Voice, asked: Asked, *, edits: str | None = None) -> None:
    """Ask a question; replies to its message find it again."""
    subject = Subject(question_id=asked.question_id, receipt_id=asked.receipt_id)
    voice.say(views.asked(asked, voice.t, today=voice.today), subject=subject, edits=edits)


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
