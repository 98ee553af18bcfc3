"""Show what a running period is expected to cost."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from ledger.money import Money
from presentation.charts import band
from services.dashboard.overview import Overview
from web.page.views.parts import Context


@dataclass(frozen=True, slots=True)
class ForecastPart:
    """A forecast with its chart and its table."""

    total: str
    likely: str
    """The band in words; empty where none is known."""
    chart: Markup
    rows: tuple[tuple[str, str], ...]
    before_name: str
    """The period before, where its sum is marked; else empty."""


def forecast_part(overview: Overview, context: Context) -> ForecastPart | None:
    """Return the forecast of a period, None where nothing can be told yet."""
    found, t = overview.forecast, context.t
    if found is None:
        return None
    low, high = found.band or (found.total, found.total)
    earlier = overview.pace.before[-1] if overview.pace and overview.pace.before else 0
    likely = t.plain("app.forecast.likely", low=low, high=high) if found.band else ""
    said = " ".join(filter(None, (t.plain("app.forecast.said", total=found.total), likely)))
    sizes = (found.spent, low, found.total, high, Money.of_minor(earlier, found.currency))
    chart = band(
        [float(one.minor) for one in sizes], (t.plain("app.forecast.title"), said), name="forecast"
    )
    rows = [
        (t.plain("app.spent"), t.money(found.spent)),
        (t.plain("app.forecast.committed"), t.money(found.committed)),
        (t.plain("app.forecast.total"), t.money(found.total)),
    ]
    if found.band:
        rows.append((t.plain("app.forecast.band"), t.plain("app.range", low=low, high=high)))
    name = t.dates(t.settings.calendar.previous(found.period), context.today) if earlier else ""
    if earlier:
        rows.append((name, t.money(Money.of_minor(earlier, found.currency))))
    return ForecastPart(t.money(found.total), likely, context.drawn(chart), tuple(rows), name)
