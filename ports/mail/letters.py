"""Declare mails that are sent and mails that came, with the sockets for both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from ledger.settings import Settings
from ports.jobs.mail import MailSummary
from ports.queue import PermanentError
from ports.reading import FileRefusal


@dataclass(frozen=True, slots=True)
class OutgoingMail:
    """A mail to one person."""

    to: str
    subject: str
    text: str
    html: str
    key: str
    """Names the mail forever: the same key gives the same Message-ID, by which a repeat is told."""
    picture: bytes = field(default=b"", repr=False)
    """A PNG that the HTML shows as `cid:picture`."""
    stop_url: str = ""
    """Ends the mails by one click (RFC 8058)."""


@dataclass(frozen=True, slots=True)
class Letter:
    """The words of a mail, as plain text and as HTML."""

    subject: str
    text: str
    html: str


class LetterWriter(Protocol):
    """Writes mails in the language of a chat."""

    def code(self, settings: Settings, code: str) -> Letter:
        """Write the mail with a code."""

    def summary(self, settings: Settings, mail: MailSummary, stop_url: str) -> Letter:
        """Write a weekly summary; `stop_url` leads out of it."""


class MailRefusedError(PermanentError):
    """Raised when a server will never take a mail, for example to an address that is not there."""


class MailSender(Protocol):
    """Sends mails."""

    async def send(self, mail: OutgoingMail) -> None:
        """Hand a mail to the server.

        Raises:
            MailRefusedError: trying again is useless.
            UnavailableError: trying again is right.
        """


@dataclass(frozen=True, slots=True)
class MailHead:
    """The head of a mail in a mailbox."""

    key: str
    """Unique for the mail in this mailbox (UIDVALIDITY and UID)."""
    size: int
    """In bytes."""
    header: bytes


@dataclass(frozen=True, slots=True)
class MailFile:
    """A picture or document of a mail."""

    name: str
    data: bytes = field(repr=False)


class MailOpener(Protocol):
    """Takes mails apart."""

    async def open(self, mail: bytes) -> Sequence[MailFile] | FileRefusal:
        """Return the pictures and documents of a mail; however it is made, it costs one answer."""
