"""Store, list and sum entries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import (
    Connection,
    Date,
    bindparam,
    func,
    select,
    tuple_,
    update,
)

from ledger.entries.entry import Entry
from ledger.entries.queries import (
    Cursor,
    DaySum,
    EntryFilter,
    GroupColumn,
    GroupTotal,
    Total,
)
from ledger.entries.source_keys import position_of
from ledger.errors import NotFoundError
from ledger.imports.matching import Candidate
from ledger.periods.period import Period
from storage.database.connections.prepared import change, fetch, fetch_one, fetch_value
from storage.database.repositories.entries import grouping, highlights, sums, walks
from storage.database.repositories.entries.filtering import CURRENCY, matching
from storage.database.repositories.entries.rows import READ, entry_of, entry_row, stated, typed_day
from storage.database.tables import entries
from storage.database.types import AnyRow
from storage.database.upsert import insert

REJECTED_WITHIN = timedelta(minutes=5)
"""An entry that was deleted so soon was not meant."""
_KEPT = {"id", "ledger_id", "created_at", "source_key"}
_e = entries.c
_live = _e.deleted_at.is_(None)

_NEW = insert(entries)
_ADD = _NEW.on_conflict_do_update(
    index_elements=["ledger_id", "source_key"],
    # A deleted entry comes back with the new values; a live one is left alone.
    set_={c.name: _NEW.excluded[c.name] for c in entries.c if c.name not in _KEPT},
    where=_e.deleted_at.is_not(None),
).returning(_e.id, _e.created_at)
_OF_SOURCE_KEY = READ.where(
    _e.ledger_id == bindparam("ledger"), _e.source_key == bindparam("source_key_")
)
_FIND = READ.where(_e.id == bindparam("entry"), _e.ledger_id == bindparam("ledger"))
_OF_IDS = READ.where(
    _e.ledger_id == bindparam("ledger"), _e.id.in_(bindparam("entries", expanding=True))
)
_OF_RECEIPT = READ.where(
    _e.ledger_id == bindparam("ledger"), _e.receipt_id == bindparam("receipt"), _live
).order_by(_e.source_key)
_GET = _FIND.with_for_update(of=entries)
_SAVE = (
    update(entries)
    .where(_e.id == bindparam("b_id"), _e.ledger_id == bindparam("b_ledger_id"))
    .values({c.name: bindparam(f"b_{c.name}") for c in entries.c if c.name not in _KEPT})
)
_NOTES = (
    select(_e.note, _e.created_at, _e.deleted_at)
    .where(_e.ledger_id == bindparam("ledger"), _e.note != "")
    .order_by(_e.spent_on.desc(), _e.id.desc())
    .limit(bindparam("rows"))
)
# Keys below a source begin with it and a colon; a semicolon is the character after that.
_OF_SOURCE = (
    select(entries)
    .where(
        _e.ledger_id == bindparam("ledger"),
        _e.source_key >= bindparam("first"),
        _e.source_key < bindparam("end"),
    )
    .with_for_update()
)
_KNOWN_SOURCES = select(_e.source_key).where(
    _e.ledger_id == bindparam("ledger"),
    _e.source_key.in_(bindparam("keys", expanding=True)),
    _live,
)
_TAKEN = select(_e.id).where(_e.id == bindparam("entry"))
_CANDIDATES = select(
    _e.id,
    _e.type,
    _e.amount_minor,
    _e.currency,
    _e.spent_on,
    _e.note,
    _e.merchant,
    _e.source_key,
).where(
    _e.ledger_id == bindparam("ledger"),
    _e.spent_on >= bindparam("first", type_=Date),
    _e.spent_on < bindparam("end", type_=Date),
    _live,
)
_TYPED = _CANDIDATES.where(_e.source != "recurring")
_FIRST_DAY = select(func.min(_e.spent_on)).where(_e.ledger_id == bindparam("ledger"), _live)
_RECENT = (
    READ.where(_e.ledger_id == bindparam("ledger"), _live)
    .order_by(_e.spent_on.desc(), _e.id.desc())
    .limit(bindparam("rows"))
)


@dataclass(frozen=True, slots=True)
class SqlEntries:
    """`ports.repositories.Entries` on a connection."""

    connection: Connection

    def add(self, entries: Sequence[Entry]) -> list[Entry]:
        """Insert; a live entry of the same source key is returned as it is, a deleted one revived."""
        return [self._add(entry) for entry in entries]

    def _add(self, entry: Entry) -> Entry:
        stored = fetch_one(self.connection, _ADD, entry_row(entry))
        if stored is not None:
            if stored.id == entry.id:
                return entry
            return replace(entry, id=stored.id, created_at=stored.created_at)
        where = {"ledger": entry.ledger_id, "source_key_": entry.source_key}
        stands = fetch_one(self.connection, _OF_SOURCE_KEY, where)
        assert stands is not None, "it was in the way"
        return stated(stands)

    def get(self, ledger_id: int, entry_id: str) -> Entry:
        """Return an entry, deleted or not, and lock it."""
        where = {"ledger": ledger_id, "entry": entry_id}
        row = fetch_one(self.connection, _GET, where)
        if row is None:
            raise NotFoundError("no_entry")
        return stated(row)

    def find(self, ledger_id: int, entry_id: str) -> Entry | None:
        """Return an entry, deleted or not."""
        where = {"ledger": ledger_id, "entry": entry_id}
        row = fetch_one(self.connection, _FIND, where)
        return None if row is None else stated(row)

    def of_ids(self, ledger_id: int, entry_ids: Sequence[str]) -> list[Entry]:
        """Return those of these entries that the ledger has, deleted or not, in no order."""
        where = {"ledger": ledger_id, "entries": list(entry_ids)}
        return [stated(row) for row in fetch(self.connection, _OF_IDS, where)]

    def of_source(self, ledger_id: int, source: str) -> list[Entry]:
        """Return and lock the entries of a source, deleted or not, by their position in it."""
        where = {"ledger": ledger_id, "first": f"{source}:", "end": f"{source};"}
        found = [entry_of(row) for row in fetch(self.connection, _OF_SOURCE, where)]
        return sorted(found, key=lambda entry: position_of(entry.source_key))

    def of_receipt(self, ledger_id: int, receipt_id: str) -> list[Entry]:
        """Return the live entries that were made of a receipt."""
        where = {"ledger": ledger_id, "receipt": receipt_id}
        return [stated(row) for row in fetch(self.connection, _OF_RECEIPT, where)]

    def save(self, entry: Entry) -> None:
        """Write back all that can change of an entry."""
        row = {f"b_{name}": value for name, value in entry_row(entry).items()}
        for name in ("created_at", "source_key"):
            del row[f"b_{name}"]
        if change(self.connection, _SAVE, row) != 1:
            raise NotFoundError("no_entry")

    def known_sources(self, ledger_id: int, source_keys: Sequence[str]) -> set[str]:
        """Return those of these source keys that a live entry has."""
        where = {"ledger": ledger_id, "keys": list(source_keys)}
        return {row.source_key for row in self.connection.execute(_KNOWN_SOURCES, where)}

    def is_taken(self, entry_id: str) -> bool:
        """Return whether an entry of any ledger has this id."""
        return fetch_one(self.connection, _TAKEN, {"entry": entry_id}) is not None

    def candidates(self, ledger_id: int, first: date, end: date) -> Iterator[Candidate]:
        """Yield the live entries of some days, with what an imported row is compared with."""
        where = {"ledger": ledger_id, "first": first, "end": end}
        for row in self.connection.execute(_CANDIDATES, where):
            yield _candidate(row)

    def list_typed(self, ledger_id: int, first: date, end: date) -> list[Candidate]:
        """Return the live entries of some days that no series has booked."""
        where = {"ledger": ledger_id, "first": first, "end": end}
        return [_candidate(row) for row in fetch(self.connection, _TYPED, where)]

    def page(
        self, ledger_id: int, which: EntryFilter, *, limit: int, after: Cursor | None = None
    ) -> list[Entry]:
        """Return a page, newest day first."""
        order = (_e.spent_on.desc(), _e.id.desc())
        found = matching(select(_e.id), which)
        if after is not None:
            place = tuple_(_e.spent_on, _e.id)
            found = found.where(place < tuple_(typed_day(after.spent_on), after.entry_id))
        # Ids first, since an index holds all that most filters compare; rows are read for the page.
        ids = found.order_by(*order).limit(limit).subquery()
        query = READ.join(ids, ids.c.id == _e.id).where(_e.ledger_id == bindparam("ledger"))
        query = query.order_by(*order)
        return [stated(row) for row in self.connection.execute(query, {"ledger": ledger_id})]

    def count(self, ledger_id: int, which: EntryFilter) -> int:
        """Return how many entries match."""
        query = matching(select(func.count()).select_from(entries), which)
        found: int = self.connection.execute(query, {"ledger": ledger_id}).scalar_one()
        return found

    def stream(self, ledger_id: int, which: EntryFilter | None = None) -> Iterator[Entry]:
        """Yield live entries oldest first, some thousand rows at a time."""
        return walks.stream(self.connection, ledger_id, which)

    def without_base(
        self, ledger_id: int, after: str, limit: int
    ) -> tuple[list[Entry], str | None]:
        """Return and lock entries without a base amount, and the source key to go on from."""
        return walks.without_base(self.connection, ledger_id, after, limit)

    def of_currency(self, ledger_id: int, currency: str, after: Cursor, limit: int) -> list[Entry]:
        """Return and lock entries of a foreign currency behind a cursor, deleted ones too."""
        return walks.of_currency(self.connection, ledger_id, currency, after, limit)

    def foreign_currencies(self, ledger_id: int) -> list[str]:
        """Return the other currencies than the ledger's in which entries were typed."""
        return walks.foreign_currencies(self.connection, ledger_id)

    def totals(
        self, ledger_id: int, period: Period, which: EntryFilter | None = None
    ) -> list[Total]:
        """Return sums by category and type, unconverted ones per currency."""
        if which is not None and which.is_narrow:
            return sums.filtered(self.connection, ledger_id, replace(which, period=period))[0]
        return sums.totals(self.connection, ledger_id, period)

    def days(self, ledger_id: int, period: Period) -> list[tuple[date, int]]:
        """Return spending per day in minor units of the ledger's currency, days in order."""
        return sums.days(self.connection, ledger_id, period)

    def daily(self, ledger_id: int, period: Period) -> list[DaySum]:
        """Return spending per day and category, less refunds, days in order."""
        return sums.daily(self.connection, ledger_id, period)

    def sums(
        self, ledger_id: int, period: Period, which: EntryFilter | None = None
    ) -> tuple[list[Total], list[tuple[date, int]]]:
        """Return `totals` and `days`."""
        if which is not None and which.is_narrow:
            return sums.filtered(self.connection, ledger_id, replace(which, period=period))
        return sums.both(self.connection, ledger_id, period)

    def grouped(self, ledger_id: int, which: EntryFilter, by: GroupColumn) -> list[GroupTotal]:
        """Return the sums of matching entries by a column."""
        return grouping.grouped(self.connection, ledger_id, which, by)

    def typed(self, ledger_id: int, which: EntryFilter) -> list[Total]:
        """Return the sums of matching entries as they were typed."""
        return grouping.typed(self.connection, ledger_id, which)

    def ranked(self, ledger_id: int, which: EntryFilter, offset: int) -> int | None:
        """Return the base amount of matching entries at a place from the smallest."""
        return grouping.ranked(self.connection, ledger_id, which, offset)

    def named(self, ledger_id: int, limit: int) -> tuple[list[str], list[str]]:
        """Return the merchants and the tags of the latest entries."""
        return grouping.named(self.connection, ledger_id, limit)

    def smallest(self, ledger_id: int, which: EntryFilter, *, limit: int) -> list[Entry]:
        """Return matching entries of the smallest base amounts."""
        query = matching(READ, which).where(_e.base_currency == CURRENCY)
        query = query.order_by(_e.base_minor, _e.id).limit(limit)
        return [stated(row) for row in self.connection.execute(query, {"ledger": ledger_id})]

    def largest(
        self, ledger_id: int, which: EntryFilter, *, limit: int, typed_in: str | None = None
    ) -> list[Entry]:
        """Return matching entries of the largest base amounts, or amounts typed in a currency."""
        query = matching(READ, which)
        if typed_in is None:
            query = query.where(_e.base_currency == CURRENCY).order_by(_e.base_minor.desc(), _e.id)
        else:
            query = query.where(_e.currency == typed_in).order_by(_e.amount_minor.desc(), _e.id)
        rows = self.connection.execute(query.limit(limit), {"ledger": ledger_id})
        return [stated(row) for row in rows]

    def new_merchants(self, ledger_id: int, period: Period, limit: int) -> list[str]:
        """Return merchants of a period that no earlier entry names, by name."""
        return highlights.new_merchants(self.connection, ledger_id, period, limit)

    def was_booked(self, ledger_id: int, period: Period, *, since: datetime) -> bool:
        """Return whether a live entry is of a period, or near it and was booked since a moment."""
        return highlights.was_booked(self.connection, ledger_id, period, since)

    def spent_by_payer(self, ledger_id: int, period: Period) -> dict[int, int]:
        """Return spending less refunds by who paid, in the ledger's minor units."""
        return sums.by_payer(self.connection, ledger_id, period)

    def has_income(self, ledger_id: int, period: Period) -> bool:
        """Return whether a period has a live income."""
        return sums.has_income(self.connection, ledger_id, period)

    def notes(self, ledger_id: int, limit: int) -> list[tuple[str, bool]]:
        """Return notes of the latest entries, and whether they were kept."""
        rows = fetch(self.connection, _NOTES, {"ledger": ledger_id, "rows": limit})
        return [
            (row.note, row.deleted_at is None)
            for row in rows
            if row.deleted_at is None or row.deleted_at - row.created_at <= REJECTED_WITHIN
        ]

    def first_day(self, ledger_id: int) -> date | None:
        """Return the day of the earliest live entry."""
        found: date | None = fetch_value(self.connection, _FIRST_DAY, {"ledger": ledger_id})
        return found

    def recent(self, ledger_id: int, limit: int) -> list[Entry]:
        """Return the live entries of the latest days, newest first."""
        where = {"ledger": ledger_id, "rows": limit}
        return [stated(row) for row in fetch(self.connection, _RECENT, where)]


def _candidate(row: AnyRow) -> Candidate:
    words = " ".join(filter(None, (row.note, row.merchant)))
    return Candidate(
        row.id,
        row.type,
        row.amount_minor,
        row.currency,
        row.spent_on,
        words,
        row.source_key,
    )
