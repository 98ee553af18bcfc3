"""Show a chat what a program did in it, quietly: nobody there waits for an answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ports.answers import (
    BudgetSet,
    Captured,
    Corrected,
    Deleted,
    ImportShown,
    ImportStarted,
    Reversed,
)
from ports.answers.access import WebhookChanged
from ports.recurring import SeriesShown
from ports.units import UnitOfWork
from presentation import views
from presentation.views.parts import Payers
from replies.alerts import respond_alerts
from replies.announcing import announce_receipt
from replies.refreshing import refresh_confirmations
from replies.responder import ChatResponder
from replies.responding import respond
from services.access.ledgers import OpenLedger
from services.bundle import Services
from services.ids import new_id
from services.receipts.pacing import PlannedReceipt
from services.texts.incoming_text import IncomingText

Done = (
    BudgetSet
    | Captured
    | Corrected
    | Deleted
    | ImportShown
    | ImportStarted
    | PlannedReceipt
    | Reversed
    | SeriesShown
    | WebhookChanged
)
"""Answers of services to programs and to the page that concern a chat; a receipt is one to read."""


@dataclass(frozen=True, slots=True)
class QuietChat:
    """The chat of a ledger that a program works on."""

    opened: OpenLedger
    payers: Payers


def build_responder(
    unit: UnitOfWork, chat: QuietChat, services: Services, *, key: str = ""
) -> ChatResponder:
    """Return a responder whose messages make no sound.

    `key` names the request where it may be repeated, so that nothing is said twice.
    """
    opened, now = chat.opened, chat.opened.scope.now
    return ChatResponder(
        unit=unit,
        chat=opened.chat,
        key=key or f"api-{new_id(now)}",
        now=now,
        user_id=opened.member.user_id,
        payers=chat.payers,
        ai_policy=services.ai_policy,
        silent=True,
    )


def show_quietly(responder: ChatResponder, done: Done) -> None:
    """Confirm what was booked, and let older confirmations follow a change."""
    show = _SHOWN.get(type(done))
    if show:
        show(responder, done)
    else:
        assert not isinstance(done, (PlannedReceipt, Corrected, Deleted, WebhookChanged)), (
            "they have their own ways"
        )
        respond(responder, done)


def _show_corrected(responder: ChatResponder, done: Corrected) -> None:
    # The program has its answer; in the chat the card alone has to be right.
    refresh_confirmations(responder, done.confirmed)
    respond_alerts(responder, done.alerts)


def _show_deleted(responder: ChatResponder, done: Deleted) -> None:
    refresh_confirmations(responder, done.confirmed)


def _read_receipt(responder: ChatResponder, planned: PlannedReceipt) -> None:
    receipt = planned.receipt
    incoming = IncomingText(
        receipt.caption,
        receipt.source,
        receipt.received_at,
        chat_kind=responder.chat.kind,
        # It was meant for the bot, so a group gets an answer too.
        addressed=True,
    )
    announce_receipt(responder, planned, incoming)


_SHOWN: dict[type, Callable[[ChatResponder, Any], None]] = {
    Corrected: _show_corrected,
    Deleted: _show_deleted,
    PlannedReceipt: _read_receipt,
    WebhookChanged: lambda to, done: to.reply(views.webhook_changed(done, to.t)),
}
