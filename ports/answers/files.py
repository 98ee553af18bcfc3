"""Declare the answers about exported and imported files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ledger.budgets.thresholds import Alert
from ledger.imports.batches import ImportBatch
from ledger.periods.period import Period
from ports.answers.capturing import Confirmed


@dataclass(frozen=True, slots=True)
class Exported:
    """A file in the blob store, ready to be sent."""

    blob_key: str
    file_name: str
    rows: int
    period: Period | None
    about: str = ""
    """The id of a sentence that says what the file is for, where it holds no entries."""


@dataclass(frozen=True, slots=True)
class ImportStarted:
    """An import that a job goes on with: reading, writing, undoing or redoing."""

    batch: ImportBatch


ImportPage = Literal["", "rows", "reading"]
"""The page of a preview: the preview itself, its rows, or how else the file could be read."""


@dataclass(frozen=True, slots=True)
class ImportShown:
    """An import as it is: a question, the preview, or its result."""

    batch: ImportBatch
    refusal: str = ""
    """The reason why the file cannot be read."""
    alerts: tuple[Alert, ...] = ()
    page: ImportPage = ""
    at: int = 0
    """Number of rows before the page of rows."""
    confirmed: tuple[Confirmed, ...] = ()
    """Messages that show its entries, when it was undone or redone."""
