"""Show the questions that wait for an answer (`/open`), and answer those of people (`/ask`)."""

from __future__ import annotations

from telegram import Update

from handlers.context import Context
from services.inquiries.answering import InquiryResult
from services.scope import Scope


async def open_questions(update: Update, context: Context) -> None:
    """List the open questions, each with its buttons."""
    await context.answer(context.services.questions.list_open)


async def ask(update: Update, context: Context) -> None:
    """Answer a question about the ledger."""
    await context.answer(_ask, context)


def _ask(scope: Scope, context: Context) -> InquiryResult:
    incoming = context.incoming(context.arguments, command=True)
    return context.services.inquiries.ask(scope, incoming)
