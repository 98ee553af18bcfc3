"""Take imported files in the chat's partition, from the message to the decision."""

from __future__ import annotations

from dataclasses import replace

from ledger.entries.changes import Change
from ledger.errors import InputError, NotFoundError
from ledger.imports.batches import ImportBatch, count_importable, has_only_parts
from ledger.statements import Property
from ports.answers import ImportPage, ImportShown, ImportStarted
from services.entries.booking import Booking
from services.entries.confirmations import find_confirmations
from services.ids import new_id
from services.receipts.capturing import SentFile
from services.reporting.watching import claim_alerts
from services.scope import Scope
from services.texts.incoming_text import IncomingText

RECENT_ENTRIES = 200
"""Latest entries among which those of the running periods lie."""
_UNREAD = ("xlsx", "xls", "ods", "numbers", "zip")
"""Endings of files that are meant as statements; their refusal says to save them as CSV."""
SUFFIXES = frozenset(
    ["csv", "tsv", "json", "tab", "ofx", "qfx", "qif", "sta", "mt940", "940", "xml", "camt"]
).union(_UNREAD)
"""Endings of files that are statements; every other file is a receipt."""


def is_statement(file_name: str) -> bool:
    """Return whether a file's name ends like that of a statement."""
    return file_name.rpartition(".")[2].casefold() in SUFFIXES


def take_file(scope: Scope, incoming: IncomingText, sent: SentFile) -> ImportBatch | None:
    """Make the row of an import; None when this message has one already."""
    batch = ImportBatch(
        id=new_id(scope.now),
        ledger_id=scope.ledger.id,
        source=incoming.source,
        user_id=scope.actor,
        file_ref=sent.file_id,
        file_name=sent.name,
        state="reading",
        created_at=scope.now,
    )
    return batch if scope.repositories.imports.add(batch) else None


def show(scope: Scope, import_id: str) -> ImportShown:
    """Return an import as it is now. Raises `NotFoundError`."""
    batch = scope.repositories.imports.find(scope.ledger.id, import_id)
    if batch is None:
        raise NotFoundError("no_import")
    return ImportShown(batch)


def refuse(scope: Scope, import_id: str, reason: str) -> ImportShown:
    """Close an import whose file cannot be read; `reason` is a sentence's id."""
    batch = scope.repositories.imports.get(scope.ledger.id, import_id)
    if batch.state == "reading":
        batch = replace(batch, state="refused", blob_key=None, rows_key=None)
        scope.repositories.imports.save(batch)
    return ImportShown(batch, reason)


def conclude(scope: Scope, import_id: str) -> ImportShown:
    """Return a written import with the alerts of the budgets that it brought over a threshold."""
    shown = show(scope, import_id)
    recent = scope.repositories.entries.recent(scope.ledger.id, RECENT_ENTRIES)
    mine = [(None, entry) for entry in recent if entry.source == "import"]
    return replace(shown, alerts=claim_alerts(scope, mine))


def conclude_reversal(scope: Scope, import_id: str, booking: Booking) -> ImportShown:
    """Return an import that was undone or redone, with alerts and the cards of its entries.

    Thresholds that are no longer reached are reset, so that they alert again.
    """
    shown = show(scope, import_id)
    undone = shown.batch.state == "undone"
    entries = [
        entry
        for change in _list_outer_changes(scope, shown.batch)
        if change.subject == "entry"
        if (entry := scope.repositories.entries.find(scope.ledger.id, change.subject_id))
        if (entry.deleted_at is not None) == undone
    ]
    touched = [(replace(one, deleted_at=None) if undone else None, one) for one in entries]
    alerts = claim_alerts(scope, touched)
    return replace(shown, alerts=alerts, confirmed=find_confirmations(scope, booking, entries))


def _list_outer_changes(scope: Scope, batch: ImportBatch) -> list[Change]:
    """Return the first and the last changes; a file's newest rows are at one of its ends."""
    half = RECENT_ENTRIES // 2
    changes_from = scope.repositories.operations.changes_from
    last = max(half, batch.position - half)
    return [*changes_from(batch.id, 0, half), *changes_from(batch.id, last, half)]


def answer(scope: Scope, import_id: str, name: Property, value: str) -> ImportStarted | ImportShown:
    """Keep the answer to a question about a file, which is then read again."""
    batch = _get_own(scope, import_id)
    if batch.state not in {"asking", "ready"}:
        return ImportShown(batch)
    batch = replace(batch, state="reading", answers={**batch.answers, name: value})
    scope.repositories.imports.save(batch)
    return ImportStarted(batch)


def turn_to(scope: Scope, import_id: str, page: ImportPage, at: int = 0) -> ImportShown:
    """Show another page of a preview: its rows, or how else the file could be read."""
    shown = show(scope, import_id)
    return replace(shown, page=page, at=at) if shown.batch.state == "ready" else shown


def write(
    scope: Scope, import_id: str, *, with_probable: bool, with_links: bool = False
) -> ImportStarted | ImportShown:
    """Let a job write the rows; a second press shows the import as it is.

    `with_links` keeps rows that may be entries already as theirs.

    Raises:
        InputError: Nothing would be imported (`import_empty`).
    """
    batch = _get_own(scope, import_id)
    if batch.state != "ready":
        return ImportShown(batch)
    rows = count_importable(batch, with_probable=with_probable or with_links)
    if not rows and not has_only_parts(batch):
        raise InputError("import_empty")
    batch = replace(
        batch, state="writing", position=0, with_probable=with_probable, with_links=with_links
    )
    scope.repositories.imports.save(batch)
    return ImportStarted(batch)


def cancel(scope: Scope, import_id: str) -> ImportShown:
    """Leave a file out; its rows are deleted with the next sweep."""
    batch = _get_own(scope, import_id)
    if batch.state in {"asking", "ready"}:
        batch = replace(batch, state="cancelled", blob_key=None, rows_key=None)
        scope.repositories.imports.save(batch)
    return ImportShown(batch)


def reverse(scope: Scope, import_id: str, *, redo: bool) -> ImportStarted | ImportShown:
    """Let a job undo a written import, or redo an undone one."""
    batch = _get_own(scope, import_id)
    if batch.state != ("undone" if redo else "done"):
        return ImportShown(batch)
    batch = replace(batch, state="redoing" if redo else "undoing", position=0, kept=0)
    scope.repositories.imports.save(batch)
    # Marked at once, so that a second undo reverses what was done before the import.
    scope.repositories.operations.mark(batch.id, undone=not redo)
    return ImportStarted(batch)


def _get_own(scope: Scope, import_id: str) -> ImportBatch:
    """Return and lock an import of this person.

    Raises:
        InputError: Another person sent the file (`import_not_yours`).
        NotFoundError: It was forgotten.
    """
    batch = scope.repositories.imports.get(scope.ledger.id, import_id)
    if batch.user_id != scope.actor:
        raise InputError("import_not_yours")
    return batch
