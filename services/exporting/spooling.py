"""Read what an export needs from one snapshot, and spool it to the disk.

This runs on the database's connection, so it only writes lines. What takes long (joining, packing,
drawing) comes after the snapshot has ended.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import IO, Any

from ledger.budgets.budget import budget_fields
from ledger.categories import find_category
from ledger.entries.entry import Entry
from ledger.errors import InputError
from ledger.formats.known import FORMATS, Format
from ledger.formats.writer import FormatWriter, LedgerFacts, Part
from ledger.imports.kvitto_series import dump_series
from ledger.periods.days import utc
from ledger.periods.period import Period
from ledger.rates.values import OwnRate
from ledger.settings import settings_fields
from services.exporting.request import ExportRequest
from services.scope import Scope

JSON_VERSION = 1
"""Goes up when the JSON document changes in a way that an importer must know."""


@dataclass(frozen=True, slots=True)
class Spooled:
    """The bodies of an export's parts on disk, in the order of their keys."""

    format: Format
    writer: FormatWriter
    bodies: tuple[tuple[Part, Path], ...]
    title: str
    """The chat's title, which names the files."""
    today: date
    period: Period | None
    """The period asked for; None for everything."""
    receipts: dict[str, str] = field(default_factory=dict)
    """Blob keys of pictures by entry id, for an archive."""

    @property
    def rows(self) -> int:
        """Return the number of entries."""
        return sum(part.rows for part, _ in self.bodies)

    @property
    def whole(self) -> Part:
        """Return all parts as one; of an empty ledger, today."""
        parts = [part for part, _ in self.bodies]
        first = min((part.first for part in parts), default=self.today)
        last = max((part.last for part in parts), default=self.today)
        return Part("", first, last, self.rows)

    def days(self, part: Part) -> Period | None:
        """Return the days of a file: those asked for, else those of its entries."""
        if self.period is not None:
            return self.period
        return Period(part.first, part.last + date.resolution) if part.rows else None


def spool(scope: Scope, title: str, request: ExportRequest, folder: Path) -> Spooled:
    """Spool the entries that were asked for into `folder`.

    Raises:
        InputError: there are more entries than the format can hold (`export_too_many`).
    """
    chosen = FORMATS[request.format]
    writer = chosen.writer(_facts(scope, title, request))
    receipts: dict[str, str] = {}
    entries = _counted(scope, request, chosen)
    if chosen.made == "archive":
        entries = _noting_receipts(scope, entries, receipts)
    bodies = _write_bodies(writer, entries, folder)
    period = request.which.period
    return Spooled(chosen, writer, bodies, title, scope.today, period, receipts)


def _counted(scope: Scope, request: ExportRequest, chosen: Format) -> Iterator[Entry]:
    """Yield the entries, up to as many as the format can hold."""
    stream = scope.repositories.entries.stream(scope.ledger.id, request.which)
    for number, entry in enumerate(stream, start=1):
        if chosen.rows_max is not None and number > chosen.rows_max:
            raise InputError("export_too_many", format=chosen.name, limit=chosen.rows_max)
        yield entry


def _noting_receipts(
    scope: Scope, entries: Iterator[Entry], receipts: dict[str, str]
) -> Iterator[Entry]:
    """Pass entries on, and note the picture of each that has one."""
    for entry in entries:
        found = None
        if entry.receipt_id:
            found = scope.repositories.receipts.find(scope.ledger.id, entry.receipt_id)
        # The copy without metadata is handed out, since photos tell where they were taken.
        key = (found.clean_key or found.blob_key) if found else None
        if key:
            receipts[entry.id] = key
        yield entry


def _write_bodies(
    writer: FormatWriter, entries: Iterator[Entry], folder: Path
) -> tuple[tuple[Part, Path], ...]:
    """Write each entry into the file of its part."""
    parts: dict[str, tuple[Part, Path, IO[bytes]]] = {}
    with ExitStack() as stack:
        for entry in entries:
            key = writer.part_of(entry)
            if key not in parts:
                path = folder / f"{len(parts)}.part"
                opened = stack.enter_context(path.open("wb"))
                parts[key] = (Part(key, entry.spent_on, entry.spent_on), path, opened)
            part, _, body = parts[key]
            part.count(entry)
            body.write(writer.entry(entry).encode())
    return tuple((part, path) for _, (part, path, _) in sorted(parts.items()))


def _facts(scope: Scope, title: str, request: ExportRequest) -> LedgerFacts:
    members = scope.repositories.chats.members(scope.ledger.id)
    own = {c.id: c.name for c in scope.settings.categories if find_category(c.id) is None}
    return LedgerFacts(
        key=scope.ledger.key,
        currency=scope.settings.currency,
        members={member.user_id: member.name for member in members},
        categories=own,
        now=scope.now,
        title=title,
        which=request.which,
        shares=scope.repositories.imports.list_shares(scope.ledger.id)
        if request.format == "json"
        else {},
        document=_document(scope) | {"members": [_member(m.user_id, m.name) for m in members]},
    )


def _rate(rate: OwnRate) -> dict[str, str]:
    """Return a rate of the chat's own, `1 source = value target` from its day on."""
    return {
        "source": rate.pair.source,
        "target": rate.pair.target,
        "value": f"{rate.value:f}",
        "starts_on": rate.starts_on.isoformat(),
    }


def _member(user_id: int, name: str) -> dict[str, str]:
    return {"id": str(user_id), "name": name}


def _document(scope: Scope) -> dict[str, Any]:
    """Return everything but entries and members, as the JSON export holds it."""
    corrections = scope.repositories.corrections.list_all(scope.ledger.id)
    budgets = scope.repositories.budgets.list_all(scope.ledger.id)
    rates = scope.repositories.rates.list_own(scope.ledger.id)
    series = scope.repositories.series
    return {
        "kvitto": JSON_VERSION,
        "ledger": scope.ledger.key,
        "exported_at": utc(scope.now).isoformat(),
        "settings": settings_fields(scope.settings),
        "budgets": [{"id": budget.id} | budget_fields(budget) for budget in budgets],
        "rates": [_rate(rate) for rate in rates],
        "series": [dump_series(one) for one in series.list_all(scope.ledger.id)],
        "refused_series": sorted(series.refused(scope.ledger.id)),
        "refused_insights": sorted(
            f"{one.kind}:{one.object}"
            for one in scope.repositories.insight_marks.list_all(scope.ledger.id)
            if not one.month
        ),
        "corrections": [asdict(correction) for correction in corrections],
    }
