"""Build every repository on one connection; `ports.repositories` documents each."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from storage.database.repositories.access import SqlAccess
from storage.database.repositories.budgets.budgets import SqlBudgets
from storage.database.repositories.calendar_feeds import SqlCalendarFeeds
from storage.database.repositories.chats.chats import SqlChats
from storage.database.repositories.chats.conversations import SqlConversations
from storage.database.repositories.entries.corrections import SqlCorrections
from storage.database.repositories.entries.entries import SqlEntries
from storage.database.repositories.entries.operations import SqlOperations
from storage.database.repositories.imports import SqlImports
from storage.database.repositories.insights import SqlInsightMarks
from storage.database.repositories.mail_addresses import SqlMailAddresses
from storage.database.repositories.programs.replays import SqlReplays
from storage.database.repositories.programs.webhooks import SqlWebhooks
from storage.database.repositories.rates import SqlRates
from storage.database.repositories.receipts import SqlReceipts
from storage.database.repositories.schedules.pinned_cards import SqlPinnedCards
from storage.database.repositories.schedules.pushes import SqlPushes
from storage.database.repositories.schedules.schedules import SqlSchedules
from storage.database.repositories.series import SqlSeries


@dataclass(frozen=True, slots=True)
class SqlRepositories:
    """`ports.repositories.Repositories` on a connection."""

    connection: Connection

    @property
    def chats(self) -> SqlChats:
        """Chats, ledgers, members."""
        return SqlChats(self.connection)

    @property
    def access(self) -> SqlAccess:
        """Sessions, tokens and links."""
        return SqlAccess(self.connection)

    @property
    def replays(self) -> SqlReplays:
        """Answers of calls by their keys."""
        return SqlReplays(self.connection)

    @property
    def webhooks(self) -> SqlWebhooks:
        """Webhooks."""
        return SqlWebhooks(self.connection)

    @property
    def mail_addresses(self) -> SqlMailAddresses:
        """Addresses for mail."""
        return SqlMailAddresses(self.connection)

    @property
    def entries(self) -> SqlEntries:
        """Entries and sums."""
        return SqlEntries(self.connection)

    @property
    def receipts(self) -> SqlReceipts:
        """Receipts."""
        return SqlReceipts(self.connection)

    @property
    def operations(self) -> SqlOperations:
        """History, undo."""
        return SqlOperations(self.connection)

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
    def schedules(self) -> SqlSchedules:
        """Moments at which something is due."""
        return SqlSchedules(self.connection)

    @property
    def pushes(self) -> SqlPushes:
        """Periods that were pushed."""
        return SqlPushes(self.connection)

    @property
    def rates(self) -> SqlRates:
        """Exchange rates."""
        return SqlRates(self.connection)

    @property
    def imports(self) -> SqlImports:
        """Imported files."""
        return SqlImports(self.connection)

    @property
    def pinned_cards(self) -> SqlPinnedCards:
        """Pinned cards."""
        return SqlPinnedCards(self.connection)

    @property
    def series(self) -> SqlSeries:
        """Series of entries that come again."""
        return SqlSeries(self.connection)

    @property
    def insight_marks(self) -> SqlInsightMarks:
        """Insights that were told or refused."""
        return SqlInsightMarks(self.connection)

    @property
    def calendar_feeds(self) -> SqlCalendarFeeds:
        """Secret calendar links."""
        return SqlCalendarFeeds(self.connection)
