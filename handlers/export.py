"""`/export`: a file of the ledger, written by a job."""

from __future__ import annotations

from telegram import Update

from handlers.context import Context
from handlers.summary import get_period
from ledger.period import Period
from ports.books import Books, Chat
from ports.messages import Json
from ports.queue import NewJob
from services.export import parse_format


async def export(update: Update, context: Context) -> None:
    """Start the job that writes the file, and say that it comes."""
    word, _, rest = context.words.partition(" ")
    form = parse_format(word)

    def work(books: Books, chat: Chat) -> Period | None:
        return get_period(rest, chat, context) if rest.strip() else None

    period = await context.run(work)
    voice = context.voice
    values: dict[str, Json] = {
        "ledger_id": voice.chat.ledger_id,
        "format": form,
        "start": period.start.isoformat() if period else None,
        "end": period.end.isoformat() if period else None,
    }
    job = NewJob(f"export:{context.sitting.key}", "export", values, lane=voice.chat.chat_id)
    voice.unit.start(job)
