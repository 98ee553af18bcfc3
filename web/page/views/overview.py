"""Show one period of a ledger, the first view of the dashboard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from markupsafe import Markup

from ledger.budgets.budget import BudgetState
from ledger.budgets.scopes import coverage_of
from ledger.categories import GROUPS
from ledger.entries.queries import EntryFilter
from ledger.money import Money
from presentation.charts import category_icon, progress, share_bar
from presentation.views.parts import budget_name
from services.dashboard.overview import Overview, PersonSpending
from services.recurring.coming import Occurrence
from web.page.views.calendar import CalendarPart, calendar_part
from web.page.views.figures import (
    AllowancePart,
    CategoryRow,
    PacePart,
    SumsPart,
    allowance_part,
    category_rows,
    pace_part,
    sums_part,
)
from web.page.views.forecast import ForecastPart, forecast_part
from web.page.views.parts import (
    Context,
    EntryRow,
    PeriodBar,
    capital,
    category_name,
    entry_row,
    period_bar,
)

_HIGH_PERCENT = 80
_TO_PAY = {False: "app.to_pay", True: "series.unpaid"}
_FILLS = {"over": "more", "high": "high", "fine": "less"}


@dataclass(frozen=True, slots=True)
class BudgetRow:
    """A budget with its state."""

    name: str
    icon: Markup
    period: str
    spent_of: str
    percent: str
    state: str
    """`fine`, `high` or `over`."""
    bar: Markup
    left: str
    pace: str
    """Spending against the elapsed part of the period; empty after its end."""
    url: str


@dataclass(frozen=True, slots=True)
class PersonRow:
    """The spending that a member paid."""

    name: str
    amount: str
    share: str
    bar: Markup
    url: str


@dataclass(frozen=True, slots=True)
class ComingRow:
    """An occurrence of a series that is still to come."""

    icon: Markup
    title: str
    day: str
    amount: str
    is_income: bool
    to_pay: str
    """That it is a bill, and whether its day has passed; empty for what is booked by itself."""


@dataclass(frozen=True, slots=True)
class OverviewPage:
    """The first view."""

    period: PeriodBar
    sums: SumsPart
    allowance: AllowancePart | None
    pace: PacePart | None
    forecast: ForecastPart | None
    categories: tuple[CategoryRow, ...]
    budgets: tuple[BudgetRow, ...]
    calendar: CalendarPart | None
    people: tuple[PersonRow, ...]
    coming: tuple[ComingRow, ...]
    latest: tuple[EntryRow, ...]
    entries_url: str
    is_new: bool
    """The ledger has no entry at all."""


def overview_page(overview: Overview, context: Context) -> OverviewPage:
    """Return the view of a period."""
    sums = overview.summary
    which = EntryFilter(period=sums.period)
    return OverviewPage(
        period_bar(sums.period, overview.summarised.settings, context),
        sums_part(sums, which, context),
        allowance_part(overview.allowance, context),
        pace_part(overview, context),
        forecast_part(overview, context),
        category_rows(sums, context),
        tuple(budget_row(state, context) for state in overview.summarised.budgets),
        calendar_part(sums, context) if sums.days else None,
        _people(overview.people, context),
        tuple(coming_row(one, context) for one in overview.coming),
        tuple(entry_row(one, context, dated=True) for one in overview.latest),
        context.links.entries(which),
        overview.first_day is None,
    )


def budget_row(state: BudgetState, context: Context) -> BudgetRow:
    """Return the row of a budget, whose link opens the entries that it counts."""
    t, over = context.t, state.left.amount < 0
    scope = state.budget.scope
    mood = "over" if over else "high" if state.percent >= _HIGH_PERCENT else "fine"
    runs = state.period.contains(state.today)
    gone = (state.today - state.period.start).days + 1
    bar = progress(
        float(min(max(state.share, Decimal(0)), Decimal(1))),
        gone / state.period.days if runs else None,
        fill=_FILLS[mood],
    )
    coverage = coverage_of(scope, t.settings.categories)
    which = EntryFilter(
        period=state.period,
        categories=coverage.categories,
        scopes=(scope,) if coverage.categories else (),
        tags=(coverage.tag,) if coverage.tag else (),
        paid_by=coverage.paid_by,
    )
    left = Money(abs(state.left.amount), state.left.currency)
    return BudgetRow(
        budget_name(state, t),
        context.drawn(category_icon("all" if scope in ("", *GROUPS) else scope)),
        capital(t.period(state.period, context.today)),
        t.plain("app.budget.spent_of", spent=state.spent, limit=state.available),
        t.percent(Decimal(state.percent) / 100),
        mood,
        context.drawn(bar),
        t.plain("app.budget.over" if over else "app.budget.left", amount=left),
        _pace(state, gone, context) if runs else "",
        context.links.entries(which),
    )


def _pace(state: BudgetState, gone: int, context: Context) -> str:
    """Say how spending stands against an even pace through the period."""
    available = state.available
    expected = available.minor * gone // state.period.days
    ahead = Money.of_minor(abs(state.spent.minor - expected), available.currency)
    # On the last day the pace is the limit itself, and the rest is said already.
    if state.left.amount < 0 or not ahead.amount or state.days_left == 1:
        return ""
    name = "app.budget.above" if state.spent.minor > expected else "app.budget.below"
    return context.t.plain(name, amount=ahead)


def _people(people: Sequence[PersonSpending], context: Context) -> tuple[PersonRow, ...]:
    whole = sum(max(one.spent.minor, 0) for one in people)
    most = max((one.spent.minor for one in people), default=1)
    return tuple(
        PersonRow(
            one.name or context.t.plain("app.somebody"),
            context.t.money(one.spent),
            context.t.percent(Decimal(max(one.spent.minor, 0)) / whole) if whole else "",
            context.drawn(share_bar("utilities", max(one.spent.minor, 0) / max(most, 1))),
            context.links.entries(one.which),
        )
        for one in people
    )


def coming_row(one: Occurrence, context: Context) -> ComingRow:
    """Return the row of what is still to come."""
    t, series = context.t, one.series
    tomorrow = context.today + timedelta(days=1)
    near = {context.today: "day.today", tomorrow: "app.tomorrow"}.get(one.on)
    day = t.plain(near) if near else t.dated(one.on, context.today)
    return ComingRow(
        context.drawn(category_icon(series.category)),
        series.title or category_name(series.category, t),
        capital(day),
        t.money(series.money, plus=series.type == "income"),
        series.type == "income",
        t.plain(_TO_PAY[one.on < context.today]) if series.remind_only else "",
    )
