"""Define ledgers and their members as the API shows them."""

from __future__ import annotations

from typing import Literal

from web.api.models.fields import Currency, Day, Model


class LedgerShown(Model):
    """A ledger that the caller may open."""

    id: str
    name: str
    """The title of its chat."""
    kind: Literal["private", "group"]
    currency: Currency
    timezone: str
    language: str
    today: Day
    """The day in its time zone."""


class LedgerPage(Model):
    """The ledgers of the caller; all of them are on one page."""

    items: tuple[LedgerShown, ...]
    next: str | None = None


class MemberShown(Model):
    """A person who writes to a ledger."""

    id: str
    name: str
    present: bool
    """False for somebody who has left."""


class MemberPage(Model):
    """The members of a ledger; all of them are on one page."""

    items: tuple[MemberShown, ...]
    next: str | None = None
