"""Declare the jobs and events of receipts and their files."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar

from ports.stored_values import FormerName


@dataclass(frozen=True, slots=True)
class ReadReceipt:
    """Read the picture of a stored receipt."""

    kind: ClassVar[str] = "receipt"
    ledger_id: int
    receipt_id: str
    addressed: bool = False
    """True when the picture was meant for the bot; a group gets no answer otherwise."""


@dataclass(frozen=True, slots=True)
class UnreadFile:
    """The id and the values of the sentence that explains why a file was not read."""

    reason: Annotated[str, FormerName("id")]
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReceiptRead:
    """The reading of a receipt, or the reason why its file cannot be read."""

    name: ClassVar[str] = "receipt_read"
    ledger_id: int
    receipt_id: str
    addressed: bool = False
    drafts: tuple[dict[str, Any], ...] = ()
    """As `ledger.receipt.draft_json` writes them."""
    clean_key: str | None = None
    """Blob key of a copy without metadata."""
    picture_print: str = ""
    """The fingerprint that copies of the picture share; empty for documents."""
    refusal: UnreadFile | None = None


@dataclass(frozen=True, slots=True)
class ReceiptFailed:
    """The notice that a receipt was given up after all tries."""

    name: ClassVar[str] = "receipt_failed"
    ledger_id: int
    receipt_id: str
    addressed: bool = False

    @classmethod
    def of(cls, job: ReadReceipt, reference: str) -> ReceiptFailed:
        """Return the event of a job that was given up; the answer names no reference."""
        _ = reference
        return cls(job.ledger_id, job.receipt_id, job.addressed)


@dataclass(frozen=True, slots=True)
class DeleteFiles:
    """Delete files of a ledger that was forgotten, or of a message that was sent."""

    kind: ClassVar[str] = "delete_blobs"
    keys: tuple[str, ...]
