"""Store photos and files and announce them at once; a job reads them."""

from __future__ import annotations

from telegram import Message, Update

from handlers.context import Context
from ports.files import FILE_BYTES_MAX
from replies.announcing import announce_receipt, refuse_large_file
from services.receipts.capturing import SentFile
from services.receipts.pacing import PlannedReceipt
from services.scope import Scope
from services.texts.incoming_text import IncomingText


async def receipt_message(update: Update, context: Context) -> None:
    """Store a photographed or sent receipt and let a job read it."""
    sent = sent_file(context.message)
    if (sent.size_bytes or 0) > FILE_BYTES_MAX:
        responder = await context.enter()
        refuse_large_file(responder, context.incoming(context.text))
        return
    caption, planned = await context.run(_take, context, sent)
    if planned:
        announce_receipt(context.responder, planned, caption)


def _take(
    scope: Scope, context: Context, sent: SentFile
) -> tuple[IncomingText, PlannedReceipt | None]:
    """Store a sent file and plan when it is read; None for one that was stored before."""
    caption = context.incoming(context.text)
    receipt = context.services.receipts.take_file(scope, caption, sent)
    return caption, context.services.receipt_pacing.plan(scope, receipt) if receipt else None


def sent_file(message: Message) -> SentFile:
    """Return the best picture of a message, or its file."""
    if message.photo:
        best = max(message.photo, key=lambda size: size.width * size.height)
        return SentFile(best.file_id, "", best.file_size)
    document = message.document
    assert document is not None
    return SentFile(document.file_id, document.file_name or "", document.file_size)
