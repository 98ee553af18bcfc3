"""Understanding receipts: from what a reader saw to drafts that add up.

`build_drafts` is the way in. Rows are rebuilt from boxes (`rows`), words get meanings (`labels`),
figures become amounts (`amounts`, `sheet`), every field has candidates with evidence that one small
model ranks (`totals`, `dates`, `merchants`, `ranking`), arithmetic judges (`checks`), and a draft says
whether it may be booked unasked (`sureness`). Nothing here awaits, reads a clock or opens a file but
its own tables.
"""

from ledger.receipt.build import build_drafts
from ledger.receipt.draft import Check, Draft, DraftLine, Field, ReceiptContext
from ledger.receipt.reading import Reading, Refusal

__all__ = [
    "Check",
    "Draft",
    "DraftLine",
    "Field",
    "Reading",
    "ReceiptContext",
    "Refusal",
    "build_drafts",
]
