"""Start mails, along with a push or with a code, and tell a chat which could not be sent."""

from __future__ import annotations

from ports.answers import Summarised
from ports.answers.mail import MailShown
from ports.jobs import MailCode, MailSummary, MailUndelivered, new_job
from ports.repositories import Repositories
from presentation import views
from presentation.letters import summary_subject
from replies.responder import ChatResponder
from replies.results import ResultScope
from services.mail.sending import find_addressee
from services.reporting.recaps import Push


def start_mails(responder: ChatResponder, push: Push) -> None:
    """Start a mail with the summary of a push for each address that gets it."""
    if not (push.mailed_to and isinstance(push.content, Summarised)):
        return
    reply = views.summary(push.content, responder.t, today=responder.today)
    subject = summary_subject(push.content, responder.t, today=responder.today)
    for one in push.mailed_to:
        job = MailSummary(
            one.id,
            push.period_key,
            subject,
            reply.text,
            reply.picture.drawing if reply.picture else "",
            dict(reply.picture.values) if reply.picture else None,
        )
        # One mail for each week and address, whoever composes the push.
        key = f"{one.id}-{push.period_key}"
        responder.unit.start(new_job(job, key, responder.chat.chat_id))


def respond_mail(responder: ChatResponder, answer: MailShown, edits: str | None = None) -> None:
    """Show a person's address, and start the mail with its code."""
    if answer.code and answer.address:
        job = MailCode(answer.address.id, answer.code)
        responder.unit.start(new_job(job, answer.address.id, responder.chat.chat_id))
    reply = views.mail_shown(answer, responder.t, in_group=responder.is_group)
    responder.reply(reply, edits=edits, owner_id=responder.user_id)


async def mail_undelivered(scope: ResultScope, event: MailUndelivered) -> None:
    """Say that a mail was given up, and to which address."""

    def work(repositories: Repositories) -> tuple[ChatResponder, str] | None:
        found = find_addressee(repositories, event.address_id)
        if found is None:
            return None
        responder = scope.build_responder(repositories, found.chat, user_id=found.address.user_id)
        return responder, found.address.address

    if done := await scope.unit.run(work):
        responder, address = done
        responder.reply(
            views.mail_undelivered(event.what, address, responder.t, in_group=responder.is_group)
        )
