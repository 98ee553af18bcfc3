"""Turn what a reader recognised on a receipt into drafts whose figures add up.

`build_drafts` is the entry point. Rows are rebuilt from boxes (`rows`), words get meanings (`labels`),
figures become amounts (`amounts`, `labelled`), every field has candidates with evidence that one small
model ranks (`totals`, `dates`, `merchants`, `ranking`), arithmetic judges (`checks`), and a draft says
whether it may be booked unasked (`sureness`). Nothing here awaits, reads a clock or opens a file but
its own tables.

Patterns and tables (3 MB, 0.1 s) are loaded with the first receipt, since a program that reads none needs
only the draft.
"""

from __future__ import annotations

from collections.abc import Sequence

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
    "join_drafts",
]


def build_drafts(reading: Reading, context: ReceiptContext) -> tuple[ReceiptDraft, ...]:
    """Understand a reading; return one draft per receipt found, and at least one."""
    from ledger.receipt import build  # noqa: PLC0415  # see above

    return build.build_drafts(reading, context)


def join_drafts(
    first: Sequence[ReceiptDraft], second: Sequence[ReceiptDraft], *, talked_to: bool = True
) -> tuple[ReceiptDraft, ...]:
    """Join the drafts of two readers; `talked_to`: the second is a language model."""
    from ledger.receipt.deciding import joining  # noqa: PLC0415  # see above

    return joining.join_drafts(first, second, talked_to=talked_to)
