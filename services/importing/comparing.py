"""Compare the rows of a file with the ledger: what is new, what may be there, what the file lacks."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson

from ledger.imports.batches import IMPORTED, Example, Found, Status
from ledger.imports.matching import Candidate, Match, match_rows, widen
from ledger.imports.rows import ImportRow, from_values, list_source_keys, to_values
from ledger.money import Money
from ports.repositories import Repositories
from ports.statements import ReadFile

KEYS_AT_ONCE = 500
DOCUMENT_PARTS = ("budgets", "corrections", "rates")
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


def compare(repositories: Repositories, ledger_id: int, read: ReadFile) -> tuple[Found, bytes]:
    """Return what a file holds next to the ledger, and its rows as they are stored."""
    rows = [from_values(orjson.loads(line)) for line in read.rows.splitlines()]
    matches = _match(repositories, ledger_id, rows, read)
    lines = [_dump(one) for one in matches if one.status != "known"]
    found = _describe(matches, read)
    if read.document is not None:
        first, last = _split_document(read.document)
        lines = [first, *lines, last]
        counts = {name: len(read.document[name]) for name in DOCUMENT_PARTS}
        found = replace(found, document=counts)
    return found, b"\n".join(lines)


def _split_document(document: Mapping[str, Any]) -> tuple[bytes, bytes]:
    """Return what is needed before the entries, and the budgets, which alert nobody after them."""
    before = {name: value for name, value in document.items() if name != "budgets"}
    return orjson.dumps(before), orjson.dumps({"budgets": document["budgets"]})


def load_line(line: bytes) -> StoredRow:
    """Return a line of the stored rows; those of the release before have no entry."""
    status, key, values, *entry = orjson.loads(line)
    return StoredRow(status, key, from_values(values), *entry)


def _dump(one: StoredRow) -> bytes:
    entry = [one.entry_id, one.entry_words] if one.entry_id else []
    return orjson.dumps([one.status, one.source_key, to_values(one.row), *entry])


def _match(
    repositories: Repositories, ledger_id: int, rows: Sequence[ImportRow], read: ReadFile
) -> list[StoredRow]:
    if not rows:
        return []
    keyed = list(zip(rows, list_source_keys(rows, read.kind), strict=True))
    known, linked = _find_known(repositories, ledger_id, [key for _, key in keyed])
    first, last = min(row.on for row in rows), max(row.on for row in rows)
    candidates = repositories.entries.candidates(ledger_id, *widen(first, last))
    found = match_rows(keyed, known | set(linked), candidates, linked)
    return [
        _of_match(one) if isinstance(one, Match) else _of_missing(one)
        for one in found
        if isinstance(one, Match) or first <= one.on <= last
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


def _describe(rows: Sequence[StoredRow], read: ReadFile) -> Found:
    days = [one.row.on for one in rows if one.status != "missing"]
    return Found(
        kind=read.kind,
        counts=Counter(one.status for one in rows),
        sums=_sum(rows),
        examples=tuple(_list_examples(rows)),
        unreadable=tuple(
            (row.line, row.text[:_TEXT_MAX], row.why) for row in read.unreadable[:UNREADABLE_SHOWN]
        ),
        unreadable_count=read.unreadable_count,
        start=min(days, default=None),
        end=max(days, default=None),
        **_take_layout(read),
    )


def _take_layout(read: ReadFile) -> Mapping[str, Any]:
    """Return how the file was read, which `Found` keeps as it is."""
    names = ("fingerprint", "layout", "choices", "alternatives", "column_names", "proved")
    return {name: getattr(read, name) for name in names}


def _sum(rows: Sequence[StoredRow]) -> dict[str, dict[str, int]]:
    sums: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for one in rows:
        if one.status in IMPORTED:
            money = one.row.money
            sums[one.row.type][money.currency] += money.minor
    return {kind: dict(by_currency) for kind, by_currency in sums.items()}


def _list_examples(rows: Sequence[StoredRow]) -> Iterator[Example]:
    shown: Counter[Status] = Counter()
    for one in rows:
        shown[one.status] += 1
        if one.status != "known" and shown[one.status] <= EXAMPLES_MAX:
            row = one.row
            yield Example(
                row.on,
                row.type,
                row.money.minor,
                row.money.currency,
                row.words[:_TEXT_MAX],
                one.status,
                row.line,
                one.entry_words,
            )
