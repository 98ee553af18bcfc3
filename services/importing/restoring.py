"""Bring back settings, categories, budgets, rates and corrections from an export.

All of it is changes of the import's operation, so its undo takes them back too. A ledger that has
entries keeps what it has, and gets what it lacks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

from ledger.budgets.budget import budget_fields, budget_with_fields
from ledger.categories import IDS
from ledger.entries.changes import Change
from ledger.rates.values import rate_fields, with_rate_fields
from ledger.settings import OwnCategory, Settings, settings_fields, with_settings_fields
from services.ids import new_id
from services.scope import Scope

CATEGORIES_MAX = 100
"""Own categories of a chat; an entry of one more has none."""
_NAME_MAX = 40


def is_fresh(scope: Scope) -> bool:
    """Return whether a ledger has neither entries nor budgets, so an export's settings fit it."""
    mine = scope.repositories
    return not mine.entries.recent(scope.ledger.id, 1) and not mine.budgets.list_all(
        scope.ledger.id
    )


def list_changes(scope: Scope, document: Mapping[str, Any]) -> list[Change]:
    """Return the changes by which the ledger gets what a part of an export holds."""
    return [
        *_change_settings(scope, document.get("settings")),
        *_add_rates(scope, document.get("rates", ())),
        *_add_corrections(scope, document.get("corrections", ())),
        *_add_budgets(scope, document.get("budgets", ())),
    ]


def _change_settings(scope: Scope, fields: dict[str, Any] | None) -> Iterator[Change]:
    if fields is None:
        return
    current = scope.settings
    wanted = with_settings_fields(current, fields)
    if not is_fresh(scope):
        known = {own.id for own in current.categories}
        added = [own for own in wanted.categories if own.id not in known]
        wanted = _with_categories(current, added)
    yield from change_settings(scope, wanted)


def change_settings(scope: Scope, wanted: Settings) -> Iterator[Change]:
    """Yield the change from the ledger's settings to others, none where they are equal."""
    old, new = settings_fields(scope.settings), settings_fields(wanted)
    differing = [name for name in new if new[name] != old[name]]
    if differing:
        before, after = ({name: one[name] for name in differing} for one in (old, new))
        yield Change("settings", str(scope.ledger.id), before, after)


def add_categories(scope: Scope, names: Iterable[str]) -> list[Change]:
    """Return the change by which the chat gets the categories of an own CSV that it lacks."""
    settings = scope.settings
    known = {*IDS, *(own.id for own in settings.categories)}
    folded = {own.name.casefold() for own in settings.categories}
    added = [
        OwnCategory(name, name)
        for name in dict.fromkeys(one[:_NAME_MAX] for one in names)
        if name and name not in known and name.casefold() not in folded
    ]
    room = max(0, CATEGORIES_MAX - len(settings.categories))
    return list(change_settings(scope, _with_categories(settings, added[:room])))


def find_category_id(name: str, settings: Settings) -> str:
    """Return the id of a category that the chat has, an empty text for another name."""
    if name in IDS or any(own.id == name for own in settings.categories):
        return name
    folded = name.casefold()
    return next((own.id for own in settings.categories if own.name.casefold() == folded), "")


def _with_categories(settings: Settings, added: list[Any]) -> Settings:
    fields = settings_fields(settings)
    fields["categories"] += [
        {"id": own.id, "name": own.name, "emoji": own.emoji, "hidden": own.hidden} for own in added
    ]
    return with_settings_fields(settings, fields)


def _add_rates(scope: Scope, rates: list[dict[str, str]]) -> Iterator[Change]:
    known = {rate.id for rate in scope.repositories.rates.list_own(scope.ledger.id)}
    for fields in rates:
        rate = with_rate_fields(scope.ledger.id, fields)
        if rate.id not in known:
            yield Change("rate", rate.id, None, cast("dict[str, Any]", rate_fields(rate)))


def _add_corrections(scope: Scope, corrections: list[dict[str, str]]) -> Iterator[Change]:
    known = {
        (one.kind, one.key) for one in scope.repositories.corrections.list_all(scope.ledger.id)
    }
    for one in corrections:
        if (one["kind"], one["key"]) not in known:
            subject = f"{one['kind']}:{one['key']}"
            yield Change("correction", subject, None, {"category": one["category"]})


def _add_budgets(scope: Scope, budgets: list[dict[str, Any]]) -> Iterator[Change]:
    live = scope.repositories.budgets.list_all(scope.ledger.id)
    known = {(one.scope, one.per, one.trip) for one in live}
    for fields in budgets:
        budget = budget_with_fields(new_id(scope.now), scope.ledger.id, fields)
        if (budget.scope, budget.per, budget.trip) not in known:
            yield Change("budget", budget.id, None, budget_fields(budget))
