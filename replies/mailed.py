"""Show a chat, without a sound, what came by mail, and that a mail was ended by its link."""

from __future__ import annotations

from collections.abc import Sequence

from ports.answers.mail import MailStopped, MailWithoutFiles
from ports.units import UnitOfWork
from presentation import views
from replies.programs import QuietChat, build_responder, show_quietly
from replies.responder import ChatResponder
from services.bundle import Services
from services.receipts.pacing import PlannedReceipt


def show_mailed(
    unit: UnitOfWork,
    chat: QuietChat,
    services: Services,
    found: Sequence[PlannedReceipt] | MailWithoutFiles,
    *,
    key: str,
) -> None:
    """Have the receipts of a mail read, or say why there are none; `key` names the mail."""
    responder = build_responder(unit, chat, services, key=key)
    if isinstance(found, MailWithoutFiles):
        responder.reply(views.mail_without_files(found, responder.t))
        return
    for planned in found:
        show_quietly(responder, planned)


def show_stopped(responder: ChatResponder, stopped: MailStopped) -> None:
    """Say that the weekly mail was ended by its link."""
    responder.reply(views.mail_stopped(stopped, responder.t, in_group=responder.is_group))
