"""Take receipts from a mailbox once a minute.

A mail is moved only after its receipts are committed, so a kill in between finds it again and its receipts
by their source. Whoever is not known gets no answer; their mail is moved to a folder of its own.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.mail.imap import Mailbox, open_mailbox
from bot.mail.servers import MailServer
from bot.ops.errors import describe_error
from bot.ops.logs import get_logger
from ledger.errors import UnavailableError
from ports.answers.mail import MailWithoutFiles
from ports.blobs import Blobs
from ports.mail import MailFile, MailOpener
from ports.reading import FileRefusal
from ports.repositories import Repositories
from ports.units import UnitOfWorkFactory
from replies.mailed import show_mailed
from replies.programs import QuietChat
from services.bundle import Services
from services.mail.receiving import (
    FILES_MAX,
    MAIL_BYTES_MAX,
    KeptFile,
    ReceiptMail,
    SenderRule,
    take_files,
)
from services.members import list_payers
from services.receipts.pacing import PlannedReceipt

POLL_SECONDS = 60.0
MAILS_MAX = 20
"""Mails of one look; the next look takes further ones."""
TRIES_MAX = 5
TAKEN, REFUSED = "Kvitto taken", "Kvitto refused"
"""Folders to which mails are moved."""

_log = get_logger("bot.mail.polling")

Taken = tuple[QuietChat, list[PlannedReceipt]]


@dataclass(slots=True)
class MailPoller:
    """Looks for mails, in one process at a time."""

    server: MailServer
    rule: SenderRule
    opener: MailOpener
    units: UnitOfWorkFactory
    blobs: Blobs
    services: Services
    clock: Callable[[], datetime]
    wake: Callable[[], None]
    is_leader: Callable[[], Awaitable[bool]] | None = None
    """Tells whether this process looks; None where there is one."""
    bytes_max: int = MAIL_BYTES_MAX
    _failures: Counter[str] = field(default_factory=Counter)

    async def run(self) -> None:
        """Look once a minute, forever."""
        while True:
            try:
                if self.is_leader is None or await self.is_leader():
                    await self.look()
            except UnavailableError as error:
                _log.warning("mailbox_unavailable", error=describe_error(error))
            await asyncio.sleep(POLL_SECONDS)

    async def look(self) -> None:
        """Take what is in the folder now. Raises `UnavailableError`."""
        async with open_mailbox(self.server) as mailbox:
            for uid in await mailbox.list_new(MAILS_MAX):
                folder = await self._try(mailbox, uid)
                if folder:
                    await mailbox.move(uid, folder)
                    _log.info("mail_dealt_with", folder=folder)

    async def _try(self, mailbox: Mailbox, uid: str) -> str | None:
        """Return the folder for a mail; None for one that stays for another try."""
        try:
            return await self._take(mailbox, uid)
        except UnavailableError:
            raise
        except Exception as error:  # noqa: BLE001  # one mail must not keep the others out
            self._failures[uid] += 1
            _log.error("mail_failed", error=describe_error(error), tries=self._failures[uid])
            return REFUSED if self._failures[uid] >= TRIES_MAX else None

    async def _take(self, mailbox: Mailbox, uid: str) -> str | None:
        head = await mailbox.read_head(uid)
        if head is None:
            return None
        mail = self.rule.read(head)
        # The body is not even fetched for a stranger.
        if mail is None or not await self._is_known(mail):
            return REFUSED
        if head.size > self.bytes_max:
            found: Sequence[MailFile] | MailWithoutFiles = MailWithoutFiles("too_large")
        else:
            found = _files_of(await self.opener.open(await mailbox.read_all(uid)))
        return await self._book(mail, found)

    async def _is_known(self, mail: ReceiptMail) -> bool:
        def look(repositories: Repositories) -> bool:
            return self.rule.open_ledger(repositories, mail, self.clock()) is not None

        return await self.units.read(look)

    async def _book(self, mail: ReceiptMail, found: Sequence[MailFile] | MailWithoutFiles) -> str:
        none = isinstance(found, MailWithoutFiles)
        kept = (
            [] if isinstance(found, MailWithoutFiles) else [await self._keep(one) for one in found]
        )

        def take(repositories: Repositories) -> Taken | None:
            # Asked again: the person may have left, or removed the address, meanwhile.
            opened = self.rule.open_ledger(repositories, mail, self.clock())
            if opened is None:
                return None
            planned = take_files(opened.scope, mail, kept, self.services.receipt_pacing)
            return QuietChat(opened, list_payers(repositories, opened.chat)), planned

        async with self.units.open(now=self.clock()) as unit:
            taken = await unit.run(take)
            if taken is None:
                return REFUSED
            chat, planned = taken
            shown = found if isinstance(found, MailWithoutFiles) else planned
            show_mailed(unit, chat, self.services, shown, key=mail.source)
        self.wake()
        return REFUSED if none else TAKEN

    async def _keep(self, file: MailFile) -> KeptFile:
        # Stored before the row, so that a row never names a file that is missing.
        key = await self.blobs.put(file.data, media_type="application/octet-stream")
        return KeptFile(file, key, hashlib.sha256(file.data).hexdigest())


def _files_of(opened: Sequence[MailFile] | FileRefusal) -> Sequence[MailFile] | MailWithoutFiles:
    if isinstance(opened, FileRefusal):
        return MailWithoutFiles("unreadable")
    if not opened:
        return MailWithoutFiles("no_files")
    return MailWithoutFiles("too_many") if len(opened) > FILES_MAX else opened
