"""Build the actions of lists and summaries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ledger.entries.filter_fields import filter_fields, load_filter
from ledger.entries.queries import Cursor, EntryFilter
from ledger.inquiries.query import Query
from ledger.inquiries.wire import query_fields
from ledger.periods.period import Period
from ports.messages import Action, Json


def page(which: EntryFilter, trail: Sequence[Cursor] = (), *, redraws: bool = False) -> Action:
    """Show the page of entries behind the last cursor of the trail; the first when it is empty.

    With `redraws` the picture of the summary comes back, where that of a receipt took its place.
    """
    return Action("page", (filter_fields(which), _cursors(trail), redraws))


def look(entry_id: str, which: EntryFilter, trail: Sequence[Cursor]) -> Action:
    """Show an entry and its receipt; the filter and the trail lead back to its page."""
    return Action("look", (entry_id, filter_fields(which), _cursors(trail)))


def load_look(stored: Sequence[Any]) -> tuple[str, EntryFilter, tuple[Cursor, ...]]:
    """Read the stored arguments of `look`."""
    entry_id, fields, trail = stored
    return entry_id, load_filter(fields), _load_cursors(trail)


def _load_cursors(stored: Sequence[Any]) -> tuple[Cursor, ...]:
    return tuple(Cursor(date.fromisoformat(day), entry_id) for day, entry_id in stored)


def _cursors(trail: Sequence[Cursor]) -> list[Json]:
    return [[c.spent_on.isoformat(), c.entry_id] for c in trail]


@dataclass(frozen=True, slots=True)
class PageTurn:
    """The page of entries that a `page` button leads to."""

    which: EntryFilter
    trail: tuple[Cursor, ...]
    """Last entries of the pages before it; empty for the first page."""
    redraws: bool = False


def load_page_turn(stored: Sequence[Any]) -> PageTurn:
    """Read the stored arguments of `page`."""
    if isinstance(stored[0], dict):
        fields, trail, *more = stored
        which, redraws = load_filter(fields), bool(more and more[0])
    else:
        # Keyboards of an older release hold period, words and categories apart.
        start, end, kind, words, trail, *more = stored
        redraws = False
        categories = tuple(more[0]) if more else ()
        which = EntryFilter(load_period(start, end, kind), words=words, categories=categories)
    return PageTurn(which, _load_cursors(trail), redraws)


def entries(period: Period) -> Action:
    """List the entries of a period."""
    return Action("entries", _period(period))


def found(which: EntryFilter) -> Action:
    """List the entries of a filter."""
    return Action("found", (filter_fields(which),))


def inquiry(query: Query) -> Action:
    """Answer a query."""
    return Action("inquiry", (query_fields(query),))


def summary(which: EntryFilter) -> Action:
    """Show the summary of the entries of a filter, which has a period."""
    return Action("summary", (filter_fields(which),))


def load_summary(stored: Sequence[Any]) -> EntryFilter:
    """Read the stored arguments of `summary`."""
    if isinstance(stored[0], dict):
        return load_filter(stored[0])
    # Keyboards of an older release hold a period alone.
    return EntryFilter(load_period(*stored))


def _period(period: Period | None) -> tuple[Json, Json, Json]:
    if period is None:
        return None, None, None
    return period.start.isoformat(), period.end.isoformat(), period.kind


def load_period(start: str | None, end: str | None, kind: str | None) -> Period | None:
    """Read the stored arguments of a period."""
    if start is None or end is None:
        return None
    return Period(date.fromisoformat(start), date.fromisoformat(end), kind or "custom")  # type: ignore[arg-type]
