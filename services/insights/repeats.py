"""Find what comes again in a ledger: its series, and what looks like some."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from ledger.entries.entry import Entry
from ledger.insights.forecast import Committed
from ledger.insights.repeating import list_due, list_seldom
from ledger.money import Money
from ledger.periods.period import Period
from ledger.recurring.detection import Detected, detect, list_spendings
from ledger.recurring.series import Series
from services.conversion import Conversion
from services.recurring.coming import list_coming
from services.scope import Scope

LOOKED_AT = 500
"""Latest entries in which series are looked for."""


@dataclass(frozen=True, slots=True)
class Repeats:
    """Everything that comes again, with the latest entries in which it was looked for."""

    entries: Sequence[Entry]
    """Newest first."""
    is_whole: bool
    """These are all entries of the ledger."""
    series: tuple[Series, ...] = ()
    detected: tuple[Detected, ...] = ()
    """Runs of entries that are not yet a series, have not stopped, and were not refused."""
    ids: frozenset[str] = field(default=frozenset())
    """Ids of the entries that belong to either."""

    @property
    def first_day(self) -> date | None:
        """Return the first day of which every entry was looked at; None: of all days."""
        return None if self.is_whole else self.entries[-1].spent_on + timedelta(days=1)


def find_repeats(scope: Scope, looked_at: int = LOOKED_AT) -> Repeats:
    """Return what comes again among the latest entries; three statements, some milliseconds."""
    repositories, ledger_id = scope.repositories, scope.ledger.id
    entries = repositories.entries.recent(ledger_id, looked_at)
    series = tuple(one for one in repositories.series.list_all(ledger_id) if not one.ended)
    known, refused = (
        {(one.type, one.key) for one in series},
        repositories.series.refused(ledger_id),
    )
    spendings = list_seldom(list(list_spendings(entries)))
    detected = tuple(
        one
        for one in detect(spendings, scope.today)
        if one.state != "stopped"
        and one.key not in refused
        and (one.type, one.last.key) not in known
    )
    ids = {entry.entry_id for one in detected for entry in one.entries}
    ids |= {one.entry_id for one in spendings if (one.type, one.key) in known}
    # `list_spendings` leaves these out, so neither line above has found them.
    ids |= {one.id for one in entries if one.source == "recurring"}
    return Repeats(entries, len(entries) < looked_at, series, detected, frozenset(ids))


def list_committed(
    scope: Scope, repeats: Repeats, period: Period, conversion: Conversion
) -> tuple[Committed, ...]:
    """Return the expenses that come again between today and the end of a period, by day.

    Amounts of which no rate is known are left out, as they are in every sum.
    """
    committed = [
        # A bill whose day has passed may be paid any day.
        Committed(
            max(one.on, scope.today), one.counted.minor, one.series.title, one.series.category
        )
        for one in list_coming(scope, period)
        if one.counted is not None and one.series.type == "expense"
    ]
    committed += _of_detected(scope, repeats, period, conversion)
    return tuple(sorted(committed, key=lambda one: (one.on, one.title)))


def _of_detected(
    scope: Scope, repeats: Repeats, period: Period, conversion: Conversion
) -> Iterator[Committed]:
    for one in repeats.detected:
        if one.type != "expense":
            continue
        money = Money.of_minor(one.expected_minor, one.currency)
        counted = conversion.restate(scope, money, scope.settings.currency, scope.today)
        title = one.last.note or one.last.merchant
        for on in list_due(one, scope.today, period.end):
            if counted is not None:
                yield Committed(on, counted.minor, title, one.last.category)
