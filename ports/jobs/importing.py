"""Declare the jobs and events of imported files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ports.jobs.exporting import ExportedFile
from ports.jobs.receipts import UnreadFile


@dataclass(frozen=True, slots=True)
class ReadImport:
    """Read an imported file and compare it with the ledger."""

    kind: ClassVar[str] = "import_read"
    ledger_id: int
    import_id: str


@dataclass(frozen=True, slots=True)
class ImportRead:
    """The notice that a file was read, or the reason why it cannot be."""

    name: ClassVar[str] = "import_read"
    ledger_id: int
    import_id: str
    refusal: UnreadFile | None = None

    @classmethod
    def of(cls, job: ReadImport, reference: str) -> ImportRead:
        """Return the event of a job that was given up; the answer names no reference."""
        _ = reference
        return cls(job.ledger_id, job.import_id, UnreadFile("reading_failed"))


@dataclass(frozen=True, slots=True)
class ListImport:
    """Write the rows of a preview to a file that is sent."""

    kind: ClassVar[str] = "import_list"
    ledger_id: int
    import_id: str


@dataclass(frozen=True, slots=True)
class ImportListed:
    """The file with the rows of a preview."""

    name: ClassVar[str] = "import_listed"
    file: ExportedFile
    ledger_id: int = 0
    """0 in events of the release before."""


@dataclass(frozen=True, slots=True)
class WriteImport:
    """Write the rows of an imported file as entries."""

    kind: ClassVar[str] = "import_write"
    ledger_id: int
    import_id: str


@dataclass(frozen=True, slots=True)
class ImportWritten:
    """The notice that all rows of a file are entries."""

    name: ClassVar[str] = "import_written"
    ledger_id: int
    import_id: str


@dataclass(frozen=True, slots=True)
class ReverseImport:
    """Undo a written import, or redo an undone one."""

    kind: ClassVar[str] = "import_reverse"
    ledger_id: int
    import_id: str
    operation_id: str
    """Id of the operation that holds the reversed changes."""
    redo: bool = False


@dataclass(frozen=True, slots=True)
class ImportReversed:
    """The notice that an import was undone or redone."""

    name: ClassVar[str] = "import_reversed"
    ledger_id: int
    import_id: str
