"""Define answers about series of entries that come again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from ledger.budgets.thresholds import Alert
from ledger.money import Money
from ledger.recurring.detection import Detected
from ledger.recurring.series import Series
from ledger.settings import Settings
from ports.answers import Booked, Confirmed

SeriesPage = Literal["", "step", "day", "weekend", "end", "reminders", "contract"]
"""A page of a series' card; empty for the first one."""
Reach = Literal["this", "on", "all"]
"""A change is of the latest entry, of the series from now on, or of both and all earlier entries."""


@dataclass(frozen=True, slots=True)
class SeriesShown:
    """A series with what a change of it booked."""

    series: Series
    next_on: date | None
    """The day on which the next occurrence is booked."""
    next_nominal: date | None = None
    """The same without the rule for weekends."""
    page: SeriesPage = ""
    news: Literal["", "made", "gone"] = ""
    stepped: bool = True
    """False where the words named no step, so it is monthly."""
    booked: tuple[Booked, ...] = ()
    typed: tuple[date, ...] = ()
    """Nominal days that were booked by hand before, so that they are not booked again."""
    alerts: tuple[Alert, ...] = ()
    confirmed: tuple[Confirmed, ...] = ()
    is_changed: bool = False
    """True where a press changed something, which a group is told."""


@dataclass(frozen=True, slots=True)
class SeriesListed:
    """All series with the days of their next occurrences, and offers to make some."""

    series: tuple[tuple[Series, date | None], ...]
    offers: tuple[Detected, ...] = ()


@dataclass(frozen=True, slots=True)
class SeriesAmount:
    """The question which entries of a series another amount is meant for."""

    series: Series
    money: Money
    has_entry: bool
    """Something is booked that can be changed."""


@dataclass(frozen=True, slots=True)
class SeriesExists:
    """The question whether words mean a series that is there, or one more of its name."""

    series: Series
    """The running series."""
    wanted: Series
    """The series that the words describe, which is not kept yet."""
    next_on: date | None
    """The day of the running series' next booking."""
    stepped: bool = True
    """As `SeriesShown.stepped`, of the wanted one."""
    has_entry: bool = False
    """Something of the running series is booked that can be changed."""
    falls_alike: bool = True
    """Both are due on the same days."""


@dataclass(frozen=True, slots=True)
class SeriesReminded:
    """Hold one reminder with its subject."""

    series: Series
    on: date
    """The day of the booking, or the last day to decide."""
    about: Literal["booking", "bill", "notice", "trial"]
    nominal: date | None = None
    """Names the occurrence of a bill, which a press books."""


FeedChange = Literal["show", "new", "off"]
"""Show the state of a ledger's calendar link, make a link, or end it."""


@dataclass(frozen=True, slots=True)
class FeedShown:
    """The state of a ledger's calendar link."""

    is_possible: bool = True
    """False where this installation has no public address."""
    news: Literal["", "new", "off"] = ""
    link: str = ""
    """The link that was just made; nobody can show it again."""
    made_on: date | None = None
    """None where there is no link."""


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A day of a calendar feed."""

    series: Series
    on: date
    about: Literal["booking", "bill", "notice", "trial", "reminder"]
    nominal: date
    """Tells the occurrence, whatever day it is moved to."""
    alarms: tuple[int, ...] = ()
    """Days before on which a calendar may remind; 0 is the day itself."""
    due_on: date | None = None
    """The day of which a reminder tells."""


@dataclass(frozen=True, slots=True)
class FeedContent:
    """The content of a calendar feed."""

    title: str
    settings: Settings
    today: date
    days: tuple[CalendarDay, ...]
