"""Ask further readers about a receipt, only where the local reader left something open.

The local reader always reads first: its text is the evidence that every amount must occur in, and
what a vision model takes as a hint. Where the settings' list begins with another reader, that one
is asked about every receipt; otherwise the next is asked while something is still in doubt. When
another reader fails, the drafts so far are kept.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace

from ledger.errors import UnavailableError
from ledger.receipt import ReceiptContext, ReceiptDraft, build_drafts, join_drafts
from ledger.receipt.reading.language import detect_language
from ports.reading import FileRefusal, ReadHint, Reading, ReceiptReader

PHOTO_SECONDS = 7.0
"""From the download of a photo to its drafts; the answer is due ten seconds after the photo, and
queueing, booking and sending take up to three of them on a busy machine."""
DOCUMENT_SECONDS = 90.0
"""The same for a document of several pages, which another reader works on as a job."""
LEAST_SECONDS = 1.5


@dataclass(frozen=True, slots=True)
class LocalReading:
    """The local reader's reading of a file, with the drafts built from it."""

    reading: Reading
    drafts: tuple[ReceiptDraft, ...]


@dataclass(frozen=True, slots=True)
class ReaderChain:
    """Asks other readers, in order. `always`: the first of them about every receipt."""

    readers: tuple[ReceiptReader, ...] = ()
    always: bool = False

    async def ask(
        self,
        data: bytes,
        hint: ReadHint,
        local: LocalReading,
        context: ReceiptContext,
        *,
        began_at: float,
    ) -> tuple[ReceiptDraft, ...]:
        """Return the drafts joined with other readers' drafts; `began_at` is the loop's time."""
        seen, drafts = local.reading, local.drafts
        text = "\n".join(draft.text for draft in drafts)
        pages = len(seen.pages) + seen.pages_left_out
        hint = replace(
            hint, text=text, pages=max(1, pages), language=detect_language(text, context.language)
        )
        most = DOCUMENT_SECONDS if hint.pages > 1 else PHOTO_SECONDS
        # However slow the local reader was, the others get at least this long.
        until = max(began_at + most, asyncio.get_running_loop().time() + LEAST_SECONDS)
        for position, reader in enumerate(self.readers):
            # Sure drafts end the chain, because every further call costs money and time.
            if all(draft.sure for draft in drafts) and not (self.always and position == 0):
                break
            said = await _ask(reader, data, hint, until)
            if said is not None:
                said = replace(said, pages=said.pages or seen.pages)
                # Building drafts is CPU work, which would stall every chat of the loop.
                others = await asyncio.to_thread(build_drafts, said, context)
                drafts = join_drafts(drafts, others, talked_to=said.source == "vision")
        return drafts


async def _ask(reader: ReceiptReader, data: bytes, hint: ReadHint, until: float) -> Reading | None:
    """Return a reader's drafts; None when they come too late or are empty."""
    seconds = until - asyncio.get_running_loop().time()
    if seconds <= 0:
        return None
    try:
        async with asyncio.timeout(seconds):
            said = await reader.read(data, replace(hint, seconds=seconds))
    except (UnavailableError, TimeoutError):
        return None
    return None if isinstance(said, FileRefusal) or not said.receipts else said
