"""Turn the overview of a period into what the API shows."""

from __future__ import annotations

from ledger.budgets.allowance import Allowance
from ledger.insights.forecast import Forecast
from services.dashboard.overview import Overview
from services.recurring.coming import Occurrence
from web.api.figure_models import show_summary, write_amount
from web.api.models.analytics import (
    AllowanceShown,
    ComingShown,
    DashboardShown,
    ForecastShown,
    MemberSpending,
)


def show_dashboard(overview: Overview) -> DashboardShown:
    """Return the figures of a period, with what it is expected to reach."""
    summary = show_summary(overview.summarised)
    return DashboardShown(
        # By the names of the fields, not those of the JSON.
        **{name: getattr(summary, name) for name in type(summary).model_fields},
        members=tuple(
            MemberSpending(
                member_id=str(one.user_id), name=one.name, amount=write_amount(one.spent)
            )
            for one in overview.people
        ),
        coming=tuple(map(_show_coming, overview.coming)),
        allowance=_show_allowance(overview.allowance) if overview.allowance else None,
        forecast=_show_forecast(overview.forecast) if overview.forecast else None,
    )


def _show_coming(one: Occurrence) -> ComingShown:
    return ComingShown(
        date=one.on.isoformat(),
        series_id=one.series.id,
        type=one.series.type,
        note=one.series.title,
        amount=write_amount(one.series.money),
        currency=one.series.money.currency,
        counted=write_amount(one.counted) if one.counted else None,
    )


def _show_allowance(allowance: Allowance) -> AllowanceShown:
    return AllowanceShown(
        basis=allowance.basis,
        left=write_amount(allowance.left),
        committed=write_amount(allowance.committed),
        free=write_amount(allowance.free),
        days=allowance.days,
        per_day=write_amount(allowance.per_day),
    )


def _show_forecast(forecast: Forecast) -> ForecastShown:
    low, high = forecast.band or (None, None)
    return ForecastShown(
        amount=write_amount(forecast.total),
        low=None if low is None else write_amount(low),
        high=None if high is None else write_amount(high),
        basis=forecast.expected.basis,
        periods=forecast.expected.periods,
    )
