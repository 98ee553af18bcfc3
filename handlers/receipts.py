"""Photos and files: kept and announced at once, read by a job, shown when it is done."""

from __future__ import annotations

from telegram import Message, Update

from handlers.context import Context
from ledger.stored_receipts import Receipt
from ports.files import FILE_BYTES_MAX
from ports.jobs import ReadReceipt, new_job
from ports.messages import Subject
from presentation import views
from replies.message_keys import receipt_key
from services.receipts.capturing import SentFile
from services.scope import Scope
from services.texts.incoming_text import IncomingText


async def receipt_message(update: Update, context: Context) -> None:
    """Keep a photographed or sent receipt and let a job read it."""
    sent = sent_file(context.message)
    too_big = (sent.size_bytes or 0) > FILE_BYTES_MAX

    def work(scope: Scope) -> tuple[IncomingText, Receipt | None]:
        written = context.incoming(scope, context.message.caption or "")
        if too_big:
            return written, None
        return written, context.services.receipts.take_file(scope, written, sent)

    written, receipt = await context.run(work)
    responder = context.responder
    if too_big and (written.addressed or responder.chat.kind == "private"):
        responder.reply(views.file_too_big(responder.t))
    elif receipt:
        job = ReadReceipt(receipt.ledger_id, receipt.id, written.addressed)
        responder.unit.start(new_job(job, receipt.id, responder.chat.chat_id))
        if responder.chat.kind == "private":
            # In a group most pictures are no receipts: there only the result is said.
            subject = Subject(receipt_id=receipt.id)
            responder.reply(
                views.reading(responder.t), message_key=receipt_key(receipt.id), subject=subject
            )


def sent_file(message: Message) -> SentFile:
    """Return the best picture of a message, or its file."""
    if message.photo:
        best = max(message.photo, key=lambda size: size.width * size.height)
        return SentFile(best.file_id, "", best.file_size)
    document = message.document
    assert document is not None
    return SentFile(document.file_id, document.file_name or "", document.file_size)
