"""Find insights, and remember which were told and which were refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ledger.insights.insight import Insight, InsightMark, choose, pick, without_refused
from services.insights.months import find_budgets, find_changes, find_forecast, find_habits
from services.insights.prices import find_fixed_costs, find_prices, find_steps, find_unusual
from services.insights.repeats import LOOKED_AT, Repeats, find_repeats
from services.scope import Scope

SHOWN_MAX = 8
"""Insights of an answer: with their buttons they fit a phone's screen or two."""
PUSHED_MAX = 3
PUSHED_OF = 300
"""Latest entries that a push looks at; the pushes of all chats are due in the same hours."""

_Finder = Callable[[Scope, Repeats], Iterator[Insight]]
_FINDERS: tuple[_Finder, ...] = (
    find_forecast,
    find_changes,
    find_unusual,
    find_steps,
    find_fixed_costs,
    find_budgets,
    find_prices,
    find_habits,
)


def list_insights(scope: Scope) -> list[Insight]:
    """Return what there is to say about a ledger, without what was refused; and keep it as told.

    A statement for each fact about a month, and some hundred latest entries; milliseconds in all.
    """
    marks = scope.repositories.insight_marks.list_all(scope.ledger.id)
    shown = pick(without_refused(_find_all(scope), marks), SHOWN_MAX)
    # The weekly push must not tell again what was read by `/insights`.
    _keep(scope, shown)
    return shown


def take_news(scope: Scope) -> list[Insight]:
    """Return what is worth telling unasked and was never told, and keep it as told."""
    marks = scope.repositories.insight_marks.list_all(scope.ledger.id)
    news = choose(_find_all(scope, PUSHED_OF), marks, PUSHED_MAX)
    _keep(scope, news)
    return news


def refuse(scope: Scope, kind: str, about: str) -> None:
    """Never tell this kind of insight about this object again."""
    # Without month and bucket, so that the refusal outlives any figure.
    scope.repositories.insight_marks.add(scope.ledger.id, [InsightMark(kind, about, "", "")])


def allow(scope: Scope, kind: str, about: str) -> None:
    """Take a refusal back."""
    scope.repositories.insight_marks.remove(scope.ledger.id, InsightMark(kind, about, "", ""))


def _find_all(scope: Scope, looked_at: int = LOOKED_AT) -> list[Insight]:
    repeats = find_repeats(scope, looked_at)
    if not repeats.entries:
        return []
    return [one for find in _FINDERS for one in find(scope, repeats)]


def _keep(scope: Scope, told: list[Insight]) -> None:
    marks = [InsightMark(one.kind, one.object, one.month, one.bucket) for one in told]
    scope.repositories.insight_marks.add(scope.ledger.id, marks)
