"""Answer calls about the figures of a period."""

from __future__ import annotations

from ledger.errors import InputError
from ledger.periods.period import Period
from services.dashboard.overview import read_overview
from services.reporting.reports import summarise
from services.reporting.searching import find_period
from services.scope import Scope
from web.api.calls import Call, Reply
from web.api.dashboard_models import show_dashboard
from web.api.figure_models import show_summary
from web.api.models.analytics import DashboardShown
from web.api.models.summaries import PeriodQuery, SummaryShown


async def get_summary(call: Call[PeriodQuery, None]) -> Reply:
    """Return the figures of a period against the one before."""

    def read(scope: Scope) -> SummaryShown:
        return show_summary(summarise(scope, period_of(scope, call.query)))

    return Reply(await call.read(read))


async def get_dashboard(call: Call[PeriodQuery, None]) -> Reply:
    """Return the figures of the dashboard."""

    def read(scope: Scope) -> DashboardShown:
        return show_dashboard(read_overview(scope, period_of(scope, call.query)))

    return Reply(await call.read(read))


def period_of(scope: Scope, query: PeriodQuery) -> Period:
    """Return the period that a query names. Raises `InputError` (`period_unknown`)."""
    words = query.period or ""
    found = find_period(scope, words)
    if found is None:
        raise InputError("period_unknown", words=words)
    return found
