"""Show the entries that a filter lets through."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from markupsafe import Markup

from ledger.entries.queries import EntryFilter
from ledger.money import Money
from ledger.summary import Summary
from presentation.charts import columns
from presentation.views.asking.filters import filter_parts
from presentation.views.drawn import add_up_bars
from services.dashboard.entries import ListedEntries
from web.page.views.figures import SumsPart, sums_part
from web.page.views.parts import Context, DayRows, Link, capital, day_rows, plain


@dataclass(frozen=True, slots=True)
class ColumnRow:
    """The spending of a day, week or month."""

    name: str
    amount: str


@dataclass(frozen=True, slots=True)
class ColumnsPart:
    """A column for each day, week or month, with their table."""

    chart: Markup
    rows: tuple[ColumnRow, ...]


@dataclass(frozen=True, slots=True)
class EntriesPage:
    """A page of entries."""

    conditions: tuple[str, ...]
    """The filter in words; the period last."""
    words: str
    """As typed into the search."""
    kept: tuple[tuple[str, str], ...]
    """Fields of the address that a new search keeps."""
    total: str
    sums: SumsPart | None
    columns: ColumnsPart | None
    days: tuple[DayRows, ...]
    older: Link | None
    summary_url: str
    """The view of the period; empty without one."""
    everything_url: str
    """The same period without other conditions; empty where there are none."""
    is_empty: bool


def entries_page(listed: ListedEntries, words: str, context: Context) -> EntriesPage:
    """Return a page of entries with their sums."""
    page, t, links = listed.page, context.t, context.links
    which = page.which
    sums = listed.summarised.summary if listed.summarised else None
    parts = filter_parts(which, page.members, t, today=context.today)
    older = links.entries(which, page.next) if page.next else ""
    return EntriesPage(
        tuple(capital(plain(part)) for part in parts),
        words,
        tuple((name, day) for name, day in _days_of(which)),
        t.plain("app.entries", page.total),
        sums_part(sums, which, context) if sums else None,
        _columns(sums, context) if sums and sums.days else None,
        day_rows(page.entries, context),
        Link(t.plain("app.older"), older) if older else None,
        links.overview(which.period) if which.period else "",
        links.entries(EntryFilter(period=which.period)) if which.is_narrow else "",
        not page.entries,
    )


def _days_of(which: EntryFilter) -> list[tuple[str, str]]:
    if which.period is None:
        return []
    return [("from", which.period.start.isoformat()), ("to", which.period.last.isoformat())]


def _columns(sums: Summary, context: Context) -> ColumnsPart | None:
    """Return the spending by day up to a month, by week or month beyond."""
    slots, sizes = add_up_bars(sums)
    if len(slots) < 2:  # noqa: PLR2004  # one column compares with nothing
        return None
    t = context.t
    last = sums.through or sums.period.last
    until = sum(1 for start in slots if start <= last)
    words = (t.plain("app.columns"), t.plain("app.columns.said", spent=sums.spent))
    ends = [*slots[1:], sums.period.end]
    rows = tuple(
        ColumnRow(
            t.dated(start, context.today)
            if (end - start).days == 1
            else t.days(start, end - timedelta(days=1), context.today),
            t.money(Money.of_minor(size, sums.currency)),
        )
        for start, end, size in zip(slots, ends, sizes, strict=True)
        if size
    )
    return ColumnsPart(context.drawn(columns(sizes, until, words, name="columns")), rows)
