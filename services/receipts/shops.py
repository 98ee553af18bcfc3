"""Find a chat's own names of shops, from the merchants that people corrected.

Nothing is kept for it: it is read from receipts and entries, so that undoing a correction,
deleting its entry or forgetting the chat forgets the name as well.
"""

from __future__ import annotations

from typing import Any

from ledger.receipt.known_shops import KnownShop, build_shop
from ledger.stored_receipts import NamedReceipt
from ports.repositories import Repositories

CHANGED_MAX = 200
"""The latest changed receipts that are looked through; each costs a few kilobytes to read."""


def list_shops(repositories: Repositories, ledger_id: int) -> tuple[KnownShop, ...]:
    """Return the shops whose names were corrected, the latest correction first."""
    shops = (_shop(changed) for changed in repositories.receipts.changed(ledger_id, CHANGED_MAX))
    return tuple(shop for shop in shops if shop)


def _shop(changed: NamedReceipt) -> KnownShop | None:
    """Return the shop of a receipt, None when its merchant is what was read."""
    drafts: Any = changed.reading.get("drafts") or ()
    if not 0 <= changed.position < len(drafts):
        return None
    draft = drafts[changed.position]
    read = draft["merchant"] or ""
    if read == changed.merchant:
        return None
    return build_shop(changed.merchant, draft["evidence"].get("merchant", read), draft["text"])
