"""Declare the jobs that send mails, and their end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class MailCode:
    """Send the code by which an address is confirmed."""

    kind: ClassVar[str] = "mail_code"
    address_id: str
    code: str


@dataclass(frozen=True, slots=True)
class MailSummary:
    """Send a weekly summary, as it was pushed to the chat."""

    kind: ClassVar[str] = "mail_summary"
    address_id: str
    period_key: str
    subject: str
    html: str
    """The text of the push, as HTML of a chat."""
    drawing: str = ""
    values: dict[str, Any] | None = None
    """The picture of the push, where it has one."""


@dataclass(frozen=True, slots=True)
class MailUndelivered:
    """The notice that a mail was given up."""

    name: ClassVar[str] = "mail_undelivered"
    address_id: str
    what: str
    """`code` or `summary`."""

    @classmethod
    def of(cls, job: MailCode | MailSummary, reference: str) -> MailUndelivered:
        """Return the event of a job that was given up; the answer names no reference."""
        _ = reference
        return cls(job.address_id, "code" if isinstance(job, MailCode) else "summary")
