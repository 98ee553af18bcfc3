"""Make, renew and end the secret link of a ledger's calendar, and read its days.

Only the hash of a secret is stored, so a copy of the database opens no calendar, and a link is shown
once.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from ledger.recurring.feeds import Feed
from ledger.recurring.series import Series
from ports.recurring import CalendarDay, FeedChange, FeedContent, FeedShown
from ports.repositories import Repositories
from services.recurring.reminders import DECIDE_DAYS, TRIAL_DAYS
from services.scope import Scope

SECRET_BYTES = 24
"""192 bits, which nobody guesses over a network."""
BEFORE = timedelta(days=31)
AHEAD = timedelta(days=400)
"""A yearly bill is always in it."""
DAYS_MAX = 3000
"""Days of one feed; a daily series alone has 431."""
_WEEKEND_MAX = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class CalendarLinks:
    """Keeps the calendar links of ledgers."""

    public_url: str = ""
    """Where people reach this installation; empty: a link would lead nowhere."""

    def change(self, scope: Scope, change: FeedChange) -> FeedShown:
        """Make a link (which ends the former one), end it, or only show whether there is one."""
        feeds = scope.repositories.calendar_feeds
        if not self.public_url:
            return FeedShown(is_possible=False)
        if change == "off":
            had = feeds.find(scope.ledger.id)
            feeds.remove(scope.ledger.id)
            return FeedShown(news="off" if had else "")
        if change == "new":
            secret = secrets.token_urlsafe(SECRET_BYTES)
            feed = Feed(scope.ledger.id, hash_secret(secret), scope.actor, scope.now)
            feeds.put(feed)
            link = f"{self.public_url}/ical/{secret}.ics"
            return FeedShown(news="new", link=link, made_on=scope.today)
        known = feeds.find(scope.ledger.id)
        return FeedShown(made_on=scope.ledger.today(known.made_at) if known else None)


def hash_secret(secret: str) -> str:
    """Return the hash by which a secret is found; a random secret needs no slow one."""
    return hashlib.sha256(secret.encode()).hexdigest()


def read_feed(repositories: Repositories, secret: str, now: datetime) -> FeedContent | None:
    """Return the calendar that a link opens; None for a link that was ended or never made.

    A chat that the bot was removed from is closed to its links too, and a link ends with the
    membership of its maker.
    """
    feed = repositories.calendar_feeds.of_secret(hash_secret(secret))
    if feed is None:
        return None
    chat = repositories.chats.of_ledger(feed.ledger_id)
    maker = repositories.chats.find(chat.chat_id, feed.made_by)
    if chat.muted or maker is None or maker.member is None or maker.member.left:
        return None
    today = chat.ledger.today(now)
    days = [
        day
        for series in repositories.series.list_all(feed.ledger_id)
        for day in list_calendar_days(series, today)
    ]
    days.sort(key=lambda day: (abs(day.on - today), day.series.id, day.about))
    return FeedContent(chat.title, chat.settings, today, tuple(days[:DAYS_MAX]))


def list_calendar_days(series: Series, today: date) -> Iterator[CalendarDay]:
    """Yield the days of a series that belong into a calendar."""
    if series.ended:
        return
    if series.contract:
        by, trial = series.contract.notice_by(today), series.contract.trial_ends
        if by:
            yield CalendarDay(series, by, "notice", by, DECIDE_DAYS)
        if trial and trial >= today - BEFORE:
            yield CalendarDay(series, trial, "trial", trial, TRIAL_DAYS)
    if not series.paused:
        yield from _list_due_days(series, today)


def _list_due_days(series: Series, today: date) -> Iterator[CalendarDay]:
    about = "bill" if series.remind_only else "booking"
    reminded = False
    for nominal in series.plan.occurrences(today - BEFORE, today + AHEAD + _WEEKEND_MAX):
        on = series.plan.rule.booked_on(nominal)
        yield CalendarDay(series, on, about, nominal, series.reminders)  # type: ignore[arg-type]
        if on >= today and not reminded:
            # Many calendars drop the alarms of a feed, so the next reminders are days as well.
            reminded = True
            for days in series.reminders:
                if days:
                    remind_on = on - timedelta(days=days)
                    yield CalendarDay(series, remind_on, "reminder", nominal, due_on=on)
