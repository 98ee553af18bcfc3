"""Define the answers about addresses for mail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ports.mail import MailAddress, MailOffer

MailNews = Literal[
    "", "code_sent", "code_wrong", "code_over", "confirmed", "removed", "weekly_on", "weekly_off"
]


@dataclass(frozen=True, slots=True)
class MailShown:
    """A person's address in a ledger, and what happened to it just now."""

    address: MailAddress | None
    offer: MailOffer
    news: MailNews = ""
    code: str = ""
    """The code to send, which nobody is shown in the chat."""
    moved: bool = False
    """The address was another chat's before."""


@dataclass(frozen=True, slots=True)
class MailStopped:
    """An address whose weekly mail was ended by the link in it."""

    address: MailAddress


@dataclass(frozen=True, slots=True)
class MailWithoutFiles:
    """A mail of which nothing can be booked, and why."""

    reason: Literal["no_files", "too_large", "unreadable", "too_many"]
