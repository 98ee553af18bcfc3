"""Define chats, the ledgers they write to, and their members."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from ledger.periods.days import day_of
from ledger.settings import Settings

ChatKind = Literal["private", "group"]


@dataclass(frozen=True, slots=True)
class Ledger:
    """The ledger of one chat, which owns its entries, budgets and settings."""

    id: int
    key: str
    """Opaque id for the outside (API, deep links, file names)."""
    settings: Settings

    @property
    def currency(self) -> str:
        """Return the code of the currency in which the ledger counts."""
        return self.settings.currency

    def today(self, now: datetime) -> date:
        """Return the day that a moment is in the ledger's time zone."""
        return day_of(now, self.settings.timezone)


@dataclass(frozen=True, slots=True)
class Chat:
    """A Telegram chat and the ledger it writes to."""

    chat_id: int
    kind: ChatKind
    title: str
    ledger: Ledger
    muted: bool = False
    """Telegram answered 403; nothing is sent until somebody writes again."""

    @property
    def settings(self) -> Settings:
        """Return the settings of the chat's ledger."""
        return self.ledger.settings


@dataclass(frozen=True, slots=True)
class Member:
    """A person who writes to a ledger."""

    user_id: int
    name: str
    username: str | None = None
    language: str | None = None
    is_admin: bool | None = None
    """Admin of the group, as cached; None: not known yet (then only the author may)."""
    left: bool = False

    def is_known_as(self, known: Member) -> bool:
        """Return whether a member as an update shows them is the one that is stored.

        An update does not say who is an admin.
        """
        seen = (self.user_id, self.name, self.username, self.language, self.left)
        return seen == (known.user_id, known.name, known.username, known.language, known.left)


@dataclass(frozen=True, slots=True)
class Presence:
    """A chat and the member who acts in it; None for a chat's own messages."""

    chat: Chat
    member: Member | None
