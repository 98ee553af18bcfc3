"""List the rows of a preview in a file: the statement next to the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ledger.formats.table import guard
from ledger.formats.writer import csv_line
from ledger.imports.batches import Status
from ledger.imports.rows import to_decimal
from ledger.money import plain
from ports.blobs import Blobs
from ports.jobs import ExportedFile, ImportListed, ListImport
from ports.units import UnitOfWorkFactory
from services.importing.comparing import DOCUMENT, StoredRow, load_line

COLUMNS = ("list", "line", "date", "amount", "currency", "words", "entry")
_LISTS: dict[Status, str] = {
    "new": "statement only",
    "doubtful": "statement only",
    "probable": "perhaps both",
    "missing": "ledger only",
}


@dataclass(frozen=True, slots=True)
class ImportListing:
    """Writes the stored rows of a preview as CSV."""

    units: UnitOfWorkFactory
    blobs: Blobs

    async def run(self, job: ListImport) -> ImportListed | None:
        """Return the file; None once the import is decided and its rows are gone."""
        batch = await self.units.read(
            lambda repositories: repositories.imports.find(job.ledger_id, job.import_id)
        )
        if batch is None or batch.rows_key is None:
            return None
        lines = (await self.blobs.get(batch.rows_key)).splitlines()
        lines = [line for line in lines if not line.startswith(DOCUMENT)]
        text = "".join(_write(lines))
        key = await self.blobs.put(text.encode("utf-8-sig"), media_type="text/csv")
        name = f"{batch.file_name.rpartition('.')[0] or batch.file_name}-rows.csv"
        file = ExportedFile(key, name, len(lines), None, "import.list_file")
        return ImportListed(file, job.ledger_id)

    async def discard(self, event: ImportListed) -> None:
        """Delete a file that nobody will take. Raises `UnavailableError`."""
        await self.blobs.delete(event.file.blob_key)


def _write(lines: list[bytes]) -> Iterator[str]:
    yield csv_line(COLUMNS)
    for line in lines:
        yield csv_line(_row(load_line(line)))


def _row(one: StoredRow) -> tuple[str, ...]:
    row = one.row
    return (
        _LISTS[one.status],
        str(row.line) if row.line else "",
        row.on.isoformat(),
        plain(to_decimal(row), row.money.currency),
        row.money.currency,
        guard(row.words),
        guard(one.entry_words),
    )
