"""Show a chat what a program did in it, quietly: nobody there waits for an answer."""

from __future__ import annotations

from ports.answers import BudgetSet, Captured, Corrected, Deleted
from ports.recurring import SeriesShown
from ports.units import UnitOfWork
from replies.refreshing import refresh_confirmations
from replies.responder import ChatResponder
from replies.responding import respond, respond_alerts
from services.access.ledgers import OpenLedger
from services.bundle import Services
from services.ids import new_id

Done = BudgetSet | Captured | Corrected | Deleted | SeriesShown
"""Answers of services to programs that concern a chat."""


def show_quietly(unit: UnitOfWork, opened: OpenLedger, done: Done, services: Services) -> None:
    """Confirm what was booked without a sound, and let older confirmations follow a change."""
    now = opened.scope.now
    responder = ChatResponder(
        unit=unit,
        chat=opened.chat,
        key=f"api-{new_id(now)}",
        now=now,
        user_id=opened.member.user_id,
        ai_policy=services.ai_policy,
        silent=True,
    )
    if isinstance(done, (Corrected, Deleted)):
        # The program has its answer; in the chat the card alone has to be right.
        refresh_confirmations(responder, done.confirmed)
        respond_alerts(responder, done.alerts if isinstance(done, Corrected) else ())
    else:
        respond(responder, done)
