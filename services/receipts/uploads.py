"""Keep the picture of a receipt that a program hands on, and tell what became of it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from ledger.entries.entry import Entry
from ledger.errors import NotFoundError
from ledger.stored_receipts import Receipt
from services.ids import new_id
from services.scope import Scope


@dataclass(frozen=True, slots=True)
class Upload:
    """A picture or document whose bytes are in the blob store already."""

    source: str
    blob_key: str
    sha256: str
    file_name: str
    caption: str


def take_upload(scope: Scope, upload: Upload) -> Receipt:
    """Make the row of a receipt that is still to be read, whose source is new."""
    receipt = keep_upload(scope, upload)
    assert receipt is not None, "every upload has a source of its own"
    return receipt


def keep_upload(scope: Scope, upload: Upload) -> Receipt | None:
    """Make the row of a receipt that is still to be read; None where its source has one."""
    receipt = Receipt(
        id=new_id(scope.now),
        ledger_id=scope.ledger.id,
        source=upload.source,
        user_id=scope.actor,
        file_ref="",
        file_name=upload.file_name,
        caption=upload.caption,
        state="stored",
        received_at=scope.now,
        blob_key=upload.blob_key,
        sha256=upload.sha256,
    )
    return receipt if scope.repositories.receipts.add(receipt) else None


def find_receipt(scope: Scope, receipt_id: str) -> tuple[Receipt, Sequence[Entry]]:
    """Return a receipt with its live entries. Raises `NotFoundError` (`receipt_gone`)."""
    receipt = scope.repositories.receipts.find(scope.ledger.id, receipt_id)
    if receipt is None:
        raise NotFoundError("receipt_gone")
    return receipt, scope.repositories.entries.of_receipt(scope.ledger.id, receipt_id)


def digest_of(data: bytes) -> str:
    """Return the digest by which copies of a file are known."""
    return hashlib.sha256(data).hexdigest()
