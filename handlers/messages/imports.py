"""Take files of banks and programs (`/import`, or the file alone)."""

from __future__ import annotations

from telegram import Message, Update
from telegram.constants import ChatType
from telegram.ext import filters

from handlers.context import Context
from handlers.messages.receipts import sent_file
from ledger.imports.batches import ImportBatch
from ports.files import FILE_BYTES_MAX
from presentation import views
from replies.importing import announce_import
from services.importing.imports import is_statement, take_file
from services.scope import Scope


class _Statements(filters.MessageFilter):
    """Passes files that end like a statement; in a group only those that are meant for the bot."""

    def filter(self, message: Message) -> bool:
        """Return whether this message holds a file to import."""
        document = message.document
        if document is None or not is_statement(document.file_name or ""):
            return False
        caption, replied = message.caption or "", message.reply_to_message
        to_bot = bool(replied and replied.from_user and replied.from_user.is_bot)
        return message.chat.type == ChatType.PRIVATE or to_bot or caption.startswith("/import")


STATEMENTS = _Statements()


async def import_command(update: Update, context: Context) -> None:
    """Say which files can be imported."""
    responder = await context.enter()
    responder.reply(views.import_help(responder.t))


async def import_file(update: Update, context: Context) -> None:
    """Store a sent file and let a job read it."""
    sent = sent_file(context.message)
    if (sent.size_bytes or 0) > FILE_BYTES_MAX:
        responder = await context.enter()
        responder.reply(views.import_too_large(responder.t))
        return
    batch = await context.run(_take, context)
    if batch:
        announce_import(context.responder, batch)


def _take(scope: Scope, context: Context) -> ImportBatch | None:
    """Store a sent file; None for one that was stored before."""
    incoming = context.incoming(context.text, command=True)
    return take_file(scope, incoming, sent_file(context.message))
