"""Store photos and files and announce them at once; a job reads them."""

from __future__ import annotations

from telegram import Message, Update

from handlers.context import Context
from ledger.stored_receipts import Receipt
from ports.files import FILE_BYTES_MAX
from replies.announcing import announce_receipt, refuse_large_file
from services.receipts.capturing import SentFile
from services.scope import Scope
from services.texts.incoming_text import IncomingText


async def receipt_message(update: Update, context: Context) -> None:
    """Store a photographed or sent receipt and let a job read it."""
    sent = sent_file(context.message)
    too_large = (sent.size_bytes or 0) > FILE_BYTES_MAX

    def take(scope: Scope) -> tuple[IncomingText, Receipt | None]:
        caption = context.incoming(context.text)
        taken = None if too_large else context.services.receipts.take_file(scope, caption, sent)
        return caption, taken

    caption, receipt = await context.run(take)
    if too_large:
        refuse_large_file(context.responder, caption)
    elif receipt:
        announce_receipt(context.responder, receipt, caption)


def sent_file(message: Message) -> SentFile:
    """Return the best picture of a message, or its file."""
    if message.photo:
        best = max(message.photo, key=lambda size: size.width * size.height)
        return SentFile(best.file_id, "", best.file_size)
    document = message.document
    assert document is not None
    return SentFile(document.file_id, document.file_name or "", document.file_size)
