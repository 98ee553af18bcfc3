"""Export a ledger to files, row by row, so that a million entries fit in memory.

`ledger.table` defines the CSV. JSON is one document with the settings, members, budgets
and learned categories of the ledger, and an entry per line.
"""

from __future__ import annotations

import csv
import gzip
import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import IO, Any, Literal, get_args

from ledger.categories import find_category
from ledger.days import utc
from ledger.entry import Entry
from ledger.errors import InputError
from ledger.period import Period
from ledger.queries import EntryFilter
from ledger.settings import settings_fields
from ledger.table import COLUMNS, guarded, row_of
from ports.answers import Exported
from ports.blobs import Blobs
from ports.repositories import Repositories
from ports.units import UnitOfWorkFactory
from services.reporting.budgets import budget_fields
from services.scope import Scope

Format = Literal["csv", "json"]

PLANNED: frozenset[str] = frozenset({"xlsx", "beancount", "ofx", "qif", "firefly", "ynab", "pdf"})
"""Formats of the contract that are not built yet; they are refused with `not_there_yet`."""

FILE_BYTES_MAX = 45 * 1024 * 1024
"""A bot may send 50 MB; beyond 45 MB a file is packed, CSV one file a year (contract)."""

JSON_VERSION = 1
"""Goes up when the JSON document changes in a way that an importer must know."""

_MEDIA_TYPES = {".csv": "text/csv", ".json": "application/json", ".gz": "application/gzip"}
_DAY = timedelta(days=1)
_CHUNK_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class ExportFile:
    """A finished file on disk, in the folder that the caller gave."""

    path: Path
    file_name: str
    rows: int
    period: Period | None
    """The days it covers: those asked for, else first to last entry; None for an empty ledger."""


@dataclass(frozen=True, slots=True)
class Exporter:
    """Writes exports into the blob store, from where they are sent."""

    units: UnitOfWorkFactory
    blobs: Blobs

    async def run(
        self, ledger_id: int, form: Format, period: Period | None, *, now: datetime
    ) -> tuple[Exported, ...]:
        """Export a ledger from one consistent snapshot; runs as a job, safe to repeat.

        Raises:
            NotFoundError: There is no such ledger.
            UnavailableError: The blob store cannot store.
        """
        with tempfile.TemporaryDirectory(prefix="kvitto-export-") as folder:

            def read(repositories: Repositories) -> tuple[ExportFile, ...]:
                chat = repositories.chats.of_ledger(ledger_id)
                return write(Scope(repositories, chat.ledger, 0, now), form, period, Path(folder))

            # A snapshot, not a unit: writers go on while a large ledger is written.
            files = await self.units.read(read)
            return tuple([await self._keep(file) for file in files])

    async def _keep(self, file: ExportFile) -> Exported:
        media_type = _MEDIA_TYPES[file.path.suffix]
        key = await self.blobs.put(file.path.read_bytes(), media_type=media_type)
        return Exported(key, file.file_name, file.rows, file.period)


def is_format(word: str) -> bool:
    """Return whether a word names a format, including the announced ones."""
    named = word.strip().casefold()
    return named in get_args(Format) or named in PLANNED


def parse_format(word: str) -> Format:
    """Return the format a person named; nothing means CSV.

    Raises:
        InputError: `not_there_yet` for a format to come, `export_format` for an unknown one.
    """
    named = word.strip().casefold() or "csv"
    for known in get_args(Format):
        if named == known:
            return "json" if known == "json" else "csv"
    raise InputError("not_there_yet" if named in PLANNED else "export_format", format=named)


def write(
    scope: Scope,
    form: Format,
    period: Period | None,
    folder: Path,
    *,
    file_bytes_max: int = FILE_BYTES_MAX,
) -> tuple[ExportFile, ...]:
    """Write the live entries of a period (None: all) into `folder` and return the files."""
    path = folder / f"entries.{form}"
    with path.open("wb") as file:
        years = (_write_csv if form == "csv" else _write_json)(scope, period, file)
    if path.stat().st_size > file_bytes_max:
        if form == "csv":
            return tuple(_pack_years(scope, path, years, folder))
        path = _pack(path)
    rows = sum(year.rows for year in years)
    if period is None and years:
        period = Period(years[0].first, years[-1].last + _DAY)
    name = _file_name(scope, period, "".join(path.suffixes))
    return (ExportFile(path, name, rows, period),)


@dataclass(slots=True)
class _Year:
    """The part of a file that holds the entries of one year: from a byte on, so many rows."""

    begins: int
    first: date
    last: date
    rows: int = 0


def _count_year(years: list[_Year], entry: Entry, file: IO[bytes]) -> None:
    """Count an entry that is written next; entries come oldest first."""
    if not years or years[-1].first.year != entry.spent_on.year:
        years.append(_Year(file.tell(), entry.spent_on, entry.spent_on))
    years[-1].last = entry.spent_on
    years[-1].rows += 1


