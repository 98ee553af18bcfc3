"""Start the job that writes a file of the ledger (`/export`)."""

from __future__ import annotations

from telegram import Update

from handlers.context import Context
from replies.announcing import start_export
from replies.names import list_scope_names
from services.exporting.request import ExportRequest, UnknownFormat, read_request
from services.scope import Scope


async def export(update: Update, context: Context) -> None:
    """Start the job that writes the file, or offer the formats."""
    await begin_export(context, await context.run(read_words, context.arguments))


async def begin_export(context: Context, request: ExportRequest | UnknownFormat) -> None:
    """Start the job, unless this person has asked for many files just now."""
    if isinstance(request, ExportRequest):
        await context.run(context.services.export_quota.take)
    start_export(context.responder, request)


def read_words(scope: Scope, arguments: str) -> ExportRequest | UnknownFormat:
    """Return what the arguments ask for; format and filter are both optional."""
    return read_request(scope, arguments, list_scope_names(scope.settings))
