"""Compute the instant at which a push is due, from the chat's wall time and zone.

Every week (month) of a chat has exactly one push time in given settings: the first chosen weekday
and hour from the last day of that week on (the first day after that month). A push at the week's
last day therefore covers the week that ends, any other day covers the last complete week. Pushes
are remembered by period, so each week is summed up once whatever a chat changes. A nudge is about
its own day. Pushes wait while the chat's hours are quiet, and while it has paused them.

A period's key is its first day in ISO form; keys of one kind sort by time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from ledger.periods.days import day_of, utc, zone_of
from ledger.periods.period import Period, day_period
from ledger.settings import PushKind, Settings

CATCH_UP = timedelta(hours=24)
"""The delay after which a push is skipped."""

MORNING_HOUR = 8
"""The local hour at which pushes go on after a pause."""

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
_STEPS_MAX = 4
_MISSED_MAX = 60
"""Periods that are named as missed after a long downtime: a year of weeks."""


@dataclass(frozen=True, slots=True)
class Due:
    """The next push of a kind, with its time and the days that it covers."""

    due_at: datetime
    period_key: str
    period: Period


def next_push(
    kind: PushKind,
    settings: Settings,
    *,
    now: datetime,
    last_period: str | None,
    changed: bool = False,
) -> Due | None:
    """Return the next push, or None when the chat turned this kind off.

    A time that passed within `CATCH_UP` is still due at that time. With `changed` (the chat chose
    another day, hour or zone) a period whose new time has passed is due now however long ago that
    was, so no week is left out. `last_period` is the key of the newest period that is dealt with.
    """
    if not is_on(kind, settings):
        return None
    last = _day_of_key(last_period, day_of(now, settings.timezone))
    passed = newest_passed(kind, settings, now)
    # What passed longer ago is logged by `missed_pushes`, never sent late.
    for period in _unreported(kind, settings, passed, last):
        at = push_at(kind, settings, period)
        if changed or now - at <= CATCH_UP:
            return Due(now if changed else at, key_of(period), period)
    period = _following(kind, settings, passed)
    for _ in range(_STEPS_MAX):
        if not _is_reported(period, last):
            break
        period = _following(kind, settings, period)
    return Due(push_at(kind, settings, period), key_of(period), period)


def missed_pushes(
    kind: PushKind, settings: Settings, *, now: datetime, last_period: str | None
) -> list[Due]:
    """Return pushes missed more than `CATCH_UP` ago, oldest first, 60 at most.

    `last_period` is the key of the newest period that is dealt with; without one nothing was
    missed.
    """
    last = _day_of_key(last_period, day_of(now, settings.timezone))
    missed: list[Due] = []
    period = newest_passed(kind, settings, now)
    while last is not None and not _is_reported(period, last) and len(missed) < _MISSED_MAX:
        at = push_at(kind, settings, period)
        if now - at > CATCH_UP:
            missed.append(Due(at, key_of(period), period))
        period = _previous(kind, settings, period)
    return missed[::-1]


def newest_passed(kind: PushKind, settings: Settings, at: datetime) -> Period:
    """Return the newest period whose push time is not after this instant."""
    period = _holding(kind, settings, day_of(at, settings.timezone))
    # A push may be due up to a week after its period ends.
    while push_at(kind, settings, period) > at:
        period = _previous(kind, settings, period)
    return period


def is_on(kind: PushKind, settings: Settings) -> bool:
    """Return whether the chat wants pushes of a kind."""
    wanted = {
        "weekly": settings.weekly_on,
        "monthly": settings.monthly_on,
        "nudge": settings.nudge_on,
    }
    return wanted[kind]


def push_at(kind: PushKind, settings: Settings, period: Period) -> datetime:
    """Return the UTC instant at which a period is pushed."""
    if kind == "weekly":
        last = period.end - _DAY
        day, hour = last + _DAY * ((settings.weekly_day - last.weekday()) % 7), settings.weekly_hour
    elif kind == "monthly":
        day, hour = period.end, settings.monthly_hour
    else:
        day, hour = period.start, settings.nudge_hour
    at = instant_of(datetime.combine(day, time(hour)), settings.timezone)
    return after_quiet(at, settings)


def awake_at(now: datetime, settings: Settings) -> datetime:
    """Return this moment, or the end of the chat's pause and quiet hours.

    A pause moves no push time of its own: it has no beginning, so it would move past ones too.
    """
    return after_quiet(_after_pause(now, settings), settings)


def _after_pause(at: datetime, settings: Settings) -> datetime:
    if not settings.paused_until:
        return at
    day = date.fromisoformat(settings.paused_until)
    return max(at, instant_of(datetime.combine(day, time(MORNING_HOUR)), settings.timezone))


def after_quiet(at: datetime, settings: Settings) -> datetime:
    """Return the moment itself, or the end of the quiet hours that it lies in."""
    if not settings.quiet_hours:
        return at
    first, end = settings.quiet_hours
    wall = at.astimezone(zone_of(settings.timezone))
    # Hours that run over midnight are quiet before the end and from the first one on.
    is_late = wall.hour >= first
    quiet = (is_late or wall.hour < end) if first > end else first <= wall.hour < end
    if not quiet:
        return at
    day = wall.date() + (_DAY if first > end and is_late else timedelta(0))
    # Where the clock is set back over the end, its first occurrence may be past already.
    return max(at, instant_of(datetime.combine(day, time(end)), settings.timezone))


def period_of_key(kind: PushKind, settings: Settings, period_key: str) -> Period:
    """Return the period that a key names."""
    return _holding(kind, settings, date.fromisoformat(period_key))


def key_of(period: Period) -> str:
    """Return the key under which a push of this period is claimed."""
    return period.start.isoformat()


def instant_of(wall: datetime, timezone: str) -> datetime:
    """Return the UTC instant at which clocks of a zone show this naive time.

    A time that exists twice is the first of the two. One that does not exist is the end of the
    gap: the first instant after it (02:30 in spring becomes 03:00, a skipped day its midnight).
    """
    zone = zone_of(timezone)
    # PEP 495: inside a gap, fold 0 reads with the offset before it (an instant after the gap) and
    # fold 1 with the offset after it (an instant before the gap).
    at = utc(wall.replace(tzinfo=zone, fold=0))
    if at.astimezone(zone).replace(tzinfo=None) == wall:
        return at
    before, after = utc(wall.replace(tzinfo=zone, fold=1)), at
    offset = after.astimezone(zone).utcoffset()
    # Offsets of local mean time have seconds, so minutes would be too coarse.
    while after - before > _SECOND:
        middle = before + (after - before) // 2 // _SECOND * _SECOND
        if middle.astimezone(zone).utcoffset() == offset:
            after = middle
        else:
            before = middle
    return after


def _holding(kind: PushKind, settings: Settings, day: date) -> Period:
    if kind == "nudge":
        return day_period(day)
    return settings.calendar.of("week" if kind == "weekly" else "month", day)


def _previous(kind: PushKind, settings: Settings, period: Period) -> Period:
    return _holding(kind, settings, period.start - _DAY)


def _following(kind: PushKind, settings: Settings, period: Period) -> Period:
    return _holding(kind, settings, period.end)


def _unreported(
    kind: PushKind, settings: Settings, passed: Period, last: date | None
) -> list[Period]:
    """Return the periods whose time passed without a push, oldest first, two at most.

    Two can only pend when a chat moved its time and zone so far that both new times have passed.
    """
    before = _previous(kind, settings, passed)
    candidates = [passed] if last is None else [before, passed]
    return [period for period in candidates if not _is_reported(period, last)]


def _is_reported(period: Period, last: date | None) -> bool:
    """Return whether a push covered this period.

    When the chat moved the start of its weeks, a week that overlaps the last one by more than half
    counts as that one.
    """
    if last is None:
        return False
    # Rounded up, so of seven days at least four must be new.
    half = ((period.end - period.start).days + 1) // 2
    return period.start < last + _DAY * half


def _day_of_key(key: str | None, today: date) -> date | None:
    """Return a key's day; None for one in the future, which a clock that ran ahead has left."""
    day = date.fromisoformat(key) if key else None
    return day if day and day <= today else None
