"""Keep rows of a file as those of entries that the ledger has already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ledger.entries.changes import Change, entry_change
from ledger.imports.batches import ImportBatch
from services.importing.comparing import StoredRow
from services.scope import Scope


def link_rows(
    scope: Scope, batch: ImportBatch, rows: Sequence[StoredRow]
) -> tuple[int, list[Change]]:
    """Link the rows that may be entries; return how many, and the changes of these entries.

    An entry without a shop gets the bank's. One that was deleted since the preview is passed over.
    """
    changes, links = [], []
    for one in rows:
        if one.status != "probable" or not one.entry_id:
            continue
        entry = scope.repositories.entries.get(scope.ledger.id, one.entry_id)
        if entry.deleted_at is not None:
            continue
        links.append((one.source_key, entry.id))
        if not entry.merchant and one.row.merchant:
            after = replace(entry, merchant=one.row.merchant, updated_at=scope.now)
            scope.repositories.entries.save(after)
            if change := entry_change(entry, after):
                changes.append(change)
    scope.repositories.imports.link(batch, links)
    return len(links), changes
