"""Define the scope of a service call, which is a ledger, an actor and a moment."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from ledger.chats import Ledger
from ledger.entries.changes import Via
from ledger.settings import Settings
from ports.repositories import Repositories


@dataclass(frozen=True, slots=True)
class Scope:
    """The ledger, actor and moment of a service call.

    It is the same for a Telegram message, an API call, a rule and an import.
    """

    repositories: Repositories
    """The rows, inside one unit of work."""
    ledger: Ledger
    actor: int
    """User id of the person who acts; 0 for the program itself."""
    now: datetime
    via: Via = "chat"
    """The way by which the call came, for the history."""

    @property
    def settings(self) -> Settings:
        """Return the settings of the ledger."""
        return self.ledger.settings

    @property
    def today(self) -> date:
        """Return the day it is in the ledger's time zone."""
        return self.ledger.today(self.now)

    def with_settings(self, settings: Settings) -> Scope:
        """Return the same scope with other settings of its ledger."""
        return replace(self, ledger=replace(self.ledger, settings=settings))

    def with_actor(self, actor: int) -> Scope:
        """Return the same scope with another person acting."""
        return replace(self, actor=actor)
