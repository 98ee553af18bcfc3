"""Show an entry that comes again."""

from __future__ import annotations

from ports.answers import Captured
from ports.recurring import SeriesShown
from presentation import views
from replies.alerts import respond_alerts
from replies.answers.captured import respond_captured
from replies.refreshing import refresh_confirmations
from replies.responder import ChatResponder


def respond_series(responder: ChatResponder, answer: SeriesShown, edits: str | None) -> None:
    """Show a series; the entries that a change booked are confirmed as others are."""
    responder.reply(views.series_shown(answer, responder.t, today=responder.today), edits=edits)
    if answer.booked:
        respond_captured(responder, Captured(booked=answer.booked), None)
    if answer.is_changed and edits and responder.user_name:
        told = views.series_told(answer, responder.user_name, responder.t, today=responder.today)
        responder.push(told)
    refresh_confirmations(responder, answer.confirmed)
    respond_alerts(responder, answer.alerts)
