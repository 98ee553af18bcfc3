"""Say a change of an exchange rate."""

from __future__ import annotations

from ports.answers import RateRemoved, RateSet
from presentation import views
from replies.alerts import respond_alerts
from replies.refreshing import refresh_confirmations
from replies.responder import ChatResponder


def respond_rate(
    responder: ChatResponder, answer: RateSet | RateRemoved, edits: str | None
) -> None:
    """Say a change of a rate, close the questions for it, and alert of budgets that it fills."""
    if isinstance(answer, RateRemoved):
        reply = views.rate_removed(answer, responder.t, today=responder.today)
    else:
        reply = views.rate_set(answer, responder.t, today=responder.today)
        for message_key in answer.settled:
            responder.reply(views.rate_answered(answer, responder.t), edits=message_key)
    responder.reply(reply, edits=edits)
    refresh_confirmations(responder, answer.confirmed)
    respond_alerts(responder, answer.alerts)
