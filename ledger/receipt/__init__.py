"""Turn what a reader recognised on a receipt into drafts whose figures add up.

`build_drafts` is the entry point. Rows are rebuilt from boxes (`rows`), words get meanings (`labels`),
figures become amounts (`amounts`, `labelled`), every field has candidates with evidence that one small
model ranks (`totals`, `dates`, `merchants`, `ranking`), arithmetic judges (`checks`), and a draft says
whether it may be booked unasked (`sureness`). Nothing here awaits, reads a clock or opens a file but
its own tables.
"""

from ledger.receipt.build import build_drafts
from ledger.receipt.draft import Check, Field, LineItem, ReceiptContext, ReceiptDraft
from ledger.receipt.reading import FileRefusal, Reading

__all__ = [
    "Check",
    "Field",
    "FileRefusal",
    "LineItem",
    "Reading",
    "ReceiptContext",
    "ReceiptDraft",
    "build_drafts",
]
