"""Find what the reading of a receipt tells about its entry: doubtful fields, lines, and its sum.

An entry keeps only the names of its doubtful fields; the candidates are in the reading of its
receipt, which is kept anyhow.
"""

from __future__ import annotations

from ledger.entries.entry import Entry, Mark
from ledger.entries.source_keys import position_of
from ledger.receipt import ReceiptDraft
from ledger.receipt.draft_json import load_draft
from ports.answers import MarkedField, Remark
from services.scope import Scope

SUMS = frozenset({"items", "subtotal_and_tax", "tax_included", "code"})
"""Equations that show a total to be the sum of its parts; one that holds is enough."""


def find_marks(scope: Scope, entry: Entry) -> tuple[MarkedField, ...]:
    """Return the doubtful fields of an entry with their candidates."""
    if not entry.marks:
        return ()
    draft = find_draft(scope, entry)
    return tuple(_mark(field, entry, draft) for field in entry.marks)


def list_lines(draft: ReceiptDraft | None) -> tuple[str, ...]:
    """Return the names of the lines on a receipt, which help to guess its category."""
    return tuple(line.name for line in draft.items) if draft else ()


def list_sum_remarks(draft: ReceiptDraft | None, entry: Entry) -> tuple[Remark, ...]:
    """Return the remark that a receipt's parts add up to the amount of its entry, where they do."""
    if draft is None or entry.money.amount != draft.total:
        return ()
    adds_up = any(check.passed and check.name in SUMS for check in draft.checks)
    return (Remark("adds_up", {}),) if adds_up else ()


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
