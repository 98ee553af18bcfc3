"""Find the same receipt again, as a retaken photo, a file, or another member's photo.

Two purchases of the same amount stay two; `ledger.receipt.sameness` tells them apart.
"""

from __future__ import annotations

from collections.abc import Sequence

from ledger.entries.entry import Entry
from ledger.entries.source_keys import position_of
from ledger.receipt import ReceiptDraft
from ledger.receipt.draft_json import load_draft
from ledger.receipt.sameness import is_same_picture, is_same_receipt, print_content
from ledger.stored_receipts import Receipt
from services.scope import Scope

PICTURES_MAX = 1000
"""The latest receipts whose pictures are compared; each costs a few dozen bytes to read."""
READINGS_MAX = 20
"""The latest receipts of the same amount whose print is compared."""


def find_same(scope: Scope, receipt: Receipt, found: Sequence[ReceiptDraft]) -> Entry | None:
    """Return a live entry of an earlier receipt that shows the same paper."""
    other = _find_same_picture(scope, receipt)
    if other:
        entries = scope.repositories.entries.of_receipt(receipt.ledger_id, other)
        return entries[0] if entries else None
    for draft in found:
        entry = _find_same_print(scope, receipt, draft)
        if entry:
            return entry
    return None


def _find_same_picture(scope: Scope, receipt: Receipt) -> str | None:
    """Return the id of another receipt whose picture is a copy of this one."""
    for known in scope.repositories.receipts.pictures(receipt.ledger_id, PICTURES_MAX):
        same_file = known.sha256 is not None and known.sha256 == receipt.sha256
        same_picture = is_same_picture(known.picture_print or "", receipt.picture_print or "")
        if known.receipt_id != receipt.id and (same_file or same_picture):
            return known.receipt_id
    return None


def _find_same_print(scope: Scope, receipt: Receipt, draft: ReceiptDraft) -> Entry | None:
    content = print_content(draft)
    if content is None:
        return None
    repositories, ledger_id = scope.repositories, receipt.ledger_id
    for other in repositories.receipts.of_total(
        ledger_id, content.total, content.currency, READINGS_MAX
    ):
        if other.id == receipt.id:
            continue
        for entry in repositories.entries.of_receipt(ledger_id, other.id):
            known = print_content(_draft_of(other, entry))
            if known and is_same_receipt(known, content):
                return entry
    return None


def _draft_of(receipt: Receipt, entry: Entry) -> ReceiptDraft:
    drafts = (receipt.reading or {}).get("drafts") or ()
    position = position_of(entry.source_key)
    return load_draft(drafts[position]) if position < len(drafts) else ReceiptDraft("unreadable")
