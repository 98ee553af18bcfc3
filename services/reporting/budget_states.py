"""Compute states of budgets from sums of one statement each, and the rests of earlier periods.

A budget in the ledger's currency counts base amounts. One in another currency counts what was typed
in that currency as typed, and everything else at the rate of its day. Amounts without a known rate
are in no sum; a state names them apart. Nothing here is stored.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from ledger.budgets.budget import Budget, BudgetState, carry_into
from ledger.budgets.scopes import PERSON, TAG, counts, coverage_of, covers, is_refund, width
from ledger.entries.entry import Entry
from ledger.entries.queries import Coverage, Spending, Total
from ledger.money import Money
from ledger.periods.period import Period
from ledger.settings import Per, Settings
from services.conversion import Conversion
from services.scope import Scope


@dataclass(frozen=True, slots=True)
class _Spent:
    """Spending of a budget by day in its currency, and what has no rate."""

    by_day: Mapping[date, int]
    apart: tuple[Money, ...] = ()


@dataclass(frozen=True, slots=True)
class Sums:
    """States of budgets on one day, each sum queried once."""

    scope: Scope
    today: date
    conversion: Conversion = field(default_factory=Conversion)
    known: dict[tuple[str, Period, str, bool], _Spent] = field(default_factory=dict)
    by_category: dict[Period, dict[str, tuple[int, bool]]] = field(default_factory=dict)
    """Spending by category of a period, for all of its budgets at once."""
    states: dict[str, BudgetState] = field(default_factory=dict)
    """Running states by budget: an answer shows those that alerts have asked for."""
    names: dict[str, str] = field(default_factory=dict)
    running: dict[tuple[Per, Period | None], Period] = field(default_factory=dict)
    """The periods that hold the day, since every entry asks for those of every budget."""

    def period(self, budget: Budget) -> Period:
        """Return the running period of a budget."""
        key = (budget.per, budget.trip)
        if key not in self.running:
            self.running[key] = period_of(budget, self.scope.settings, self.today)
        return self.running[key]

    def state(self, budget: Budget, day: date | None = None) -> BudgetState:
        """Return the state of a budget in its running period, or in the one that holds a day."""
        if day:
            return self._compute(budget, period_of(budget, self.scope.settings, day))
        if budget.id not in self.states:
            self.states[budget.id] = self._compute(budget, self.period(budget))
        return self.states[budget.id]

    def _compute(self, budget: Budget, period: Period) -> BudgetState:
        currency = budget.limit.currency
        carried = None
        if budget.carry == "none" or budget.carry_from is None:
            spent = self._spent(budget, period)
        else:
            # One walk gives the period and every period before it.
            calendar = self.scope.settings.calendar
            first = budget.period(calendar, budget.carry_from).start
            spent = self._spent(budget, Period(min(first, period.start), period.end), by_day=True)
            carried = carry_into(budget, period, calendar, spent.by_day)
        minor = sum(n for on, n in spent.by_day.items() if period.contains(on))
        return BudgetState(
            budget,
            period,
            Money.of_minor(minor, currency),
            self.today,
            carried=carried,
            apart=spent.apart,
            person=self.person(budget.scope),
        )

    def part(self, entry: Entry | None, budget: Budget, period: Period) -> int:
        """Return what an entry adds to a budget in a period, in minor units; refunds lower it."""
        if entry is None or entry.deleted_at is not None or not counts(budget.scope, entry):
            return 0
        if not period.contains(entry.spent_on):
            return 0
        currency = budget.limit.currency
        # An entry without a rate has no base; it counts where its own currency is the budget's.
        stated = next(
            (
                money
                for money in (entry.money, entry.base.money if entry.base else entry.money)
                if money.currency == currency
            ),
            None,
        ) or self.conversion.restate(self.scope, entry.money, currency, entry.spent_on)
        if stated is None:
            return 0
        return -stated.minor if entry.type == "income" else stated.minor

    def person(self, target: str) -> str:
        """Return the name of the person whose spending a scope counts; empty for other scopes."""
        if not target.startswith(PERSON):
            return ""
        if not self.names:
            members = self.scope.repositories.chats.members(self.scope.ledger.id)
            self.names.update({f"{PERSON}{one.user_id}": one.name for one in members})
        return self.names.get(target, target.removeprefix(PERSON))

    def _spent(self, budget: Budget, period: Period, *, by_day: bool = False) -> _Spent:
        key = (budget.scope, period, budget.limit.currency, by_day)
        if key not in self.known:
            coverage = coverage_of(budget.scope, self.scope.settings.categories)
            if budget.limit.currency != self.scope.settings.currency:
                self.known[key] = self._converted(coverage, period, budget.limit.currency)
            else:
                self.known[key] = self._stated(coverage, period, by_day=by_day)
        return self.known[key]

    def _stated(self, coverage: Coverage, period: Period, *, by_day: bool) -> _Spent:
        """Sum base amounts; what has none is read apart, only where the sum has seen some."""
        budgets, ledger_id = self.scope.repositories.budgets, self.scope.ledger.id
        if by_day:
            days, has_apart = budgets.spent_by_day(ledger_id, coverage, period)
        else:
            minor, has_apart = self._sum(coverage, period)
            days = {period.start: minor}
        if not has_apart:
            return _Spent(days)
        return _Spent(days, _totals(budgets.apart(ledger_id, coverage, period)))

    def _sum(self, coverage: Coverage, period: Period) -> tuple[int, bool]:
        """Return `spent`; budgets of categories share one statement a period."""
        budgets, ledger_id = self.scope.repositories.budgets, self.scope.ledger.id
        if coverage.tag or coverage.paid_by is not None:
            return budgets.spent(ledger_id, coverage, period)
        if period not in self.by_category:
            self.by_category[period] = budgets.spent_by_category(ledger_id, period)
        sums = self.by_category[period]
        found = [sums[one] for one in coverage.categories or sums if one in sums]
        return sum(minor for minor, _ in found), any(apart for _, apart in found)

    def _converted(self, coverage: Coverage, period: Period, currency: str) -> _Spent:
        """Count what was typed in a currency as typed, and other amounts at their day's rate."""
        days: Counter[date] = Counter()
        apart: list[Spending] = []
        ledger_id = self.scope.ledger.id
        for one in self.scope.repositories.budgets.typed(ledger_id, coverage, period):
            money: Money | None = Money.of_minor(one.minor, one.currency)
            if one.currency != currency:
                assert money is not None
                money = self.conversion.restate(self.scope, money, currency, one.on)
            if money is None:
                apart.append(one)
            else:
                days[one.on] += money.minor
        return _Spent(days, _totals(apart))


