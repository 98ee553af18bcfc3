"""Saying what a service answered: one place that knows which view shows which answer."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.responder import ChatResponder
from ledger.budget import Alert
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
from presentation import views
from services.recategorising import recategorising

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


def tell(responder: ChatResponder, answer: Told, *, edits: str | None = None) -> None:
    """Say an answer, in the place of the message `edits` where one is given."""
    match answer:
        case Captured():
            _captured(responder, answer, edits)
        case Corrected():
            _corrected(responder, answer, edits)
        case Deleted(entry=entry):
            subject = Subject((entry.id,))
            reply = views.deleted(answer, responder.t)
            responder.reply(reply, subject=subject, edits=edits, owner_id=entry.paid_by)
        case Reversed(alerts=alerts):
            responder.reply(views.reversed_act(answer, responder.t, today=responder.today))
            tell_alerts(responder, alerts)
        case WhichCategory(booked=booked, categories=ids):
            today, payers = responder.today, responder.payers
            reply = views.category_choice(booked, ids, responder.t, today=today, payers=payers)
            subject, owner_id = subject_of([booked]), booked.entry.paid_by
            responder.reply(reply, subject=subject, edits=edits, owner_id=owner_id)
        case WhichEntry():
            responder.reply(views.which_entry(answer, responder.t))
        case ReceiptRefused(question_id=question_id):
            reply = views.receipt_refused(answer, responder.t)
            responder.reply(reply, subject=Subject(question_id=question_id), edits=edits)
        case Nothing():
            responder.reply(views.nothing(answer, responder.t))


def _corrected(responder: ChatResponder, answer: Corrected, edits: str | None) -> None:
    reply = views.corrected(answer, responder.t, today=responder.today, payers=responder.payers)
    subject, owner_id = subject_of([answer.booked]), answer.booked.entry.paid_by
    responder.reply(reply, subject=subject, edits=edits, owner_id=owner_id)
    if answer.before:
        # Struck through rather than brought up to date: that stays true whatever comes.
        for handle in answer.superseded:
            responder.reply(views.gone([answer.before], responder.t), edits=handle)
    tell_alerts(responder, answer.alerts)


def _captured(responder: ChatResponder, answer: Captured, edits: str | None) -> None:
    if answer.left_out:
        responder.reply(views.never_mind(responder.t), edits=edits)
        return
    reply = None
    if answer.booked or not any(one.kind == "record_anyway" for one in answer.asked):
        # A question that offers to record it anyway says itself that nothing was booked.
        reply = views.captured(answer, responder.t, today=responder.today, payers=responder.payers)
    heard = answer.heard
    if reply is not None:
        reply, heard = views.with_heard(reply, heard, responder.t), ""
        responder.reply(reply, subject=subject_of(answer.booked), edits=edits)
        edits = None
        refile(responder, answer)
    for asked in answer.asked:
        tell_asked(responder, asked, edits=edits, heard=heard)
        edits, heard = None, ""
    tell_alerts(responder, answer.alerts)


def refile(responder: ChatResponder, answer: Captured) -> None:
    """Have doubtful categories looked at again, where the chat allows it."""
    if responder.ai_policy.words_of(responder.chat.settings):
        whole = not (answer.refused or answer.heard)
        job = recategorising(
            responder.chat, answer.booked, f"{responder.key}:{responder.said}", whole=whole
        )
        if job:
            responder.unit.start(job)


def tell_asked(
    responder: ChatResponder, asked: Asked, *, edits: str | None = None, heard: str = ""
) -> None:
    """Ask a question; replies to its message find it again. `heard`: what a voice note said."""
    subject = Subject(question_id=asked.question_id, receipt_id=asked.receipt_id)
    reply = views.with_heard(
        views.asked(asked, responder.t, today=responder.today), heard, responder.t
    )
    responder.reply(reply, subject=subject, edits=edits)


def tell_alerts(responder: ChatResponder, alerts: Sequence[Alert]) -> None:
    """Push the budgets that crossed a line, all in one message."""
    if alerts:
        responder.reply(views.alert(alerts, responder.t), kind="push")


def subject_of(booked: Sequence[Booked]) -> Subject:
    """Return what a confirmation is about."""
    receipt_ids = {one.entry.receipt_id for one in booked}
    return Subject(
        entry_ids=tuple(one.entry.id for one in booked),
        receipt_id=receipt_ids.pop() if len(receipt_ids) == 1 else None,
    )
