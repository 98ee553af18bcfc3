"""Tell whether a new series may be one that the ledger has already."""

from __future__ import annotations

from datetime import date

from ledger.recurring.series import Series
from ledger.text import fold


def may_be_same(one: Series, other: Series, today: date) -> bool:
    """Return whether two series of one name and type have the same amount, or fall on the same days."""
    if (one.type, fold(one.title)) != (other.type, fold(other.title)):
        return False
    return one.money == other.money or fall_alike(one, other, today)


def fall_alike(one: Series, other: Series, today: date) -> bool:
    """Return whether two series are due in the same steps, on the same next day."""
    return _steps(one, today) == _steps(other, today)


def _steps(series: Series, today: date) -> tuple[str, int, date | None]:
    rule = series.plan.rule
    return rule.unit, rule.every, series.plan.next_from(today)