def _totals(found: Sequence[Spending]) -> tuple[Money, ...]:
    """Sum spending by its currency; what came back in full is left out."""
    minors: Counter[str] = Counter()
    for one in found:
        minors[one.currency] += one.minor
    return tuple(Money.of_minor(minor, code) for code, minor in sorted(minors.items()) if minor)


def states_for(scope: Scope, entry: Entry) -> tuple[BudgetState, ...]:
    """Return the running budgets that an entry counts in, the narrowest first."""
    live = scope.repositories.budgets.list_all(scope.ledger.id)
    return states_of(live, Sums(scope, scope.today), entry)


def states_of(live: Sequence[Budget], sums: Sums, entry: Entry) -> tuple[BudgetState, ...]:
    """Return the running budgets among these that an entry counts in, the narrowest first."""
    return tuple(
        sums.state(budget)
        for budget in sorted(live, key=width)
        if sums.part(entry, budget, sums.period(budget))
    )


def states_in(
    sums: Sums, budgets: Sequence[Budget], totals: Sequence[Total], period: Period
) -> list[BudgetState]:
    """Return budget states in a period, by its totals where those tell enough."""
    return [
        BudgetState(
            budget,
            budget.period(sums.scope.settings.calendar, period.start),
            Money.of_minor(_sum(totals, budget.scope), budget.limit.currency),
            sums.today,
        )
        if _is_plain(budget, totals, sums.scope.settings.currency)
        else sums.state(budget, period.start)
        for budget in budgets
    ]


def _is_plain(budget: Budget, totals: Sequence[Total], currency: str) -> bool:
    """Return whether the totals of categories tell all of a budget."""
    return (
        budget.carry == "none"
        and not budget.scope.startswith((TAG, PERSON))
        and budget.limit.currency == currency
        and all(total.currency is None for total in totals)
    )


def period_of(budget: Budget, settings: Settings, day: date) -> Period:
    """Return the period of a budget that holds a day."""
    return budget.period(settings.calendar, day)


def _sum(totals: Sequence[Total], target: str) -> int:
    return sum(
        -total.minor if is_refund(total.type, total.category) else total.minor
        for total in totals
        if total.currency is None
        and covers(target, total.category)
        and (total.type == "expense" or is_refund(total.type, total.category))
    )
