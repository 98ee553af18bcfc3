"""Find due schedules other than pushes, and run the rule of each one's kind.

A new kind (entries that recur, bills ahead) is a function and a row in `build_rules`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ledger.chats import Chat
from ledger.errors import NotFoundError
from ledger.periods.days import utc
from ports.repositories import DueSchedule, Repositories
from services import restating
from services.conversion import Conversion
from services.rates import recounting
from services.rates.recounting import Recounted, Recounting
from services.recurring import planning, reminders
from services.recurring.due import BATCH_ENTRIES, DueBooked, DueSeries
from services.recurring.reminders import Reminder
from services.reporting import card_schedule, pinned_cards
from services.reporting.pinned_cards import CardUpdate
from services.restating import Restating
from services.scope import Scope

TAKE_LIMIT = 20
"""Schedules of one unit: on SQLite the writer is held for their work, 100 ms at most."""

PARKED = timedelta(days=1)
"""The rest of a schedule whose kind this version does not know."""

_BATCHED = frozenset({restating.KIND, recounting.KIND})
_GO_ON = _BATCHED | {planning.KIND}
"""Kinds that may be due again at once."""

Rule = Callable[[Scope, Chat, DueSchedule], Sequence[object]]
"""Deals with a schedule that is due, plans its next time, and returns what to send."""


def build_rules(
    conversion: Conversion | None = None, due: DueSeries | None = None
) -> Mapping[str, Rule]:
    """Return the rule of each kind; without `due` no series is booked."""
    known = conversion or Conversion()
    rules: dict[str, Rule] = {
        restating.KIND: Restating(known).take,
        recounting.KIND: Recounting(known).take,
        card_schedule.KIND: pinned_cards.take,
        reminders.KIND: reminders.take,
    }
    return {**rules, planning.KIND: due.take} if due else rules


RULES = build_rules()


@dataclass(frozen=True, slots=True)
class Taken:
    """The outcome of one round of schedules.

    `recounted` are batches with alerts or newest entries. `unknown` are schedules of an unknown kind,
    which are parked. `more` means that the limit was reached, so the next round should not wait.
    """

    cards: tuple[CardUpdate, ...] = ()
    recounted: tuple[Recounted, ...] = ()
    booked: tuple[DueBooked, ...] = ()
    reminders: tuple[Reminder, ...] = ()
    unknown: tuple[DueSchedule, ...] = ()
    more: bool = False

    @property
    def says_something(self) -> bool:
        """Return whether messages are to be queued."""
        return bool(self.cards or self.recounted or self.booked or self.reminders)


def take_due(
    repositories: Repositories,
    now: datetime,
    limit: int = TAKE_LIMIT,
    rules: Mapping[str, Rule] = RULES,
) -> Taken:
    """Deal with due schedules, replan them, and return the cards to send in this unit."""
    now = utc(now)
    due = repositories.schedules.due(now, limit)
    outcomes: list[object] = []
    unknown: list[DueSchedule] = []
    for row in due:
        rule = rules.get(row.kind)
        if rule is None:
            # A newer version may have left it; it must not keep others waiting.
            _plan(repositories, row, now + PARKED)
            unknown.append(row)
        else:
            outcomes += _take(repositories, rule, row, now)
        if row.kind in _BATCHED or _count_entries(outcomes) >= BATCH_ENTRIES:
            # A batch is as much as one unit should hold the writer for.
            break
    return Taken(
        cards=tuple(one for one in outcomes if isinstance(one, CardUpdate)),
        recounted=tuple(one for one in outcomes if isinstance(one, Recounted)),
        booked=tuple(one for one in outcomes if isinstance(one, DueBooked)),
        reminders=tuple(one for one in outcomes if isinstance(one, Reminder)),
        unknown=tuple(unknown),
        # A schedule that goes on from batch to batch is due at once.
        more=len(due) == limit or any(row.kind in _GO_ON for row in due),
    )


def _count_entries(outcomes: Sequence[object]) -> int:
    return sum(len(one.booked) for one in outcomes if isinstance(one, DueBooked))


def _take(
    repositories: Repositories, rule: Rule, row: DueSchedule, now: datetime
) -> Sequence[object]:
    try:
        chat = repositories.chats.of_ledger(row.ledger_id)
    except NotFoundError:
        # The ledger was forgotten or merged since; its schedule would be due forever.
        _plan(repositories, row, None)
        return ()
    return rule(Scope(repositories, chat.ledger, 0, now, "clock"), chat, row)


def _plan(repositories: Repositories, row: DueSchedule, due_at: datetime | None) -> None:
    repositories.schedules.plan(row.ledger_id, row.kind, due_at, subject_id=row.subject_id)
