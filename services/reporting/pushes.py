"""Claim the weekly summary, the monthly recap and the daily nudge, exactly one per period.

A schedule holds the next time, a claim per (ledger, kind, period) marks a period as taken, so
several processes may tick at once, late or twice. Claiming and planning the next time is quick, so
that all chats of an hour are claimed in moments; a claimed push then waits for its content
(`services.reporting.recaps`).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from ledger.errors import NotFoundError
from ledger.periods.days import day_of, utc
from ledger.periods.schedule import (
    CATCH_UP,
    awake_at,
    is_on,
    key_of,
    missed_pushes,
    newest_passed,
    next_push,
)
from ledger.settings import PUSH_KINDS, PushKind, Settings
from ports.repositories import DuePushes, Repositories
from services.scope import Scope

CLAIM_LIMIT = 1000
"""Pushes that are claimed in one unit: some milliseconds of the writer."""
MOVES_MAX = 8192
"""Claims that are kept computed: chats with the same settings share one."""

_ALWAYS = ("timezone", "quiet_hours", "paused_until")
_FIELDS: dict[PushKind, tuple[str, ...]] = {
    "weekly": (*_ALWAYS, "week_start", "weekly_on", "weekly_day", "weekly_hour"),
    "monthly": (*_ALWAYS, "month_start", "month_workday", "monthly_on", "monthly_hour"),
    "nudge": (*_ALWAYS, "nudge_on", "nudge_hour"),
}


@dataclass(frozen=True, slots=True)
class Skipped:
    """A push whose time passed more than a day ago, for the log; it will not be sent."""

    ledger_id: int
    kind: PushKind
    period_key: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Claimed:
    """The outcome of one round: how many schedules were dealt with, and what was skipped."""

    count: int = 0
    skipped: tuple[Skipped, ...] = ()
    more: bool = False
    """The limit was reached, so the next round should not wait."""


@dataclass(frozen=True, slots=True)
class _Move:
    """The period that a due push claims, None for none, and when it is due next."""

    period_key: str | None
    due_at: datetime


def plan(scope: Scope, *, changed: bool = False, before: Settings | None = None) -> None:
    """Set the next due time of each push, for a new chat or changed settings.

    `chat` carries the new settings, `before` the old ones when known: then only what they move is
    replanned, and a kind that was off begins with its next time. With `changed` a period whose
    new time has passed is due at once, however long ago that was.
    """
    # Python compares aware datetimes of one zone by wall time; UTC repeats no hour.
    scope = replace(scope, now=utc(scope.now))
    for kind in PUSH_KINDS:
        if before is None and not is_on(kind, scope.settings):
            continue
        if before is not None and not _moved(kind, before, scope.settings):
            continue
        # A kind that was off owes no past period; it begins with the next one.
        was_off = before is not None and not is_on(kind, before)
        last = None if was_off else scope.repositories.pushes.last_period(scope.ledger.id, kind)
        _plan(scope, kind, last=last, changed=changed and not was_off)


def claim_due(repositories: Repositories, now: datetime, limit: int = CLAIM_LIMIT) -> Claimed:
    """Claim pushes that are due, and plan their next time.

    What many chats have in common is claimed in one statement; a push with a past to sort out is
    taken alone.
    """
    now = utc(now)
    count = 0
    together: dict[_Move, list[int]] = defaultdict(list)
    skipped: list[Skipped] = []
    for due in repositories.schedules.due_pushes(now, limit):
        count += len(due.schedule_ids)
        move = _find_move(due.kind, due.settings, due.last_period, due.due_at, now)
        if move is None:
            for ledger_id in due.ledger_ids:
                skipped += _take_alone(repositories, due, ledger_id, now)
        else:
            together[move] += due.schedule_ids
    for move, schedule_ids in together.items():
        if move.period_key is not None:
            repositories.pushes.claim_many(schedule_ids, move.period_key, now)
        repositories.schedules.plan_many(schedule_ids, move.due_at)
    return Claimed(count, tuple(skipped), more=count == limit)


@lru_cache(maxsize=MOVES_MAX)
def _find_move(
    kind: PushKind, settings: Settings, last: str | None, due_at: datetime, now: datetime
) -> _Move | None:
    """Return the claim of a push without a past; None where periods were missed or turned off."""
    awake = awake_at(now, settings)
    if awake > now and is_on(kind, settings):
        return _Move(None, awake)
    # A key in the future was left by a clock that ran ahead.
    is_plain = last is not None and last <= day_of(now, settings.timezone).isoformat()
    if not is_plain or now - due_at > CATCH_UP:
        return None
    # The row's own instant identifies its period, however late the tick is.
    pending = next_push(kind, settings, now=due_at, last_period=last, changed=True)
    if pending is None or pending.due_at > due_at:
        return None
    if missed_pushes(kind, settings, now=now, last_period=pending.period_key):
        return None
    following = next_push(kind, settings, now=now, last_period=pending.period_key)
    return _Move(pending.period_key, following.due_at) if following else None


def _take_alone(
    repositories: Repositories, due: DuePushes, ledger_id: int, now: datetime
) -> list[Skipped]:
    """Claim the period of one schedule, and plan the next one.

    Periods whose time passed meanwhile too, more than a day ago, are claimed as skipped: otherwise
    the next push would cover the oldest of them.
    """
    try:
        chat = repositories.chats.of_ledger(ledger_id)
    except NotFoundError:
        # The ledger was forgotten or merged since; its schedule would be due forever.
        repositories.schedules.plan(ledger_id, due.kind, None)
        return []
    scope, kind = Scope(repositories, chat.ledger, 0, now), due.kind
    last = repositories.pushes.last_period(ledger_id, kind)
    pending = next_push(kind, scope.settings, now=due.due_at, last_period=last, changed=True)
    skipped: list[Skipped | None] = []
    if last is not None and pending is not None and pending.due_at <= due.due_at:
        skipped.append(_claim(scope, kind, pending.period_key, due.due_at))
        last = pending.period_key
        for missed in missed_pushes(kind, scope.settings, now=now, last_period=last):
            skipped.append(_claim(scope, kind, missed.period_key, missed.due_at))
            last = missed.period_key
    _plan(scope, kind, last=last)
    return [one for one in skipped if one is not None]


def _claim(scope: Scope, kind: PushKind, period_key: str, due_at: datetime) -> Skipped | None:
    """Claim a period; one whose time passed more than a day ago is done, and returned."""
    late = scope.now - due_at > CATCH_UP
    claimed = scope.repositories.pushes.claim(
        scope.ledger.id, kind, period_key, scope.now, due_at=None if late else due_at
    )
    return Skipped(scope.ledger.id, kind, period_key, due_at) if claimed and late else None


def _plan(scope: Scope, kind: PushKind, *, last: str | None, changed: bool = False) -> None:
    """Set a schedule; `last` None: the chat begins with its next time.

    Earlier periods are not reported: the newest of them is claimed.
    """
    if last is None and is_on(kind, scope.settings):
        last = key_of(newest_passed(kind, scope.settings, scope.now))
        scope.repositories.pushes.claim(scope.ledger.id, kind, last, scope.now)
    due = next_push(kind, scope.settings, now=scope.now, last_period=last, changed=changed)
    scope.repositories.schedules.plan(scope.ledger.id, kind, due.due_at if due else None)


def _moved(kind: PushKind, before: Settings, after: Settings) -> bool:
    return any(getattr(before, name) != getattr(after, name) for name in _FIELDS[kind])
