"""Count entries of a currency again, after a chat set a rate or a better one was published.

The first batch is done at once, so that most ledgers are done with the answer; a schedule does the
others, each batch in a transaction of its own, and its subject remembers the place. A killed batch
is done again with the same result. A published rate that was final for an entry stays; only a chat's
own rate replaces it. Budgets are evaluated after every batch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial

from ledger.budgets.thresholds import Alert
from ledger.chats import Chat
from ledger.entries.entry import Entry
from ledger.entries.queries import Cursor
from ledger.rates.values import EURO
from ports.repositories import DueSchedule, Repositories, WaitingCurrency
from ports.units import UnitOfWorkFactory
from services.conversion import Conversion
from services.reporting.watching import claim_alerts
from services.scope import Scope

KIND = "recount"

BATCH_ENTRIES = 200
"""Entries of one transaction: on SQLite the writer is held for less than 50 ms."""
NEWEST_MAX = 10
"""Entries whose confirmations follow a change of a rate; older messages are seldom looked at."""
PLANNED_AT_ONCE = 200
"""Schedules that are written in one transaction."""


@dataclass(frozen=True, slots=True)
class Recounted:
    """The outcome of a scheduled batch: what its chat shall be told or shown."""

    chat: Chat
    message_key: str
    alerts: tuple[Alert, ...] = ()
    """The budgets that it took over a threshold."""
    newest: tuple[Entry, ...] = ()
    """The newest entries of the last batch, whose confirmations follow."""


@dataclass(frozen=True, slots=True)
class Counted:
    """The outcome of a batch: entries that count otherwise now, and whether a job does the rest."""

    changed: int = 0
    more: bool = False
    alerts: tuple[Alert, ...] = ()
    newest: tuple[Entry, ...] = ()
    """The newest of these entries, whose confirmations follow."""


@dataclass(frozen=True, slots=True)
class Recounting:
    """Counts entries again by the rates that are known now."""

    conversion: Conversion = field(default_factory=Conversion)

    def start(self, scope: Scope, currency: str, since: date) -> Counted:
        """Count the entries of a currency from a day on again, the first batch at once."""
        return self._fill(scope, currency, Cursor(since, ""))

    def take(self, scope: Scope, chat: Chat, row: DueSchedule) -> Sequence[Recounted]:
        """Count a batch; the schedule's subject holds the currency and the last entry done."""
        # The place is the subject, so each batch has a row of its own; the done one goes.
        scope.repositories.schedules.plan(scope.ledger.id, KIND, None, subject_id=row.subject_id)
        currency, after = _read_subject(row.subject_id)
        counted = self._fill(scope, currency, after)
        # Batches go by day, so the last one holds the newest entries.
        newest = () if counted.more else counted.newest
        if not (counted.alerts or newest):
            return ()
        return (Recounted(chat, f"{KIND}:{row.id}", counted.alerts, newest),)

    def _fill(self, scope: Scope, currency: str, after: Cursor) -> Counted:
        entries = scope.repositories.entries
        batch = entries.of_currency(scope.ledger.id, currency, after, BATCH_ENTRIES)
        conversion = self.conversion.for_batch()
        counted = [(entry, conversion.convert(scope, entry)) for entry in batch]
        changed = [pair for pair in counted if _is_better(*pair)]
        for _, after_entry in changed:
            entries.save(after_entry)
        more = len(batch) == BATCH_ENTRIES
        if more:
            last = Cursor(batch[-1].spent_on, batch[-1].id)
            subject = _write_subject(currency, last)
            scope.repositories.schedules.plan(scope.ledger.id, KIND, scope.now, subject_id=subject)
        alerts = claim_alerts(scope, changed) if changed else ()
        return Counted(len(changed), more, alerts, _list_newest(changed))


async def plan_waiting(units: UnitOfWorkFactory, now: datetime) -> None:
    """Plan to count again wherever entries wait for a rate of a currency that is published."""
    # Two short queries over indexes of their own, so a unit takes them as well as `read` does, which
    # would load SQLAlchemy's ORM for them.
    async with units.open(now=now) as unit:
        waiting = await unit.run(_find_waiting)
    for start in range(0, len(waiting), PLANNED_AT_ONCE):
        plan = partial(_plan, waiting=waiting[start : start + PLANNED_AT_ONCE], now=now)
        async with units.open(now=now) as unit:
            await unit.run(plan)


def _find_waiting(repositories: Repositories) -> list[WaitingCurrency]:
    # Entries in a currency that nobody publishes would be walked through every day.
    rates = repositories.rates
    waiting = rates.waiting()
    published = {EURO} | {c for c in {one.currency for one in waiting} if rates.newest([c])}
    return [one for one in waiting if one.currency in published]


def _plan(repositories: Repositories, waiting: Sequence[WaitingCurrency], now: datetime) -> None:
    for one in waiting:
        subject = _write_subject(one.currency, Cursor(one.first_day, ""))
        repositories.schedules.plan(one.ledger_id, KIND, now, subject_id=subject)


def _is_better(before: Entry, after: Entry) -> bool:
    """Return whether an entry counts otherwise now; a final published rate yields to an own one."""
    if before.base is None or after.base is None:
        return before.base != after.base
    if before.base.kind == after.base.kind == "daily":
        return before.base.money.currency != after.base.money.currency
    return before.base != after.base


def _list_newest(changed: Sequence[tuple[Entry, Entry]]) -> tuple[Entry, ...]:
    live = [entry for _, entry in changed if entry.deleted_at is None]
    return tuple(sorted(live, key=lambda entry: entry.created_at)[: -NEWEST_MAX - 1 : -1])


def _write_subject(currency: str, after: Cursor) -> str:
    return f"{currency}|{after.spent_on.isoformat()}|{after.entry_id}"


def _read_subject(subject: str) -> tuple[str, Cursor]:
    currency, day, entry_id = subject.split("|")
    return currency, Cursor(date.fromisoformat(day), entry_id)
