"""Replay the history and compare the result with the rows.

Every entry, budget, correction and setting must be what its changes, one after the other, made of
it. A setting that never changed has no history. A budget or series that was removed meanwhile stays so,
whatever the undo of an older change said (as the services have it).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import InvalidOperation
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select

from ledger.budgets.budget import budget_fields
from ledger.entries.changes import DERIVED, Fields, entry_fields
from ledger.entries.entry import Entry
from ledger.entries.searching import join_searched
from ledger.money import is_currency, to_minor
from ledger.periods.days import is_zone
from ledger.rates.values import rate_fields
from ledger.recurring.fields import series_fields
from storage.database.repositories.budgets.budgets import budget_of
from storage.database.repositories.entries.rows import entry_of
from storage.database.repositories.rates import own_rate_of
from storage.database.repositories.series import series_of
from storage.database.tables import (
    budgets,
    changes,
    corrections,
    entries,
    ledgers,
    operations,
    own_rates,
    series,
)
from storage.database.types import AnyRow, storable
from storage.database.upkeep.proving import build_unproved, build_unsearched
from storage.database.upkeep.row_checks import Finding, build_entry_checks

ENTRIES = 1000
"""Entries that are compared at a time."""

_CHANGES = (
    select(
        changes.c.ledger_id,
        changes.c.subject,
        changes.c.subject_id,
        changes.c.before,
        changes.c.after,
        operations.c.undoes,
    )
    .join(operations, operations.c.id == changes.c.operation_id, isouter=True)
    .order_by(changes.c.id)
)
_OF_ENTRIES = _CHANGES.where(
    changes.c.subject == "entry", changes.c.subject_id.in_(bindparam("entries", expanding=True))
)
_OF_OTHERS = _CHANGES.where(changes.c.subject != "entry")
_SEARCHED = select(
    entries.c.id, entries.c.note, entries.c.merchant, entries.c.tags, entries.c.search
)
_REMOVED = "deleted"


_UNPROVED = "entry_unproved"
_UNSEARCHED = "entry_unsearched"


def find_wrong_entries(connection: Connection, now: datetime) -> Iterator[Finding]:
    """Yield kind and id of everything that is wrong with entries, which are scanned once.

    The scan also says which of them it could not prove; only those are read, some at a time.
    """
    dialect = connection.dialect.name
    doubts = {_UNPROVED: build_unproved(dialect), _UNSEARCHED: build_unsearched(dialect)}
    left: dict[str, list[str]] = {doubt: [] for doubt in doubts}
    for kind, name in build_entry_checks(now, doubts).find(connection):
        if kind in left:
            left[kind].append(name)
        else:
            yield kind, name
    for rows in _pages(connection, select(entries), left[_UNPROVED]):
        yield from _differing_entries(connection, rows)
    for rows in _pages(connection, _SEARCHED, left[_UNSEARCHED]):
        yield from _wrong_searches(rows)


def find_wrong_history(connection: Connection) -> Iterator[Finding]:
    """Yield kind and id of everything else that differs from the state its history makes."""
    yield from _wrong_settings(connection)
    yield from _wrong_others(connection)


def _pages(
    connection: Connection, query: Select[Any], names: Sequence[str]
) -> Iterator[Sequence[AnyRow]]:
    """Yield the rows of a query of entries with these ids, some at a time."""
    page = query.where(entries.c.id.in_(bindparam("entries", expanding=True)))
    for start in range(0, len(names), ENTRIES):
        yield connection.execute(page, {"entries": names[start : start + ENTRIES]}).all()


def _wrong_settings(connection: Connection) -> Iterator[Finding]:
    """Yield ledgers whose settings no service would have written."""
    for row in connection.execute(select(ledgers.c.id, ledgers.c.currency, ledgers.c.settings)):
        settings = row.settings
        if settings.get("currency") != row.currency:
            yield "ledger_in_two_currencies", str(row.id)
        if not is_currency(row.currency) or not is_zone(str(settings.get("timezone"))):
            yield "ledger_settings_impossible", str(row.id)


def _differing_entries(connection: Connection, rows: Sequence[AnyRow]) -> Iterator[Finding]:
    histories: dict[str, list[AnyRow]] = defaultdict(list)
    for change in connection.execute(_OF_ENTRIES, {"entries": [row.id for row in rows]}):
        histories[change.subject_id].append(change)
    for row in rows:
        try:
            entry = entry_of(row)
        except (InvalidOperation, ValueError, TypeError):
            yield "entry_unreadable", str(row.id)
            continue
        yield from _wrong_values(entry)
        if entry.id in histories:
            yield from _compared("entry", entry.id, histories[entry.id], entry_fields(entry))


def _wrong_values(entry: Entry) -> Iterator[Finding]:
    """Yield damage that shows only when a row is read."""
    base = entry.base
    if base is None or base.money.currency == entry.money.currency:
        return
    converted = to_minor(entry.money.amount * base.rate, base.money.currency)
    if base.rate <= 0 or converted != base.money.minor:
        yield "entry_rate_does_not_make_sum", entry.id


def _wrong_searches(rows: Sequence[AnyRow]) -> Iterator[Finding]:
    for row in rows:
        # Tags that are not a list were found to be unreadable before.
        tags = row.tags if isinstance(row.tags, list) else []
        if row.search != storable(join_searched(row.note, row.merchant or "", tags)):
            yield "entry_search_stale", row.id


def _wrong_others(connection: Connection) -> Iterator[Finding]:
    histories: dict[tuple[int, str, str], list[AnyRow]] = defaultdict(list)
    for change in connection.execute(_OF_OTHERS):
        histories[change.ledger_id, change.subject, change.subject_id].append(change)
    standing = _find_current(connection)
    for key, history in histories.items():
        _, subject, name = key
        stands = standing.pop(key, {_REMOVED: True})
        # Settings of a ledger that was merged into this one are not kept.
        if subject != "settings" or name == str(key[0]):
            yield from _compared(subject, name, history, stands)
    for _, subject, name in standing:
        if subject != "settings":
            yield f"{subject}_without_history", name


def _find_current(connection: Connection) -> dict[tuple[int, str, str], Fields]:
    found: dict[tuple[int, str, str], Fields] = {}
    for row in connection.execute(select(budgets)):
        found[row.ledger_id, "budget", row.id] = {
            **budget_fields(budget_of(row)),
            _REMOVED: row.removed_at is not None,
        }
    for row in connection.execute(select(corrections)):
        key = f"{row.kind}:{row.key}"
        found[row.ledger_id, "correction", key] = {"category": row.category, _REMOVED: False}
    for row in connection.execute(select(own_rates)):
        rate = own_rate_of(row)
        found[row.ledger_id, "rate", rate.id] = {**rate_fields(rate), _REMOVED: False}
    for row in connection.execute(select(series)):
        removed = {_REMOVED: row.removed_at is not None}
        found[row.ledger_id, "series", row.id] = {**series_fields(series_of(row)), **removed}
    for row in connection.execute(select(ledgers.c.id, ledgers.c.settings)):
        found[row.id, "settings", str(row.id)] = row.settings
    return found


def _compared(
    subject: str, name: str, history: Sequence[AnyRow], stands: Fields
) -> Iterator[Finding]:
    if len(history) == 1 and history[0].before is None and history[0].after:
        # Most entries were never changed; a million of them should not take minutes.
        state, follows = _without_derived(history[0].after), True
    else:
        state, follows = _replayed(subject, history)
    if not follows:
        yield f"{subject}_history_does_not_follow", name
    if stands.get(_REMOVED) and state.get(_REMOVED):
        return
    if any(field not in stands or stands[field] != state[field] for field in state):
        yield f"{subject}_differs_from_history", name


def _replayed(subject: str, history: Sequence[AnyRow]) -> tuple[Fields, bool]:
    """Return the state that a history makes, and whether each change began where the last ended.

    An undo may begin elsewhere, since it reverses only the fields of its operation.
    """
    state: dict[str, Any] = {}
    follows = True
    for change in history:
        before, after = _without_derived(change.before or {}), change.after
        if change.undoes is None and state:
            follows &= all(state.get(field, before[field]) == before[field] for field in before)
        if after is None:
            state[_REMOVED] = True
        elif not (
            subject in {"budget", "series"} and state.get(_REMOVED) and change.before is not None
        ):
            new = _without_derived(after)
            state |= new if subject in {"entry", "settings"} else {**new, _REMOVED: False}
    return state, follows


def _without_derived(fields: Fields) -> Fields:
    return fields if DERIVED.isdisjoint(fields) else _stripped(fields)


def _stripped(fields: Fields) -> Fields:
    return {name: value for name, value in fields.items() if name not in DERIVED}
