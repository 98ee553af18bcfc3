"""Declare all repositories of one unit of work."""

from __future__ import annotations

from typing import Protocol

from ports.access import AccessTable
from ports.mail import MailAddresses
from ports.programs.replays import Replays
from ports.programs.webhooks import Webhooks
from ports.repositories.budgets import Budgets
from ports.repositories.chats import Chats
from ports.repositories.conversations import Conversations
from ports.repositories.entries import Corrections, Entries, Operations
from ports.repositories.imports import Imports
from ports.repositories.insights import InsightMarks
from ports.repositories.rates import RateTable
from ports.repositories.receipts import Receipts
from ports.repositories.recurring import CalendarFeeds, SeriesTable
from ports.repositories.schedules import PinnedCards, Pushes, Schedules


class Repositories(Protocol):
    """Every repository, on one connection."""

    @property
    def chats(self) -> Chats:
        """Chats, ledgers, members."""

    @property
    def access(self) -> AccessTable:
        """Sessions, tokens and links."""

    @property
    def replays(self) -> Replays:
        """Answers of calls by their keys."""

    @property
    def webhooks(self) -> Webhooks:
        """Webhooks."""

    @property
    def mail_addresses(self) -> MailAddresses:
        """Addresses for mail."""

    @property
    def entries(self) -> Entries:
        """Entries and sums."""

    @property
    def receipts(self) -> Receipts:
        """Receipts."""

    @property
    def operations(self) -> Operations:
        """History, undo."""

    @property
    def budgets(self) -> Budgets:
        """Budgets, alerts."""

    @property
    def corrections(self) -> Corrections:
        """Learned categories."""

    @property
    def conversations(self) -> Conversations:
        """Buttons, questions, message subjects."""

    @property
    def schedules(self) -> Schedules:
        """Moments at which something is due."""

    @property
    def pushes(self) -> Pushes:
        """Periods that were pushed."""

    @property
    def rates(self) -> RateTable:
        """Exchange rates."""

    @property
    def imports(self) -> Imports:
        """Imported files."""

    @property
    def pinned_cards(self) -> PinnedCards:
        """Pinned cards."""

    @property
    def series(self) -> SeriesTable:
        """Series of entries that come again."""

    @property
    def insight_marks(self) -> InsightMarks:
        """Insights that were told or refused."""

    @property
    def calendar_feeds(self) -> CalendarFeeds:
        """Secret calendar links."""
