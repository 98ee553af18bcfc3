"""Find the entries that imported rows may already be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain

from ledger.entries.entry import EntryType
from ledger.imports.batches import Status
from ledger.imports.rows import ImportRow

NEAR_DAYS = 3
"""A bank books a card's payment up to this many days after it; weekends lie between."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry of the ledger that a row may be."""

    entry_id: str
    type: EntryType
    minor: int
    currency: str
    on: date
    words: str
    source_key: str


@dataclass(frozen=True, slots=True)
class Match:
    """The status of a row, with the entry that it may be."""

    row: ImportRow
    source_key: str
    status: Status
    candidate: Candidate | None = None


def match_rows(
    rows: Sequence[tuple[ImportRow, str]],
    known: Collection[str],
    candidates: Iterable[Candidate],
) -> Iterator[Match | Candidate]:
    """Yield the status of each row with its source key, then each entry that no row is.

    An entry is the match of one row at most, so two equal payments with one typed entry leave one
    new row. Rows on the entry's own day choose first, then those of the days around it.
    """
    keys = {key for _, key in rows}
    free: dict[tuple[str, int, str], list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        # An entry that this file made before is known, and no other row's match.
        if candidate.source_key not in keys:
            free[candidate.type, candidate.minor, candidate.currency].append(candidate)
    open_rows = [index for index, (_, key) in enumerate(rows) if key not in known]
    matched: dict[int, Candidate] = {}
    for distance in range(NEAR_DAYS + 1):
        for index in open_rows:
            if index not in matched and (found := _take(free, rows[index][0], distance)):
                matched[index] = found
    for index, (row, key) in enumerate(rows):
        yield Match(row, key, _status(row, key in known, matched.get(index)), matched.get(index))
    yield from chain.from_iterable(free.values())


def widen(first: date, last: date) -> tuple[date, date]:
    """Return the days in which an entry may match rows of these days; the end is open."""
    return first - timedelta(days=NEAR_DAYS), last + timedelta(days=NEAR_DAYS + 1)


def _take(
    free: dict[tuple[str, int, str], list[Candidate]], row: ImportRow, distance: int
) -> Candidate | None:
    """Return the entry at this distance whose words fit best, and use it up."""
    same = free.get((row.type, row.money.minor, row.money.currency))
    near = [one for one in same or () if abs((one.on - row.on).days) == distance]
    if same is None or not near:
        return None
    best = max(near, key=lambda one: _count_shared(one.words, row.words))
    same.remove(best)
    return best


def _count_shared(one: str, other: str) -> int:
    return len(set(one.casefold().split()) & set(other.casefold().split()))


def _status(row: ImportRow, known: bool, candidate: Candidate | None) -> Status:  # noqa: FBT001  # a fact of the row
    if known:
        return "known"
    if candidate:
        return "probable"
    return "doubtful" if row.doubtful else "new"
