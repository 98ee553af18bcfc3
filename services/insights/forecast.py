"""Forecast what a running period will have cost; every projection of the bot comes from here."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from ledger.budgets.projection import LARGEST_COUNT, Payment, project_minor
from ledger.budgets.scopes import tag_key
from ledger.entries.queries import Coverage, DaySum, EntryFilter
from ledger.insights.forecast import PERIODS_MAX, PERIODS_MIN, Forecast, Known, expect
from ledger.money import Money
from ledger.periods.period import Period
from services.conversion import Conversion
from services.insights.repeats import Repeats, find_repeats, list_committed
from services.scope import Scope

EVERYTHING = Coverage()


def forecast(
    scope: Scope,
    period: Period | None = None,
    coverage: Coverage = EVERYTHING,
    *,
    repeats: Repeats | None = None,
) -> Forecast | None:
    """Return what a period that runs today is expected to cost, in the ledger's currency.

    Without a period it is the running month. `coverage` narrows it to categories, a tag or a person;
    `repeats` spares the search where the caller has made it. None where the period does not run, or
    where neither earlier periods nor its own pace tell anything yet.
    """
    period = period or scope.settings.calendar.of("month", scope.today)
    if not period.contains(scope.today):
        return None
    repeats = repeats or find_repeats(scope)
    known = _know(scope, period, coverage, repeats)
    expected = expect(known)
    return Forecast(period, scope.today, scope.settings.currency, expected) if expected else None


def forecast_filtered(scope: Scope, which: EntryFilter, spent: Money) -> Money | None:
    """Return what the entries of a filter are expected to sum up to at the end of its period.

    It is the forecast where a `Coverage` can say the same, and else the pace of `spent`, their sum so
    far. None where the period does not run or nothing can be told yet.
    """
    if which.period is None:
        return None
    seen = replace(which, period=None, type=None, categories=(), scopes=(), tags=(), paid_by=None)
    if which.type == "expense" and len(which.tags) <= 1 and not seen.is_narrow:
        tag = tag_key(which.tags[0]) if which.tags else ""
        found = forecast(scope, which.period, Coverage(which.categories, tag, which.paid_by))
        return found.total if found else None
    largest = scope.repositories.entries.largest(scope.ledger.id, which, limit=LARGEST_COUNT)
    payments = [(one.spent_on, one.base.money.minor) for one in largest if one.base]
    minor = project_minor(which.period, scope.today, spent.minor, payments)
    return None if minor is None else Money.of_minor(minor, spent.currency)


def _know(scope: Scope, period: Period, coverage: Coverage, repeats: Repeats) -> Known:
    before = _list_before(scope, period)
    whole = Period(before[0].start if before else period.start, period.end)
    days, written_on = _list_days(scope, whole, coverage)
    # A period in which nobody wrote anything down tells nothing of what was spent.
    before = tuple(one for one in before if any(one.contains(day) for day in written_on))
    known = Known(period, scope.today, days, before)
    # Only the pace counts large payments apart, so a longer history saves this query.
    if len(before) < PERIODS_MIN:
        known = replace(known, largest=_list_largest(scope, period, coverage, repeats))
    if coverage.tag or coverage.paid_by is not None:
        # A series names neither, so it stays in the sums.
        return replace(known, looked_from=None)
    committed = list_committed(scope, repeats, period, Conversion())
    return replace(
        known,
        looked_from=repeats.first_day or date.min,
        recurring=[
            DaySum(one.spent_on, one.category, one.base.money.minor)
            for one in repeats.entries
            if one.id in repeats.ids and one.type == "expense" and one.base
            if _is_in(coverage, one.category)
        ],
        committed=[one for one in committed if _is_in(coverage, one.category)],
    )


def _list_before(scope: Scope, period: Period) -> tuple[Period, ...]:
    """Return the earlier periods of the same kind that lie wholly in the ledger, oldest first."""
    # Other trips and chosen days are too unlike this one to be compared.
    if period.kind in {"trip", "custom"}:
        return ()
    first = scope.repositories.entries.first_day(scope.ledger.id)
    found: list[Period] = []
    while first is not None and len(found) < PERIODS_MAX:
        period = scope.settings.calendar.previous(period)
        # The period in which the ledger began lacks its first days and would look cheap.
        if period.start < first:
            break
        found.append(period)
    return tuple(reversed(found))


def _list_days(scope: Scope, whole: Period, coverage: Coverage) -> tuple[list[DaySum], set[date]]:
    """Return spending by day, and the days with spending of any kind."""
    ledger_id = scope.ledger.id
    found = scope.repositories.entries.daily(ledger_id, whole)
    written_on = {one.on for one in found}
    if coverage.tag or coverage.paid_by is not None:
        days, _ = scope.repositories.budgets.spent_by_day(ledger_id, coverage, whole)
        return [DaySum(on, "", minor) for on, minor in days.items()], written_on
    # None of these rows names a tag or a payer, hence the other query above.
    return [one for one in found if _is_in(coverage, one.category)], written_on


def _list_largest(
    scope: Scope, period: Period, coverage: Coverage, repeats: Repeats
) -> list[Payment]:
    """Return the largest payments of the period that do not come again."""
    which = EntryFilter(
        period=period,
        type="expense",
        categories=coverage.categories,
        tags=(coverage.tag,) if coverage.tag else (),
        paid_by=coverage.paid_by,
    )
    found = scope.repositories.entries.largest(scope.ledger.id, which, limit=LARGEST_COUNT)
    return [
        (one.spent_on, one.base.money.minor)
        for one in found
        if one.base and one.id not in repeats.ids
    ]


def _is_in(coverage: Coverage, category: str) -> bool:
    return not coverage.categories or category in coverage.categories
