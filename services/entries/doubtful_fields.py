"""Find the doubtful fields of a receipt's entry, with the candidates of each.

An entry keeps only the names of its doubtful fields; the candidates are in the reading of its
receipt, which is kept anyhow.
"""

from __future__ import annotations

from ledger.entries.entry import Entry, Mark
from ledger.entries.source_keys import position_of
from ledger.receipt import ReceiptDraft
from ledger.receipt.draft_json import load_draft
from ports.answers import MarkedField
from services.scope import Scope


def find_marks(scope: Scope, entry: Entry) -> tuple[MarkedField, ...]:
    """Return the doubtful fields of an entry with their candidates."""
    if not entry.marks:
        return ()
    draft = find_draft(scope, entry)
    return tuple(_mark(field, entry, draft) for field in entry.marks)


def list_lines(scope: Scope, entry: Entry) -> tuple[str, ...]:
    """Return the names of the lines on an entry's receipt, which help to guess its category."""
    draft = find_draft(scope, entry)
    return tuple(line.name for line in draft.items) if draft else ()


def find_draft(scope: Scope, entry: Entry) -> ReceiptDraft | None:
    """Return the draft that an entry was made of; None where no receipt was read."""
    if entry.receipt_id is None:
        return None
    receipt = scope.repositories.receipts.find(scope.ledger.id, entry.receipt_id)
    drafts = (receipt.reading or {}).get("drafts") if receipt else None
    position = position_of(entry.source_key)
    return load_draft(drafts[position]) if drafts and 0 <= position < len(drafts) else None


def _mark(field: Mark, entry: Entry, draft: ReceiptDraft | None) -> MarkedField:
    if field == "amount":
        return MarkedField(field)
    found = draft.alternatives.get(field, ()) if draft else ()
    if field == "date":
        days = tuple(one for one in found if not isinstance(one, str) and one != entry.spent_on)
        return MarkedField(field, draft is None or draft.on is None, days=days)  # type: ignore[arg-type]
    mine = entry.merchant if field == "merchant" else entry.money.currency
    words = tuple(one for one in found if isinstance(one, str) and one != mine)
    return MarkedField(field, field == "currency", words=words)
