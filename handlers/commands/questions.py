"""Show the questions that wait for an answer (`/open`), and answer those of people (`/ask`)."""

from __future__ import annotations

from telegram import Update

from handlers.context import Context
from replies.announcing import start_rereading
from replies.responding import respond
from services.inquiries.answering import InquiryResult
from services.scope import Scope
from services.texts.incoming_text import IncomingText


async def open_questions(update: Update, context: Context) -> None:
    """List the open questions, each with its buttons."""
    await context.answer(context.services.questions.list_open)


async def ask(update: Update, context: Context) -> None:
    """Answer a question about the ledger."""
    incoming, answer = await context.run(_ask, context)
    respond(context.responder, answer)
    start_rereading(context.responder, incoming, answer)


def _ask(scope: Scope, context: Context) -> tuple[IncomingText, InquiryResult]:
    incoming = context.incoming(context.arguments, command=True)
    return incoming, context.services.inquiries.ask(scope, incoming)