class _Lines:
    """A binary file in UTF-8 for `csv.writer`, with byte positions known at every row."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def write(self, line: str) -> None:
        """Write one finished row."""
        self._file.write(line.encode())


def _write_csv(scope: Scope, period: Period | None, file: IO[bytes]) -> list[_Year]:
    years: list[_Year] = []
    members = {
        member.user_id: member.name for member in scope.repositories.chats.members(scope.ledger.id)
    }
    own = {c.id: c.name for c in scope.settings.categories if find_category(c.id) is None}
    out = csv.writer(_Lines(file), lineterminator="\r\n")
    out.writerow(COLUMNS)
    for entry in scope.repositories.entries.stream(scope.ledger.id, EntryFilter(period=period)):
        _count_year(years, entry, file)
        # Ids of default categories stay untranslated, so that files do not depend on the language.
        row = row_of(entry, currency=scope.settings.currency, members=members, categories=own)
        out.writerow(guarded(row))
    return years


def _write_json(scope: Scope, period: Period | None, file: IO[bytes]) -> list[_Year]:
    years: list[_Year] = []
    members = {
        member.user_id: member.name for member in scope.repositories.chats.members(scope.ledger.id)
    }
    # The document is left open for the entries, which are streamed and never held at once.
    head = _json(_head(scope, members)).removesuffix(b"}")
    file.write(head + b',"entries":[')
    separator = b"\n"
    for entry in scope.repositories.entries.stream(scope.ledger.id, EntryFilter(period=period)):
        file.write(separator)
        _count_year(years, entry, file)
        file.write(_json(_as_json(entry, scope, members)))
        separator = b",\n"
    file.write(b"\n]}\n")
    return years


def _head(scope: Scope, members: Mapping[int, str]) -> dict[str, Any]:
    corrections = scope.repositories.corrections.list_all(scope.ledger.id)
    budgets = scope.repositories.budgets.list_all(scope.ledger.id)
    return {
        "kvitto": JSON_VERSION,
        "ledger": scope.ledger.key,
        "exported_at": utc(scope.now).isoformat(),
        "settings": settings_fields(scope.settings),
        "members": [{"id": str(user_id), "name": name} for user_id, name in members.items()],
        "budgets": [{"id": budget.id} | budget_fields(budget) for budget in budgets],
        "corrections": [asdict(correction) for correction in corrections],
    }


def _as_json(entry: Entry, scope: Scope, members: Mapping[int, str]) -> dict[str, Any]:
    """Return an entry with the columns of the CSV; an empty cell is null."""
    cells = row_of(entry, currency=scope.settings.currency, members=members, categories={})
    return {name: cell or None for name, cell in zip(COLUMNS, cells, strict=True)} | {
        "note": entry.note,
        "tags": list(entry.tags),
        "paid_by_id": str(entry.paid_by),
        "receipt_id": entry.receipt_id,
        "category_guessed": entry.category_guessed,
        "marks": list(entry.marks),
    }


def _json(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _pack_years(scope: Scope, path: Path, years: list[_Year], folder: Path) -> Iterator[ExportFile]:
    """Cut a CSV file at its years and pack each part behind a header of its own."""
    # Entries are streamed by day, so each year is one stretch of bytes.
    ends = [year.begins for year in years[1:]] + [path.stat().st_size]
    with path.open("rb") as whole:
        header = whole.readline()
        for year, end in zip(years, ends, strict=True):
            part = folder / f"{year.first.year}.csv.gz"
            with gzip.open(part, "wb") as packed:
                packed.write(header)
                whole.seek(year.begins)
                _copy(whole, packed, end - year.begins)
            period = Period(year.first, year.last + _DAY)
            yield ExportFile(part, _file_name(scope, period, ".csv.gz"), year.rows, period)
    path.unlink()


def _pack(path: Path) -> Path:
    """Compress a file and delete the plain one."""
    target = path.with_name(path.name + ".gz")
    with path.open("rb") as plain, gzip.open(target, "wb") as packed:
        shutil.copyfileobj(plain, packed)
    path.unlink()
    return target


def _copy(source: IO[bytes], target: gzip.GzipFile, length: int) -> None:
    while length > 0:
        chunk = source.read(min(length, _CHUNK_BYTES))
        target.write(chunk)
        length -= len(chunk)


def _file_name(scope: Scope, period: Period | None, suffix: str) -> str:
    """Return `kvitto-<ledger>-<from>-<to>` with both days in it; an empty ledger gets today's."""
    today = scope.today
    first, last = (period.start, period.end - _DAY) if period else (today, today)
    return f"kvitto-{scope.ledger.key}-{first}-{last}{suffix}"
