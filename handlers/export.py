"""`/export`: a file of the ledger, written by a job."""

from __future__ import annotations

from telegram import Update

from handlers.context import Context
from handlers.summary import find_period, get_period
from ledger.period import Period
from ports.jobs import WriteExport, new_job
from services.reporting.export import Format, is_format, parse_format
from services.scope import Scope


async def export(update: Update, context: Context) -> None:
    """Start the job that writes the file, and say that it comes."""

    def work(scope: Scope) -> tuple[Format, Period | None]:
        word, _, rest = context.words.partition(" ")
        # Both are optional: `/export last month` names no format.
        if context.words and not is_format(word):
            period = find_period(context.words, scope)
            if period:
                return parse_format(""), period
        return parse_format(word), get_period(rest, scope) if rest.strip() else None

    form, period = await context.run(work)
    responder = context.responder
    start, end = (period.start, period.end) if period else (None, None)
    job = WriteExport(responder.chat.ledger.id, form, start, end)
    responder.unit.start(new_job(job, context.update_scope.key, responder.chat.chat_id))
