"""Store budgets and the alerts that were sent for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, bindparam, func, select, update

from ledger.budgets.budget import Budget, LimitStep
from ledger.entries.queries import Coverage, Spending
from ledger.money import Money
from ledger.periods.period import Period
from storage.database.connections.prepared import change, fetch, fetch_one, fetch_value
from storage.database.repositories.budgets import budget_sums
from storage.database.tables import alerts, budgets
from storage.database.types import AnyRow
from storage.database.upsert import insert

_b = budgets.c
# Only what a budget has a field for, because every entry lists the budgets.
_FIELDS = (
    _b.id,
    _b.ledger_id,
    _b.scope,
    _b.limit_minor,
    _b.currency,
    _b.per,
    _b.carry,
    _b.carry_from,
    _b.steps,
    _b.starts_on,
    _b.ends_on,
)
_LIST = (
    select(*_FIELDS)
    .where(_b.ledger_id == bindparam("ledger"), _b.removed_at.is_(None))
    .order_by(_b.scope, _b.per, _b.id)
)
_FIND = select(*_FIELDS).where(_b.ledger_id == bindparam("ledger"), _b.id == bindparam("budget"))
_NEW = insert(budgets)
_PUT = _NEW.on_conflict_do_update(
    index_elements=["id"],
    set_={
        name: _NEW.excluded[name]
        for name in (
            "scope",
            "per",
            "limit_minor",
            "currency",
            "carry",
            "carry_from",
            "steps",
            "starts_on",
            "ends_on",
            "updated_at",
            "removed_at",
        )
    },
    where=_b.ledger_id == _NEW.excluded.ledger_id,
)
_REMOVE = (
    update(budgets)
    .where(_b.ledger_id == bindparam("ledger"), _b.id == bindparam("budget"))
    .values(removed_at=bindparam("now"), updated_at=bindparam("now"))
)

_OF_PERIOD = (
    alerts.c.budget_id == bindparam("budget"),
    alerts.c.period_start == bindparam("start"),
)
_ALERTED = select(alerts.c.threshold).where(*_OF_PERIOD, alerts.c.reset.is_(False))
_GENERATION = select(func.count()).where(
    *_OF_PERIOD, alerts.c.threshold == bindparam("threshold"), alerts.c.reset.is_(True)
)
_ALERT = insert(alerts).on_conflict_do_nothing().returning(alerts.c.threshold)
_COUNT_ALERT = update(budgets).where(_b.id == bindparam("budget")).values(alerts=_b.alerts + 1)
_RESET = (
    update(alerts)
    .where(*_OF_PERIOD, alerts.c.threshold.in_(bindparam("thresholds", expanding=True)))
    .values(reset=True)
)


@dataclass(frozen=True, slots=True)
class SqlBudgets:
    """`ports.repositories.Budgets` on a connection."""

    connection: Connection

    def list_all(self, ledger_id: int) -> list[Budget]:
        """Return the live budgets of a ledger, the total first, then by scope."""
        return [budget_of(row) for row in fetch(self.connection, _LIST, {"ledger": ledger_id})]

    def find(self, ledger_id: int, budget_id: str) -> Budget | None:
        """Return a budget, live or not."""
        where = {"ledger": ledger_id, "budget": budget_id}
        row = fetch_one(self.connection, _FIND, where)
        return None if row is None else budget_of(row)

    def put(self, budget: Budget, now: datetime) -> None:
        """Insert or replace the budget of this id (revives a removed one)."""
        row = {
            "id": budget.id,
            "ledger_id": budget.ledger_id,
            "scope": budget.scope,
            "per": budget.per,
            "limit_minor": budget.limit.minor,
            "currency": budget.limit.currency,
            "carry": budget.carry,
            "carry_from": budget.carry_from,
            "steps": [[step.until.isoformat(), step.minor, step.carry] for step in budget.steps],
            "starts_on": budget.trip.start if budget.trip else None,
            "ends_on": budget.trip.last if budget.trip else None,
            "updated_at": now,
            "removed_at": None,
        }
        change(self.connection, _PUT, row)

    def spent(self, ledger_id: int, coverage: Coverage, period: Period) -> tuple[int, bool]:
        """Return spending less refunds in minor units of the ledger's currency."""
        return budget_sums.spent(self.connection, ledger_id, coverage, period)

    def spent_by_day(
        self, ledger_id: int, coverage: Coverage, period: Period
    ) -> tuple[dict[date, int], bool]:
        """Return `spent` by day."""
        return budget_sums.by_day(self.connection, ledger_id, coverage, period)

    def spent_by_category(self, ledger_id: int, period: Period) -> dict[str, tuple[int, bool]]:
        """Return `spent` of every category with spending."""
        return budget_sums.by_category(self.connection, ledger_id, period)

    def typed(self, ledger_id: int, coverage: Coverage, period: Period) -> list[Spending]:
        """Return spending less refunds as typed, by day and currency."""
        return budget_sums.typed(self.connection, ledger_id, coverage, period)

    def apart(self, ledger_id: int, coverage: Coverage, period: Period) -> list[Spending]:
        """Return the part of `typed` that has no amount in the ledger's currency."""
        return budget_sums.apart(self.connection, ledger_id, coverage, period)

    def remove(self, ledger_id: int, budget_id: str, now: datetime) -> None:
        """Mark a budget as removed."""
        where = {"ledger": ledger_id, "budget": budget_id, "now": now}
        change(self.connection, _REMOVE, where)

    def alerted(self, budget_id: str, period_start: date) -> set[str]:
        """Return the keys of the thresholds that are alerted and not reset in a period."""
        where = {"budget": budget_id, "start": period_start}
        return {row.threshold for row in fetch(self.connection, _ALERTED, where)}

    def alert(self, budget_id: str, period_start: date, threshold: str, now: datetime) -> bool:
        """Claim an alert; False when it was sent in this generation already.

        A generation ends when its row is reset, so the next one's number is the count of those:
        two who claim at once claim the same number, and the key lets one of them through.
        """
        where = {"budget": budget_id, "start": period_start, "threshold": threshold}
        generation = fetch_value(self.connection, _GENERATION, where)
        row = {
            "budget_id": budget_id,
            "period_start": period_start,
            "threshold": threshold,
            "generation": generation,
            "alerted_at": now,
        }
        if fetch_one(self.connection, _ALERT, row) is None:
            return False
        change(self.connection, _COUNT_ALERT, {"budget": budget_id})
        return True

    def reset(self, budget_id: str, period_start: date, thresholds: Sequence[str]) -> None:
        """Let thresholds alert again."""
        where = {"budget": budget_id, "start": period_start, "thresholds": list(thresholds)}
        change(self.connection, _RESET, where)


def budget_of(row: AnyRow) -> Budget:
    """Return the budget of a row."""
    limit = Money.of_minor(row.limit_minor, row.currency)
    trip = None
    if row.starts_on is not None:
        trip = Period(row.starts_on, row.ends_on + timedelta(days=1), "trip")
    steps = tuple(LimitStep(date.fromisoformat(until), *rest) for until, *rest in row.steps)
    return Budget(
        row.id,
        row.ledger_id,
        row.scope,
        limit,
        row.per,
        carry=row.carry,
        carry_from=row.carry_from,
        steps=steps,
        trip=trip,
    )
