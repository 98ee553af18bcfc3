"""Declare the repositories of one unit of work.

All methods are plain and synchronous: a unit runs them where its connection lives. They are
coarse, because a statement costs more than the Python around it. Rows never leave `storage`:
values of `ledger` and of this package go in and out. Methods named `get_` lock their row for the
rest of the unit and raise `NotFoundError`; `find_` may return None.
"""

from ports.repositories.budgets import Budgets
from ports.repositories.chats import Chats
from ports.repositories.conversations import Confirmation, Conversations, Keyboard
from ports.repositories.entries import Corrections, Entries, Operations
from ports.repositories.imports import Imports
from ports.repositories.insights import InsightMarks
from ports.repositories.rates import RateTable, WaitingCurrency
from ports.repositories.receipts import Receipts
from ports.repositories.recurring import CalendarFeeds, SeriesTable
from ports.repositories.schedules import (
    DuePushes,
    DueSchedule,
    PinnedCard,
    PinnedCards,
    Pushes,
    Schedules,
    WaitingPush,
)
from ports.repositories.unit import Repositories

__all__ = [
    "Budgets",
    "CalendarFeeds",
    "Chats",
    "Confirmation",
    "Conversations",
    "Corrections",
    "DuePushes",
    "DueSchedule",
    "Entries",
    "Imports",
    "InsightMarks",
    "Keyboard",
    "Operations",
    "PinnedCard",
    "PinnedCards",
    "Pushes",
    "RateTable",
    "Receipts",
    "Repositories",
    "Schedules",
    "SeriesTable",
    "WaitingCurrency",
    "WaitingPush",
]
