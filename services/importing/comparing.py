"""Compare the rows of a file with the ledger: what is new, what may be there, what the file lacks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import orjson

from ledger.imports.batches import IMPORTED, Example, Found, Status
from ledger.imports.matching import Candidate, Match, match_rows, widen
from ledger.imports.rows import ImportRow, from_values, list_source_keys, to_values
from ledger.money import Money
from ports.repositories import Repositories
from ports.statements import ReadFile

KEYS_AT_ONCE = 500
DOCUMENT_PARTS = ("budgets", "corrections", "rates", "series")
_AFTER_ENTRIES = ("budgets", "series", "refused_series", "refused_insights")
"""Parts that are written last: budgets then alert nobody, and a series books nothing too early."""
DOCUMENT = b"{"
"""The first byte of a line that holds parts of an export, unlike a row."""
EXAMPLES_MAX = 30
"""Examples of each status that are kept for the preview and its pages."""
UNREADABLE_SHOWN = 20
_TEXT_MAX = 60


@dataclass(frozen=True, slots=True)
class StoredRow:
    """A line of the stored rows: a row of the file, or an entry that the file lacks."""

    status: Status
    source_key: str
    row: ImportRow
    entry_id: str = ""
    """The entry that the row may be."""
    entry_words: str = ""


@dataclass(frozen=True, slots=True)
class KeyedRows:
    """The rows of a file with their source keys, and their days.

    Rows are parsed twice, once for their keys, so that a long file is never held as objects.
    """

    lines: Sequence[bytes]
    keys: Sequence[str]
    first: date
    last: date
    """Before the first day where there are no rows."""


@dataclass(frozen=True, slots=True)
class LedgerSide:
    """Hold the entries of a ledger that rows of a file may be."""

    known: Collection[str]
    """Source keys of rows that were imported before, or are other entries' own."""
    candidates: Sequence[Candidate]


def key_rows(read: ReadFile) -> KeyedRows:
    """Return the source keys of a file's rows. Takes seconds of CPU for a long file."""
    lines, tally = read.rows.splitlines(), _Tally()
    keys = list(list_source_keys(tally.span(_parse(lines)), read.kind))
    return KeyedRows(lines, keys, tally.first, tally.last)


def find_ledger_side(repositories: Repositories, ledger_id: int, rows: KeyedRows) -> LedgerSide:
    """Return what the ledger has; many short statements and little else."""
    known, linked = _find_known(repositories, ledger_id, rows.keys)
    candidates = _find_candidates(repositories, ledger_id, rows, linked)
    return LedgerSide({*known, *linked}, candidates)


def compare(read: ReadFile, rows: KeyedRows, side: LedgerSide) -> tuple[Found, bytes]:
    """Return what a file holds next to the ledger, and its rows as they are stored.

    Takes seconds of CPU for a long file.
    """
    tally = _Tally(first=rows.first, last=rows.last)
    groups = {(one.type, one.minor, one.currency) for one in side.candidates}
    open_rows = []
    for row, key in zip(_parse(rows.lines), rows.keys, strict=True):
        if key in side.known:
            tally.counts["known"] += 1
        elif (row.type, row.money.minor, row.money.currency) in groups:
            open_rows.append((row, key))
        else:
            tally.add(StoredRow("doubtful" if row.doubtful else "new", key, row))
    for one in match_rows(open_rows, (), side.candidates):
        if isinstance(one, Match):
            tally.add(_of_match(one))
        elif tally.first <= one.on <= tally.last:
            tally.add(_of_missing(one))
    return _describe(tally, read), _join(tally, read)


def _parse(lines: Iterable[bytes]) -> Iterator[ImportRow]:
    return (from_values(orjson.loads(line)) for line in lines)


@dataclass(slots=True)
class _Tally:
    """Counts, sums and examples of the rows, and their lines."""

    counts: Counter[str] = field(default_factory=Counter)
    sums: dict[str, dict[str, int]] = field(default_factory=dict)
    examples: list[Example] = field(default_factory=list)
    lines: bytearray = field(default_factory=bytearray)
    """One buffer, since each short line alone would keep the kilobyte that it was written in."""
    first: date = date.max
    last: date = date.min

    def span(self, rows: Iterable[ImportRow]) -> Iterator[ImportRow]:
        """Pass rows on, and keep their first and last day."""
        for row in rows:
            self.first, self.last = min(self.first, row.on), max(self.last, row.on)
            yield row

    def add(self, one: StoredRow) -> None:
        """Count a row and keep its line."""
        self.counts[one.status] += 1
        self.lines += _dump(one) + b"\n"
        if self.counts[one.status] <= EXAMPLES_MAX:
            self.examples.append(_example(one))
        if one.status in IMPORTED:
            money, sums = one.row.money, self.sums.setdefault(one.row.type, {})
            sums[money.currency] = sums.get(money.currency, 0) + money.minor


