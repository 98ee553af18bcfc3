"""Claim the weekly summary and the monthly recap, exactly one per period.

A schedule holds the next time, a claim per (ledger, kind, period) marks a period as done, so
several processes may tick at once, late or twice.

Nothing is sent, but the period is claimed too, when the chat is muted, when nothing was
entered in the period, and when the time is more than a day past; only the last is worth a note.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from ledger.chats import Chat
from ledger.days import utc
from ledger.schedule import CATCH_UP, Due, key_of, missed_pushes, newest_passed, next_push
from ledger.settings import PushKind, Settings
from ports.answers import Summarised
from ports.repositories import DueSchedule
from services.reporting.reports import summarise
from services.scope import Scope

KINDS: tuple[PushKind, ...] = ("weekly", "monthly")

_FIELDS: dict[PushKind, tuple[str, ...]] = {
    "weekly": ("timezone", "week_start", "weekly_on", "weekly_day", "weekly_hour"),
    "monthly": ("timezone", "month_start", "month_workday", "monthly_on", "monthly_hour"),
}


@dataclass(frozen=True, slots=True)
class Push:
    """A push that was claimed and must be sent in the same unit."""

    chat: Chat
    kind: PushKind
    period_key: str
    summarised: Summarised
    due_at: datetime

    @property
    def message_key(self) -> str:
        """Return the key of its message; equal for equal periods, so it cannot be sent twice."""
        return f"push-{self.kind}-{self.chat.ledger.id}-{self.period_key}"

    @property
    def expires_at(self) -> datetime:
        """Return the moment after which it is dropped rather than sent late."""
        return self.due_at + CATCH_UP


@dataclass(frozen=True, slots=True)
class Skipped:
    """A push whose time passed more than a day ago, for the log; it will not be sent."""

    ledger_id: int
    kind: PushKind
    period_key: str
    due_at: datetime


def plan(scope: Scope, *, changed: bool = False, before: Settings | None = None) -> None:
    """Set the next due time of each push, for a new chat or changed settings.

    `chat` carries the new settings, `before` the old ones when known: then only what they move is
    replanned, and a kind that was off begins with its next time. With `changed` a period whose
    new time has passed is due at once, however long ago that was.
    """
    # Python compares aware datetimes of one zone by wall time; UTC repeats no hour.
    scope = replace(scope, now=utc(scope.now))
    for kind in KINDS:
        if before is not None and not _moved(kind, before, scope.settings):
            continue
        # A kind that was off owes no past period; it begins with the next one.
        was_off = before is not None and not _is_on(kind, before)
        last = None if was_off else scope.repositories.pushes.last_period(scope.ledger.id, kind)
        _plan(scope, kind, last=last, changed=changed and not was_off)


def take(scope: Scope, chat: Chat, row: DueSchedule) -> list[Push | Skipped]:
    """Claim the period of a schedule that is due, and plan the next one.

    Periods whose time passed meanwhile too, more than a day ago, are claimed as skipped: otherwise
    the next push would cover the oldest of them.
    """
    kind = _kind(row.kind)
    last = scope.repositories.pushes.last_period(scope.ledger.id, kind)
    # The row's own instant identifies its period, however late the tick is.
    pending = next_push(kind, chat.settings, now=row.due_at, last_period=last, changed=True)
    taken: list[Push | Skipped | None] = []
    if last is not None and pending is not None and pending.due_at <= row.due_at:
        taken.append(_claim(scope, chat, kind, replace(pending, due_at=row.due_at)))
        last = pending.period_key
        for due in missed_pushes(kind, chat.settings, now=scope.now, last_period=last):
            taken.append(_claim(scope, chat, kind, due))
            last = due.period_key
    _plan(scope, kind, last=last)
    return [one for one in taken if one is not None]


def _claim(scope: Scope, chat: Chat, kind: PushKind, due: Due) -> Push | Skipped | None:
    # The claim comes before every other check, so a skipped or muted period is done as well.
    if not scope.repositories.pushes.claim(scope.ledger.id, kind, due.period_key, scope.now):
        return None
    if scope.now - due.due_at > CATCH_UP:
        return Skipped(scope.ledger.id, kind, due.period_key, due.due_at)
    # A muted chat is not read, and a summary without entries has no content.
    if chat.muted:
        return None
    summarised = summarise(scope, due.period, kind=kind)
    sums = summarised.summary
    if not (sums.count or sums.income.amount or sums.unconverted_income):
        return None
    return Push(chat, kind, due.period_key, summarised, due.due_at)


def _plan(scope: Scope, kind: PushKind, *, last: str | None, changed: bool = False) -> None:
    """Set a schedule; `last` None: the chat begins with its next time.

    Earlier periods are not reported: the newest of them is claimed.
    """
    if last is None and _is_on(kind, scope.settings):
        last = key_of(newest_passed(kind, scope.settings, scope.now))
        scope.repositories.pushes.claim(scope.ledger.id, kind, last, scope.now)
    due = next_push(kind, scope.settings, now=scope.now, last_period=last, changed=changed)
    scope.repositories.schedules.plan(scope.ledger.id, kind, due.due_at if due else None)


def _is_on(kind: PushKind, settings: Settings) -> bool:
    return settings.weekly_on if kind == "weekly" else settings.monthly_on


def _moved(kind: PushKind, before: Settings, after: Settings) -> bool:
    return any(getattr(before, name) != getattr(after, name) for name in _FIELDS[kind])


def _kind(name: str) -> PushKind:
    return next(kind for kind in KINDS if kind == name)
