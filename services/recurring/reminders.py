"""Remind of bookings, bills and contracts before they are due.

A reminder is of a civil day, at nine in the morning of the chat. After a downtime the newest reminder
of each occurrence is sent, the earlier ones are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from ledger.chats import Chat
from ledger.periods.days import day_of
from ledger.periods.schedule import awake_at, instant_of
from ledger.recurring.series import Contract, Series
from ports.recurring import SeriesReminded
from ports.repositories import DueSchedule
from services.recurring.bills import list_paid
from services.scope import Scope

KIND = "remind"
REMINDER_HOUR = 9
DECIDE_DAYS = (14, 3, 0)
"""Days before the last day for giving notice."""
TRIAL_DAYS = (3, 1)
"""Days before the last free day."""
_AHEAD = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Reminder:
    """A reminder that must be sent in the unit in which it was taken."""

    chat: Chat
    reminded: SeriesReminded
    message_key: str


def plan_next(scope: Scope, series: Series, *, after: date | None = None) -> None:
    """Plan the next reminder of a series, later than `after` or else not past yet."""
    now = scope.now
    days = sorted({day for day, _ in _list_reminders(series, scope.today)})
    moments = [_moment(scope, day) for day in days if after is None or day > after]
    at = next((moment for moment in moments if moment > now), None)
    scope.repositories.schedules.plan(scope.ledger.id, KIND, at, subject_id=series.id)


def take(scope: Scope, chat: Chat, row: DueSchedule) -> Sequence[object]:
    """Send the reminders that are due, each once."""
    series = scope.repositories.series.find(scope.ledger.id, row.subject_id)
    if series is None:
        scope.repositories.schedules.plan(scope.ledger.id, KIND, None, subject_id=row.subject_id)
        return ()
    awake = awake_at(scope.now, scope.settings)
    if awake > scope.now:
        scope.repositories.schedules.plan(scope.ledger.id, KIND, awake, subject_id=series.id)
        return ()
    since = day_of(row.due_at, scope.settings.timezone)
    newest: dict[tuple[str, date], SeriesReminded] = {}
    for day, reminded in _list_reminders(series, since):
        # A bill is still to be paid after its day; a booking is no longer ahead.
        is_open = reminded.on >= scope.today or reminded.about == "bill"
        if since <= day <= scope.today and is_open:
            newest[reminded.about, reminded.on] = reminded
    plan_next(scope, series, after=scope.today)
    if chat.muted:
        return ()
    bills = [
        (series, one.nominal) for one in newest.values() if one.about == "bill" and one.nominal
    ]
    paid = list_paid(scope, bills)
    return [
        Reminder(chat, one, f"{KIND}-{series.id}-{scope.today}-{one.about}-{one.on}")
        for one in newest.values()
        if (series.id, one.nominal) not in paid and _claim(scope, series, one)
    ]


def _claim(scope: Scope, series: Series, one: SeriesReminded) -> bool:
    """Claim a reminder of today; False when another process has sent it."""
    kind = f"{KIND}:{series.id}:{one.about}:{one.on}"
    return scope.repositories.pushes.claim(
        scope.ledger.id, kind, scope.today.isoformat(), scope.now
    )


def _moment(scope: Scope, day: date) -> datetime:
    return instant_of(datetime.combine(day, time(REMINDER_HOUR)), scope.settings.timezone)


def _list_reminders(series: Series, today: date) -> Iterator[tuple[date, SeriesReminded]]:
    """Yield the reminders of the next occurrences and of the contract, each with its day."""
    if series.ended:
        return
    if series.contract:
        yield from _list_decisions(series, series.contract, today)
    if series.paused or not series.reminders:
        return
    longest = timedelta(days=max(series.reminders))
    about = "bill" if series.remind_only else "booking"
    found = series.plan.occurrences(today - timedelta(days=4), date.max)
    for number, nominal in enumerate(found):
        on = series.plan.rule.booked_on(nominal)
        for days in series.reminders:
            yield on - timedelta(days=days), SeriesReminded(series, on, about, nominal)  # type: ignore[arg-type]
        # One occurrence whose every reminder lies ahead is enough to find the next moment.
        if number > 1 and on - longest > today + _AHEAD:
            return


def _list_decisions(
    series: Series, contract: Contract, today: date
) -> Iterator[tuple[date, SeriesReminded]]:
    if trial := contract.trial_ends:
        for days in TRIAL_DAYS:
            yield trial - timedelta(days=days), SeriesReminded(series, trial, "trial")
    by = contract.notice_by(today)
    if by:
        for days in DECIDE_DAYS:
            yield by - timedelta(days=days), SeriesReminded(series, by, "notice")
