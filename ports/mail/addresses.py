"""Declare the addresses of people for mail.

An address belongs to one person in one ledger. It is used for nothing before its owner has typed the
code that was sent to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class MailOffer:
    """The kinds of mail that an installation is set up for."""

    sends: bool = False
    """It has a server for sending; without one no address can be confirmed."""
    receipts_to: str = ""
    """The address to which receipts may be sent, empty for none."""


@dataclass(frozen=True, slots=True)
class MailAddress:
    """A person's address in a ledger, confirmed or waiting for its code."""

    id: str
    ledger_id: int
    user_id: int
    address: str
    stop_key: str
    """In the links that end the weekly mail. It is kept as it is, since each mail needs it and it can
    do nothing but stop mail."""
    made_at: datetime
    code_digest: str = ""
    """Of the code that waits to be typed; empty where none does."""
    code_until: datetime | None = None
    tries_left: int = 0
    """Wrong codes that may still be typed."""
    confirmed_at: datetime | None = None
    weekly_on: bool = False
    mailed_period: str = ""
    """The period of the newest weekly summary that was sent, empty before the first."""


class MailAddresses(Protocol):
    """Keeps addresses, one for each person in a ledger."""

    def put(self, address: MailAddress) -> None:
        """Insert, or replace the person's address in this ledger."""

    def of_person(self, ledger_id: int, user_id: int) -> MailAddress | None:
        """Return the address of a person in a ledger."""

    def find(self, address_id: str) -> MailAddress | None:
        """Return an address of any ledger."""

    def find_by_stop_key(self, stop_key: str) -> MailAddress | None:
        """Return the confirmed address whose mails carry this key."""

    def find_confirmed(self, address: str) -> MailAddress | None:
        """Return the address as it was confirmed last, of any ledger."""

    def list_weekly(self, ledger_id: int) -> list[MailAddress]:
        """Return the confirmed addresses of a ledger that get its weekly summary."""

    def drop_others(self, address: MailAddress) -> None:
        """Delete the same address of other people and ledgers."""

    def drop(self, address_id: str) -> None:
        """Delete."""