def _join(tally: _Tally, read: ReadFile) -> bytes:
    if read.document is None:
        return bytes(tally.lines)
    first, last = _split_document(read.document)
    return b"".join((first, b"\n", tally.lines, last))


def _split_document(document: Mapping[str, Any]) -> tuple[bytes, bytes]:
    """Return the parts that the entries need, and those that are written after them."""
    first = {name: value for name, value in document.items() if name not in _AFTER_ENTRIES}
    last = {name: value for name, value in document.items() if name in _AFTER_ENTRIES}
    return orjson.dumps(first), orjson.dumps(last)


def load_line(line: bytes) -> StoredRow:
    """Return a line of the stored rows; those of the release before have no entry."""
    status, key, values, *entry = orjson.loads(line)
    return StoredRow(status, key, from_values(values), *entry)


def _dump(one: StoredRow) -> bytes:
    entry = [one.entry_id, one.entry_words] if one.entry_id else []
    return orjson.dumps([one.status, one.source_key, to_values(one.row), *entry])


def _find_candidates(
    repositories: Repositories, ledger_id: int, rows: KeyedRows, linked: Mapping[str, str]
) -> list[Candidate]:
    """Return the entries of these days that no row of the file is known to be."""
    if not rows.keys:
        return []
    keys, taken = {*rows.keys}, set(linked.values())
    return [
        one
        for one in repositories.entries.candidates(ledger_id, *widen(rows.first, rows.last))
        # An entry that this file made before is known, and no other row's match.
        if one.source_key not in keys and one.entry_id not in taken
    ]


def _find_known(
    repositories: Repositories, ledger_id: int, keys: Sequence[str]
) -> tuple[set[str], dict[str, str]]:
    known: set[str] = set()
    linked: dict[str, str] = {}
    for at in range(0, len(keys), KEYS_AT_ONCE):
        some = keys[at : at + KEYS_AT_ONCE]
        known |= repositories.entries.known_sources(ledger_id, some)
        linked |= repositories.imports.links(ledger_id, some)
    return known, linked


def _of_match(match: Match) -> StoredRow:
    entry = match.candidate
    if entry is None:
        return StoredRow(match.status, match.source_key, match.row)
    return StoredRow(
        match.status, match.source_key, match.row, entry.entry_id, entry.words[:_TEXT_MAX]
    )


def _of_missing(entry: Candidate) -> StoredRow:
    money = Money.of_minor(entry.minor, entry.currency)
    row = ImportRow(0, entry.on, entry.type, money, merchant=entry.words[:_TEXT_MAX])
    return StoredRow("missing", "", row, entry.entry_id)


def _describe(tally: _Tally, read: ReadFile) -> Found:
    has_rows = tally.first <= tally.last
    counts = None
    if read.document is not None:
        counts = {name: len(read.document[name]) for name in DOCUMENT_PARTS}
    return Found(
        kind=read.kind,
        counts=tally.counts,
        sums=tally.sums,
        examples=tuple(tally.examples),
        unreadable=tuple(
            (row.line, row.text[:_TEXT_MAX], row.why) for row in read.unreadable[:UNREADABLE_SHOWN]
        ),
        unreadable_count=read.unreadable_count,
        start=tally.first if has_rows else None,
        end=tally.last if has_rows else None,
        document=counts,
        **_take_layout(read),
    )


def _take_layout(read: ReadFile) -> Mapping[str, Any]:
    """Return how the file was read, which `Found` keeps as it is."""
    names = ("fingerprint", "layout", "choices", "alternatives", "column_names", "proved")
    return {name: getattr(read, name) for name in names}


def _example(one: StoredRow) -> Example:
    row = one.row
    return Example(
        row.on,
        row.type,
        row.money.minor,
        row.money.currency,
        row.words[:_TEXT_MAX],
        one.status,
        row.line,
        one.entry_words,
    )
