"""Read one folder of a mailbox by IMAP, and move what was dealt with out of it."""

from __future__ import annotations

import asyncio
import imaplib
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar

from bot.mail.servers import SECONDS_MAX, MailServer
from ledger.errors import UnavailableError
from ports.mail import MailHead

HEADER_BYTES_MAX = 1 << 16
"""Longer headers are cut, and with them what their sender hoped to hide at the end."""
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")

T = TypeVar("T")


@dataclass(slots=True)
class Mailbox:
    """An open folder. Every call waits for the server in a thread."""

    imap: imaplib.IMAP4
    validity: str
    """UIDVALIDITY: while it stays, a UID is of one mail."""
    _folders: dict[str, str] = field(default_factory=dict)

    async def list_new(self, limit: int) -> list[str]:
        """Return the UIDs of the oldest mails in the folder."""
        found = await _run(lambda: _checked(self.imap.uid("SEARCH", "UNDELETED")))
        return (found[0] or b"").decode("ascii").split()[:limit]

    async def read_head(self, uid: str) -> MailHead | None:
        """Return the head of a mail; None where it is gone."""
        wanted = f"(RFC822.SIZE BODY.PEEK[HEADER]<0.{HEADER_BYTES_MAX}>)"
        parts = await _run(lambda: _checked(self.imap.uid("FETCH", uid, wanted)))
        header = _literal(parts)
        # The size may stand before or behind the header.
        said = b" ".join(
            part[0] if isinstance(part, tuple) else part for part in parts if part is not None
        )
        size = _SIZE.search(said)
        if header is None or size is None:
            return None
        return MailHead(f"{self.validity}:{uid}", int(size[1]), header[:HEADER_BYTES_MAX])

    async def read_all(self, uid: str) -> bytes:
        """Return a whole mail, without marking it as read."""
        parts = await _run(lambda: _checked(self.imap.uid("FETCH", uid, "(BODY.PEEK[])")))
        return _literal(parts) or b""

    async def move(self, uid: str, folder: str) -> None:
        """Move a mail to a folder, which is made where it is missing."""
        await _run(lambda: self._move(uid, folder))

    def _move(self, uid: str, name: str) -> None:
        folder = self._folders.get(name) or self._find_folder(name)
        self._folders[name] = folder
        if "MOVE" in self.imap.capabilities:
            _checked(self.imap.uid("MOVE", uid, _quoted(folder)))
            return
        _checked(self.imap.uid("COPY", uid, _quoted(folder)))
        _checked(self.imap.uid("STORE", uid, "+FLAGS.SILENT", r"(\Deleted)"))
        # Without UIDPLUS the mail stays marked, because EXPUNGE alone would delete other people's too.
        if "UIDPLUS" in self.imap.capabilities:
            _checked(self.imap.uid("EXPUNGE", uid))

    def _find_folder(self, name: str) -> str:
        # Some servers keep all folders below INBOX.
        for place in (name, f"INBOX.{name}", f"INBOX/{name}"):
            quoted = _quoted(place)
            if "OK" in (self.imap.status(quoted, "(UIDVALIDITY)")[0], self.imap.create(quoted)[0]):
                return place
        remedy = f"make the folder {name!r}, which the server does not let us make"
        raise UnavailableError("mailbox", remedy=remedy)


@asynccontextmanager
async def open_mailbox(server: MailServer) -> AsyncIterator[Mailbox]:
    """Yield the folder of a server.

    Raises:
        UnavailableError: `mailbox`, with the remedy.
    """
    mailbox = await _run(lambda: _open(server))
    try:
        yield mailbox
    finally:
        with suppress(UnavailableError):
            await _run(mailbox.imap.logout)


def _open(server: MailServer) -> Mailbox:
    where = (server.host, server.port)
    if server.tls == "direct":
        context = server.build_context()
        imap: imaplib.IMAP4 = imaplib.IMAP4_SSL(*where, ssl_context=context, timeout=SECONDS_MAX)
    else:
        imap = imaplib.IMAP4(*where, timeout=SECONDS_MAX)
    try:
        if server.tls == "upgraded":
            imap.starttls(server.build_context())
        _log_in(imap, server)
        _checked(imap.select(_quoted(server.folder)))
        validity = imap.response("UIDVALIDITY")[1][0]
    except BaseException:
        imap.shutdown()
        raise
    return Mailbox(imap, validity.decode("ascii") if isinstance(validity, bytes) else "")


def _log_in(imap: imaplib.IMAP4, server: MailServer) -> None:
    try:
        if "AUTH=PLAIN" in imap.capabilities:
            # The command LOGIN takes ASCII alone.
            secret = f"\0{server.user}\0{server.password}".encode()
            imap.authenticate("PLAIN", lambda _: secret)
        else:
            imap.login(server.user, server.password)
    except imaplib.IMAP4.error:
        remedy = "the server refuses the login; are user and password of IMAP_URL right?"
        raise UnavailableError("mailbox", remedy=remedy) from None


async def _run(work: Callable[[], T]) -> T:
    """Run work in a thread. Raises `UnavailableError`; what a server says is not kept."""
    try:
        return await asyncio.to_thread(work)
    except (imaplib.IMAP4.error, OSError, ValueError) as error:
        remedy = f"the mailbox does not answer ({type(error).__name__}); is IMAP_URL right?"
        raise UnavailableError("mailbox", remedy=remedy) from None


def _checked(answer: tuple[str, list[Any]]) -> list[Any]:
    """Return what an answer holds. Raises `imaplib.IMAP4.error` for a refusal."""
    if answer[0] != "OK":
        message = "refused"
        raise imaplib.IMAP4.error(message)
    return answer[1]


def _literal(parts: list[Any]) -> bytes | None:
    return next((bytes(part[1]) for part in parts if isinstance(part, tuple)), None)


def _quoted(folder: str) -> str:
    escaped = folder.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
