"""Ask what is open, and list all that is."""

from __future__ import annotations

from ports.answers import Asked, OpenQuestions
from ports.messages import Subject
from presentation import views
from replies.responder import ChatResponder


def respond_asked(
    responder: ChatResponder, asked: Asked, *, edits: str | None = None, transcript: str = ""
) -> None:
    """Ask a question; replies to its message find it again.

    `transcript` is of the voice note that the question is about.
    """
    reply = views.asked(asked, responder.t, today=responder.today, payers=responder.payers)
    responder.reply(
        views.with_transcript(reply, transcript, responder.t),
        subject=Subject(question_id=asked.question_id, receipt_id=asked.receipt_id),
        edits=edits,
        owner_id=asked.user_id,
    )


def respond_open(responder: ChatResponder, answer: OpenQuestions) -> None:
    """List the open questions, each as a message with its buttons; the oldest comes first."""
    responder.reply(views.open_questions(answer, responder.t))
    for asked in reversed(answer.asked):
        respond_asked(responder, asked)
