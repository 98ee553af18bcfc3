"""Show what comes again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from ledger.recurring.series import Series
from ports.recurring import SeriesListed
from presentation.charts import category_icon
from presentation.views.recurring.lines import next_words, rule_words
from web.page.views.parts import Context, capital, category_name, plain


@dataclass(frozen=True, slots=True)
class SeriesRow:
    """A series."""

    icon: Markup
    title: str
    facts: tuple[str, ...]
    amount: str
    next: str
    is_income: bool


@dataclass(frozen=True, slots=True)
class RecurringPage:
    """All series."""

    rows: tuple[SeriesRow, ...]


def recurring_page(found: SeriesListed, context: Context) -> RecurringPage:
    """Return the view of all series, those that come next first."""
    return RecurringPage(tuple(_row(series, on, context) for series, on in found.series))


def _row(series: Series, next_on: date | None, context: Context) -> SeriesRow:
    t = context.t
    facts = (
        plain(rule_words(series.plan.rule, t)),
        category_name(series.category, t),
        context.payer(series.paid_by),
        t.plain("app.to_pay") if series.remind_only else "",
    )
    return SeriesRow(
        context.drawn(category_icon(series.category)),
        series.title or category_name(series.category, t),
        tuple(fact for fact in facts if fact),
        t.money(series.money, plus=series.type == "income"),
        capital(plain(next_words(series, next_on, t, today=context.today))),
        series.type == "income",
    )
