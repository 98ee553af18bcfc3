"""Start the job that writes a file of the ledger (`/export`)."""

from __future__ import annotations

from telegram import Update

from handlers.context import Context
from handlers.summary import get_period
from ledger.period import Period
from replies.announcing import start_export
from services.reporting.export import Format, is_format, parse_format
from services.reporting.searching import find_period
from services.scope import Scope


async def export(update: Update, context: Context) -> None:
    """Start the job that writes the file."""
    form, period = await context.run(read_export, context.arguments)
    start_export(context.responder, form, period)


def read_export(scope: Scope, arguments: str) -> tuple[Format, Period | None]:
    """Return format and period of the arguments; both are optional. Raises `InputError`."""
    word, _, rest = arguments.partition(" ")
    # `/export last month` names no format.
    if arguments and not is_format(word):
        period = find_period(scope, arguments)
        if period:
            return parse_format(""), period
    return parse_format(word), get_period(rest, scope) if rest.strip() else None
