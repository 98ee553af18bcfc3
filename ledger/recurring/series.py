"""Define a series of entries, and the contract behind it."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from ledger.categories import merchant_key, note_key
from ledger.entries.entry import EntryType
from ledger.money import Money
from ledger.recurring.rules import Plan

_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Contract:
    """The terms by which a series can be ended."""

    ends: date | None = None
    """Last day of the running term; None: it can end at any time."""
    notice_days: int = 0
    """Days before the end by which notice must be given."""
    renews_months: int = 0
    """Months by which it renews itself without notice; 0: it ends by itself."""
    trial_ends: date | None = None
    """Last free day; decide before it."""

    def term_end(self, today: date) -> date | None:
        """Return the end of the term that runs on a day; renewals are counted from the first end."""
        if self.ends is None or not self.renews_months or today <= self.ends:
            return self.ends
        end, number = self.ends, 0
        while end < today:
            number += 1
            end = _add_months(self.ends, self.renews_months * number)
        return end

    def notice_by(self, today: date) -> date | None:
        """Return the last day for giving notice that is not over; None where none is needed."""
        end = self.term_end(today)
        if end is None:
            return None
        by = end - timedelta(days=self.notice_days)
        if by >= today or not self.renews_months:
            return by if by >= today else None
        following = self.term_end(end + timedelta(days=1))
        return following - timedelta(days=self.notice_days) if following else None


@dataclass(frozen=True, slots=True)
class Series:
    """Entries that a ledger books again and again."""

    id: str
    ledger_id: int
    type: EntryType
    money: Money
    note: str
    category: str
    plan: Plan
    paid_by: int
    created_by: int
    created_at: datetime
    merchant: str | None = None
    tags: tuple[str, ...] = ()
    paused: bool = False
    """Occurrences of a pause are left out, never booked later."""
    varies: bool = False
    """Each amount is booked as expected, marked, and asked about."""
    reminders: tuple[int, ...] = ()
    """Days before the booking on which people are reminded; 0 is the day itself."""
    remind_only: bool = False
    """A bill that a person pays and books; nothing is booked by itself."""
    contract: Contract | None = None
    booked_to: date | None = None
    """Occurrences before this day are booked, skipped or were before the series; None: none is."""
    ended: bool = False

    @property
    def title(self) -> str:
        """Return the note, else the merchant."""
        return self.note or self.merchant or ""

    @property
    def key(self) -> str:
        """Return its name as detection knows it (`ledger.recurring.detection.Spending.key`)."""
        return merchant_key(self.merchant) if self.merchant else note_key(self.note)


def _add_months(day: date, months: int) -> date:
    number = day.year * _MONTHS + day.month - 1 + months
    year, month = number // _MONTHS, number % _MONTHS + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
