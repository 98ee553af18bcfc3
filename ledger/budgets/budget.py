"""Define budgets, what they carry over, and their state on a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Literal

from ledger.money import Money, round_to_minor
from ledger.periods.period import Calendar, Period
from ledger.settings import Per

TOTAL = ""
"""The scope of a budget over all spending."""

Carry = Literal["none", "surplus", "overspend", "both"]
"""The rests of earlier periods that a budget takes along: unspent money, overspent money, or both."""

_ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class LimitStep:
    """Limit (in minor units) and carry of the periods that began before a day."""

    until: date
    minor: int
    carry: Carry


@dataclass(frozen=True, slots=True)
class Budget:
    """A limit for a scope and a kind of period.

    Scope: `""` all, a group id, a category id, `#tag`, or `@` and the user id of a person.
    """

    id: str
    ledger_id: int
    scope: str
    limit: Money
    per: Per
    carry: Carry = "none"
    carry_from: date | None = None
    """The first day of the first period whose rest is carried; None where nothing is."""
    steps: tuple[LimitStep, ...] = ()
    """Former limits and carries since `carry_from`, so that new ones change no earlier period."""
    trip: Period | None = None
    """The days of a budget for a trip."""

    def period(self, calendar: Calendar, day: date) -> Period:
        """Return the period that holds a day; a trip is always the same one."""
        if self.per == "trip":
            assert self.trip is not None, "a trip has dates"
            return self.trip
        return calendar.of(self.per, day)

    def step_on(self, day: date) -> LimitStep:
        """Return limit and carry of the period that begins on a day."""
        current = LimitStep(date.max, self.limit.minor, self.carry)
        return next((step for step in self.steps if day < step.until), current)


def budget_fields(budget: Budget) -> dict[str, Any]:
    """Return every field of a budget as JSON, for history and export."""
    return {
        "scope": budget.scope,
        "limit_minor": budget.limit.minor,
        "currency": budget.limit.currency,
        "per": budget.per,
        "carry": budget.carry,
        "carry_from": budget.carry_from.isoformat() if budget.carry_from else None,
        "steps": [[step.until.isoformat(), step.minor, step.carry] for step in budget.steps],
        "starts_on": budget.trip.start.isoformat() if budget.trip else None,
        "ends_on": budget.trip.last.isoformat() if budget.trip else None,
    }


def budget_with_fields(budget_id: str, ledger_id: int, fields: Mapping[str, Any]) -> Budget:
    """Return the budget of JSON fields; those of earlier versions have no rest and no trip."""
    trip = None
    if fields.get("starts_on"):
        first, last = (date.fromisoformat(fields[name]) for name in ("starts_on", "ends_on"))
        trip = Period(first, last + timedelta(days=1), "trip")
    carry_from = fields.get("carry_from")
    return Budget(
        budget_id,
        ledger_id,
        fields["scope"],
        Money.of_minor(fields["limit_minor"], fields["currency"]),
        fields["per"],
        carry=fields.get("carry", "none"),
        carry_from=date.fromisoformat(carry_from) if carry_from else None,
        steps=tuple(
            LimitStep(date.fromisoformat(until), *rest) for until, *rest in fields.get("steps", ())
        ),
        trip=trip,
    )


def carry_into(
    budget: Budget, period: Period, calendar: Calendar, spent: Mapping[date, int]
) -> Money:
    """Return the rest that a budget brings into a period from all before it; negative is a debt.

    It is added up again from the spending by day (minor units), so a late entry, a correction or an
    undo in an earlier period counts at once.
    """
    rest = 0
    if budget.carry_from is not None and budget.per != "trip":
        by_period: dict[date, int] = {}
        for day, minor in spent.items():
            start = budget.period(calendar, day).start
            by_period[start] = by_period.get(start, 0) + minor
        one = budget.period(calendar, budget.carry_from)
        # Each period in turn, because what goes on depends on the rest before it.
        while one.start < period.start:
            step = budget.step_on(one.start)
            rest = _kept(rest + step.minor - by_period.get(one.start, 0), step.carry)
            one = calendar.next(one)
    return Money.of_minor(rest, budget.limit.currency)


def _kept(rest: int, carry: Carry) -> int:
    """Return the part of a rest that goes on: unspent money, overspent money, or both."""
    if rest > 0:
        return rest if carry in ("surplus", "both") else 0
    return rest if carry in ("overspend", "both") else 0


@dataclass(frozen=True, slots=True)
class BudgetState:
    """The state of a budget on a day of one of its periods."""

    budget: Budget
    period: Period
    spent: Money
    today: date
    carried: Money | None = None
    """The rest of earlier periods, negative for a debt; None where nothing is carried."""
    apart: tuple[Money, ...] = ()
    """Spending in currencies without a known rate, which counts in no sum."""
    person: str = ""
    """The name of the person whose spending counts."""

    @property
    def available(self) -> Money:
        """Return the limit with what was carried into the period; a debt may leave it below zero."""
        limit = self.budget.limit
        return Money(limit.amount + self.carried.amount, limit.currency) if self.carried else limit

    @property
    def share(self) -> Decimal:
        """Return the spent share of what is available; 1 is all of it, more is overspent."""
        available = self.available.amount
        if available > 0:
            return self.spent.amount / available
        # Nothing may be spent: the debt and each further expense are over it.
        limit = self.budget.limit.amount
        over = self.spent.amount - available
        return _ONE + (over / limit if limit else over)

    @property
    def percent(self) -> int:
        """Return the share in whole percents, rounded down, so 100 means that all is spent."""
        return int(self.share * 100)

    @property
    def left(self) -> Money:
        """Return the rest of what is available; negative when overspent."""
        available = self.available
        return Money(available.amount - self.spent.amount, available.currency)

    @property
    def days_left(self) -> int:
        """Return the days that remain in the period, today included; at least 0."""
        # A period of the future, as a trip's, has all its days left.
        return max(0, (self.period.end - max(self.today, self.period.start)).days)

    @property
    def per_day(self) -> Money:
        """Return the rest a day until the period ends; zero when nothing is left."""
        left, days = self.left, self.days_left
        if left.amount <= 0 or not days:
            return Money(round_to_minor(Decimal(0), left.currency), left.currency)
        return Money(round_to_minor(left.amount / days, left.currency), left.currency)
