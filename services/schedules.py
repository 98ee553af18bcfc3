"""Schedules: find what is due, and let the rule of its kind deal with it.

A new kind (entries that recur, bills ahead) is a function here and a row in `RULES`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ledger.chats import Chat
from ledger.days import utc
from ledger.errors import NotFoundError
from ports.repositories import DueSchedule, Repositories
from services.reporting import pushes
from services.reporting.pushes import Push, Skipped
from services.scope import Scope

TAKE_LIMIT = 20
"""Schedules of one unit: on SQLite the writer is held for their summaries, 100 ms at most."""

PARKED = timedelta(days=1)
"""How long a schedule rests whose kind this version does not know."""

Rule = Callable[[Scope, Chat, DueSchedule], Sequence[Push | Skipped]]
"""Deals with a schedule that is due, and plans its next time."""

RULES: Mapping[str, Rule] = {"weekly": pushes.take, "monthly": pushes.take}


@dataclass(frozen=True, slots=True)
class Taken:
    """The outcome of one round.

    `unknown` are schedules of an unknown kind, which are parked. `more` says that the limit was
    reached, so the next round should not wait.
    """

    pushes: tuple[Push, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    unknown: tuple[DueSchedule, ...] = ()
    more: bool = False


def take_due(repositories: Repositories, now: datetime, limit: int = TAKE_LIMIT) -> Taken:
    """Deal with what is due, plan it anew, and return what to send in this unit."""
    now = utc(now)
    due = repositories.schedules.due(now, limit)
    outcomes: list[Push | Skipped] = []
    unknown: list[DueSchedule] = []
    for row in due:
        rule = RULES.get(row.kind)
        if rule is None:
            # A newer version may have left it; it must not keep others waiting.
            _plan(repositories, row, now + PARKED)
            unknown.append(row)
        else:
            outcomes += _take(repositories, rule, row, now)
    return Taken(
        pushes=tuple(one for one in outcomes if isinstance(one, Push)),
        skipped=tuple(one for one in outcomes if isinstance(one, Skipped)),
        unknown=tuple(unknown),
        more=len(due) == limit,
    )


def _take(
    repositories: Repositories, rule: Rule, row: DueSchedule, now: datetime
) -> Sequence[Push | Skipped]:
    try:
        chat = repositories.chats.of_ledger(row.ledger_id)
    except NotFoundError:
        _plan(repositories, row, None)
        return ()
    return rule(Scope(repositories, chat.ledger, 0, now), chat, row)


def _plan(repositories: Repositories, row: DueSchedule, due_at: datetime | None) -> None:
    repositories.schedules.plan(row.ledger_id, row.kind, due_at, subject_id=row.subject_id)
