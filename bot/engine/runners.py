"""Run jobs that need Telegram, a drawing process, or nothing but a clock.

The runners of receipts, categories, texts and voice notes are services. `bot.setup.jobs` puts all of
them into one table.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.engine.partitions import Clock, Telegram
from bot.telegram.api import TelegramRefusedError, TelegramUnreachableError
from ledger.errors import InputError, UnavailableError
from ports.blobs import Blobs
from ports.jobs import (
    AdminsFound,
    CardNotPinned,
    DrawPicture,
    EntriesChanged,
    ExportedFile,
    ExportWritten,
    FindAdmins,
    FindMember,
    FollowEntries,
    MemberGone,
    PinCard,
    UnreadFile,
    WriteExport,
)
from ports.messages import Attachment, Json
from ports.outbox import Outbox
from ports.units import UnitOfWorkFactory
from services.exporting.exporter import Exporter
from services.exporting.request import ExportRequest

UNSENT_SECONDS = 0.25
UNSENT_TRIES = 240
"""A card is pinned a moment after it is sent, or a minute later behind the pacing of its group."""

_GONE = frozenset({"left", "kicked"})

Draw = Callable[[str, Mapping[str, Json]], Awaitable[bytes]]
"""Draws the named picture with its values; returns a PNG."""


@dataclass(frozen=True, slots=True)
class PictureDrawer:
    """Draws the picture of a message that waits for it, and releases the message."""

    draw: Draw
    blobs: Blobs
    outbox: Outbox

    async def run(self, job: DrawPicture) -> None:
        """Draw, store, release."""
        picture = await self.draw(job.drawing, job.values)
        key = await self.blobs.put(picture, media_type="image/png")
        attachment = Attachment(key, f"{job.drawing}.png", as_photo=True)
        await self.outbox.release(job.message_key, attachment)

    async def give_up(self, job: DrawPicture) -> None:
        """Release the message without its picture."""
        await self.outbox.release(job.message_key, None)


@dataclass(frozen=True, slots=True)
class ExportWriter:
    """Writes a ledger's files."""

    exporter: Exporter
    clock: Clock

    async def run(self, job: WriteExport) -> ExportWritten:
        """Write the files and return the event that names them, or says why there are none."""
        request = ExportRequest(job.format, job.filter)
        try:
            files = await self.exporter.run(job.ledger_id, request, now=self.clock())
        except InputError as error:
            return ExportWritten((), UnreadFile(error.message_id, error.values))
        return ExportWritten(
            tuple(ExportedFile(f.blob_key, f.file_name, f.rows, f.period, f.about) for f in files),
            ledger_id=job.ledger_id,
        )

    async def discard(self, event: ExportWritten) -> None:
        """Delete the files of an export that nobody will take."""
        await self.exporter.delete([file.blob_key for file in event.files])


@dataclass(frozen=True, slots=True)
class CardPinner:
    """Pins and unpins cards; both may be repeated without harm."""

    telegram: Telegram
    units: UnitOfWorkFactory

    async def run(self, job: PinCard) -> CardNotPinned | None:
        """Pin the card's message once it is sent; a group may forbid it."""
        message_id = await self._wait_for(job.message_key)
        method = "pinChatMessage" if job.pinned else "unpinChatMessage"
        payload: dict[str, Any] = {"chat_id": job.chat_id, "message_id": message_id}
        if job.pinned:
            payload["disable_notification"] = True
        try:
            await self.telegram.call(method, payload)
        except TelegramRefusedError as error:
            if error.retry_after:
                raise UnavailableError("telegram") from error
            return CardNotPinned(job.message_key) if job.pinned else None
        except TelegramUnreachableError as error:
            raise UnavailableError("telegram") from error
        return None

    async def _wait_for(self, message_key: str) -> int:
        """Return the id of a message once it is sent. Raises `UnavailableError` when it is not."""
        for _ in range(UNSENT_TRIES):
            found = await self.units.read(
                lambda repositories: repositories.conversations.message_id(message_key)
            )
            if found is not None:
                return found
            await asyncio.sleep(UNSENT_SECONDS)
        raise UnavailableError("message_unsent")


async def follow_entries(job: FollowEntries) -> EntriesChanged:
    """Take the entries into the partition of their chat, which edits its messages."""
    return EntriesChanged(job.entry_ids)


@dataclass(frozen=True, slots=True)
class AdminFinder:
    """Asks Telegram who the admins of a group are."""

    telegram: Telegram

    async def run(self, job: FindAdmins) -> AdminsFound | None:
        """Ask; of a group that refuses to tell, the known admins stay."""
        try:
            found: list[dict[str, Any]] = await self.telegram.call(
                "getChatAdministrators", {"chat_id": job.chat_id}
            )
        except TelegramRefusedError as error:
            if error.retry_after:
                raise UnavailableError("telegram") from error
            return None
        except TelegramUnreachableError as error:
            raise UnavailableError("telegram") from error
        return AdminsFound(tuple(member["user"]["id"] for member in found))


@dataclass(frozen=True, slots=True)
class MemberFinder:
    """Asks Telegram whether a person is still in a group."""

    telegram: Telegram

    async def run(self, job: FindMember) -> MemberGone | None:
        """Ask; where Telegram refuses to tell, what is known stays."""
        try:
            found: dict[str, Any] = await self.telegram.call(
                "getChatMember", {"chat_id": job.chat_id, "user_id": job.user_id}
            )
        except TelegramRefusedError as error:
            if error.retry_after:
                raise UnavailableError("telegram") from error
            return None
        except TelegramUnreachableError as error:
            raise UnavailableError("telegram") from error
        # A restricted person may be in the group or not.
        is_gone = found["status"] in _GONE or found.get("is_member") is False
        return MemberGone(job.user_id) if is_gone else None
