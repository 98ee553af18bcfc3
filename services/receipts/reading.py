"""Read a receipt in a job, between "reading…" and its result.

It is done at least once, so each step checks the stored state first. The original is stored before
anything else happens, the reading leaves nothing but an event, and the event books.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from ledger.chats import Chat
from ledger.errors import InputError, UnavailableError
from ledger.receipt import ReceiptContext, ReceiptDraft, build_drafts
from ledger.receipt.draft_json import dump_draft
from ledger.receipt.known_shops import KnownShop
from ledger.stored_receipts import Receipt
from ports.blobs import Blobs
from ports.files import Files
from ports.jobs import ReadReceipt, ReceiptRead, UnreadFile
from ports.queue import Job
from ports.reading import FileRefusal, PictureCopier, ReadHint, ReceiptReader
from ports.repositories import Repositories
from ports.units import UnitOfWorkFactory
from services.receipts.reader_chain import LocalReading, ReaderChain
from services.receipts.shops import list_shops

REGION_LENGTH = 2
RECENT_ENTRIES = 12
"""Latest entries whose currencies are a hint at the next receipt's."""


@dataclass(frozen=True, slots=True)
class ReceiptPipeline:
    """Fetches, keeps and reads the pictures of receipts. Raises `UnavailableError` where trying again is right."""

    units: UnitOfWorkFactory
    blobs: Blobs
    files: Files
    reader: ReceiptReader
    copier: PictureCopier
    clock: Callable[[], datetime]
    opinions: ReaderChain = field(default_factory=ReaderChain)
    locate: Callable[[str], str] = str
    """Returns the `s3://bucket/key` of a blob for another reader, or any other text for none."""
    brands: Callable[[], Mapping[str, str]] = dict
    """Known merchants as `ReceiptContext.brands` wants them."""

    async def run(self, job: ReadReceipt, claim: Job) -> ReceiptRead | None:
        """Return the event for the chat; None when the receipt was handled before."""
        receipt, chat, shops, currencies = await self.units.read(
            lambda repositories: _look(repositories, job)
        )
        if receipt is None or chat is None or receipt.state != "stored":
            return None
        began_at = asyncio.get_running_loop().time()
        try:
            receipt, data = await self._keep(receipt, claim)
        except InputError as error:
            return _refuse(job, FileRefusal(error.message_id))
        hint = self._hint(receipt, chat)
        found = await self.reader.read(data, hint)
        if isinstance(found, FileRefusal):
            # Raised, so that the job is tried again; a lasting refusal is an answer.
            if found.temporary:
                raise UnavailableError(found.message_id)
            return _refuse(job, found)
        context = replace(
            context_of(chat, receipt.received_at),
            shops=shops,
            brands=self.brands(),
            recent_currencies=currencies,
        )
        drafts = await asyncio.to_thread(build_drafts, found, context)
        if may_leave(chat, receipt, drafts):
            local = LocalReading(found, drafts)
            drafts = await self.opinions.ask(data, hint, local, context, began_at=began_at)
        return ReceiptRead(
            job.ledger_id,
            job.receipt_id,
            job.addressed,
            tuple(dump_draft(draft) for draft in drafts),
            await self._keep_copy(data),
            found.picture_print,
        )

    async def _keep_copy(self, data: bytes) -> str | None:
        """Store a copy without metadata, which is the one shown; return its blob key."""
        clean = await self.copier.clean_copy(data)
        if isinstance(clean, FileRefusal):
            return None
        return await self.blobs.put(clean, media_type="image/jpeg")

    async def _keep(self, receipt: Receipt, claim: Job) -> tuple[Receipt, bytes]:
        if receipt.blob_key:
            return receipt, await self.blobs.get(receipt.blob_key)
        # A download link of Telegram is valid for an hour; a retry reads the stored copy instead.
        data = await self.files.fetch(receipt.file_ref)
        key = await self.blobs.put(data, media_type="application/octet-stream")
        digest = hashlib.sha256(data).hexdigest()

        def keep(repositories: Repositories) -> None:
            # Fetch the row again, because the person may have changed the receipt meanwhile.
            if current := repositories.receipts.find(receipt.ledger_id, receipt.id):
                repositories.receipts.save(replace(current, blob_key=key, sha256=digest))

        # The unit is refused when another process has the job by now.
        async with self.units.open(now=self.clock(), claim=claim) as unit:
            await unit.run(keep)
        return replace(receipt, blob_key=key, sha256=digest), data

    def _hint(self, receipt: Receipt, chat: Chat) -> ReadHint:
        place = self.locate(receipt.blob_key or "")
        return ReadHint(
            receipt.file_name,
            chat.settings.language.partition("-")[0],
            stored_at=place if place.startswith("s3://") else "",
            chat_id=chat.chat_id,
        )


def context_of(chat: Chat, sent_at: datetime) -> ReceiptContext:
    """Return a chat's facts that help to read its receipt."""
    return ReceiptContext(
        language=chat.settings.language.partition("-")[0],
        country=country_of(chat.settings.language),
        currency=chat.settings.currency,
        now=sent_at,
    )


def may_leave(chat: Chat, receipt: Receipt, drafts: tuple[ReceiptDraft, ...]) -> bool:
    """Return whether a picture may be sent to a reader outside this machine.

    Never against the chat's will; and in a group, where most pictures are not receipts, only
    one that looks like a receipt or that somebody wrote a caption for.
    """
    if chat.settings.local_only:
        return False
    looks_like_one = any(draft.kind != "not_a_receipt" for draft in drafts)
    return looks_like_one or chat.kind == "private" or bool(receipt.caption.strip())


def country_of(language: str) -> str | None:
    """Return the region that a language tag names (`de-AT` is Austria), or None."""
    parts = language.replace("_", "-").split("-")[1:]
    return next((part.upper() for part in parts if len(part) == REGION_LENGTH), None)


def _look(
    repositories: Repositories, job: ReadReceipt
) -> tuple[Receipt | None, Chat | None, tuple[KnownShop, ...], tuple[str, ...]]:
    receipt = repositories.receipts.find(job.ledger_id, job.receipt_id)
    if receipt is None:
        return None, None, (), ()
    chat = repositories.chats.of_ledger(job.ledger_id)
    entries = repositories.entries.recent(job.ledger_id, RECENT_ENTRIES)
    currencies = tuple(entry.money.currency for entry in entries)
    return receipt, chat, list_shops(repositories, job.ledger_id), currencies


def _refuse(job: ReadReceipt, refusal: FileRefusal) -> ReceiptRead:
    unread = UnreadFile(refusal.message_id, dict(refusal.values))
    return ReceiptRead(job.ledger_id, job.receipt_id, job.addressed, refusal=unread)
