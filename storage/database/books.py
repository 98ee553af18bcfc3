"""All books on one connection; see `ports.books` for what each of them promises."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from storage.database.acts import SqlActs
from storage.database.budgets import SqlBudgets
from storage.database.chats import SqlChats
from storage.database.conversations import SqlConversations
from storage.database.corrections import SqlCorrections
from storage.database.entries import SqlEntries
from storage.database.pushes import SqlPushes
from storage.database.receipts import SqlReceipts


@dataclass(frozen=True, slots=True)
class SqlBooks:
    """`ports.books.Books` on a connection."""

    connection: Connection

    @property
    def chats(self) -> SqlChats:
        """Chats, ledgers, members."""
        return SqlChats(self.connection)

    @property
    def entries(self) -> SqlEntries:
        """Entries and sums."""
        return SqlEntries(self.connection)

    @property
    def receipts(self) -> SqlReceipts:
        """Receipts."""
        return SqlReceipts(self.connection)

    @property
    def acts(self) -> SqlActs:
        """History, undo."""
        return SqlActs(self.connection)

    @property
    def budgets(self) -> SqlBudgets:
        """Budgets, alerts."""
        return SqlBudgets(self.connection)

    @property
    def corrections(self) -> SqlCorrections:
        """Learned categories."""
        return SqlCorrections(self.connection)

    @property
    def conversations(self) -> SqlConversations:
        """Buttons, questions, message subjects."""
        return SqlConversations(self.connection)

    @property
    def pushes(self) -> SqlPushes:
        """Schedules."""
        return SqlPushes(self.connection)
