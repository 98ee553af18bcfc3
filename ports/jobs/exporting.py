"""Declare the jobs and events of exported files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from ledger.entries.filter_fields import load_filter
from ledger.entries.queries import EntryFilter
from ledger.formats.known import FormatName
from ledger.periods.period import Period
from ports.jobs.receipts import UnreadFile


@dataclass(frozen=True, slots=True)
class WriteExport:
    """Write a ledger's entries to files."""

    kind: ClassVar[str] = "export"
    ledger_id: int
    format: FormatName
    start: date | None = None
    end: date | None = None
    """The day after the last. Jobs of the release before have only these, and no `which`."""
    which: dict[str, Any] | None = None
    """A filter, as `ledger.entries.filter_fields` writes it."""

    @property
    def filter(self) -> EntryFilter:
        """Return the entries that are meant."""
        if self.which is not None:
            return load_filter(self.which)
        period = Period(self.start, self.end) if self.start and self.end else None
        return EntryFilter(period=period)


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """A file in the blob store, ready to be sent."""

    blob_key: str
    file_name: str
    rows: int
    period: Period | None = None
    about: str = ""


@dataclass(frozen=True, slots=True)
class ExportWritten:
    """The files of an export, which are in the blob store, or the reason why there are none."""

    name: ClassVar[str] = "exported"
    files: tuple[ExportedFile, ...]
    refusal: UnreadFile | None = None
    ledger_id: int = 0
    """0 in events of the release before."""


@dataclass(frozen=True, slots=True)
class ExportFailed:
    """The notice that an export was given up; `reference` is the error's id in the log."""

    name: ClassVar[str] = "export_failed"
    reference: str

    @classmethod
    def of(cls, job: WriteExport, reference: str) -> ExportFailed:
        """Return the event of a job that was given up."""
        _ = job
        return cls(reference)
