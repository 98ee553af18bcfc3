"""Photos and files: kept and announced at once, read by a job, shown when it is done."""

from __future__ import annotations

from telegram import Message, Update

from handlers.context import Context
from looks import views
from ports.books import Books, Chat, Receipt
from ports.files import FILE_BYTES_MAX
from ports.messages import Json, Subject
from ports.queue import NewJob
from services.receipts import SentFile
from services.written import Written


async def receipt_message(update: Update, context: Context) -> None:
    """Keep a photographed or sent receipt and let a job read it."""
    sent = sent_file(context.message)
    too_big = (sent.size_bytes or 0) > FILE_BYTES_MAX

    def work(books: Books, chat: Chat) -> tuple[Written, Receipt | None]:
        written = context.written(chat, context.message.caption or "")
        if too_big:
            return written, None
        return written, context.desk.receipts.arrived(books, written, sent, now=context.now)

    written, receipt = await context.run(work)
    voice = context.voice
    if too_big and (written.addressed or voice.chat.kind == "private"):
        voice.say(views.file_too_big(voice.t))
    elif receipt:
        values: dict[str, Json] = {"receipt_id": receipt.id, "addressed": written.addressed}
        lane = voice.chat.chat_id
        voice.unit.start(NewJob(f"receipt:{receipt.id}", "receipt", values, lane=lane))
        if voice.chat.kind == "private":
            # In a group most pictures are no receipts: there only the result is said.
            subject = Subject(receipt_id=receipt.id)
            voice.say(views.reading(voice.t), handle=progress_handle(receipt.id), subject=subject)


def progress_handle(receipt_id: str) -> str:
    """Name the "reading…" message of a receipt, which becomes its result."""
    return f"receipt:{receipt_id}"


def sent_file(message: Message) -> SentFile:
    """Return the best picture of a message, or its file."""
    if message.photo:
        best = max(message.photo, key=lambda size: size.width * size.height)
        return SentFile(best.file_id, "", best.file_size)
    document = message.document
    assert document is not None
    return SentFile(document.file_id, document.file_name or "", document.file_size)
