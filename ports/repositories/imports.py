"""Declare the repository of imported files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from ledger.imports.batches import ImportBatch
from ledger.statements import Layout


class Imports(Protocol):
    """Imported files, their layouts, and the shares that they name."""

    def add(self, batch: ImportBatch) -> bool:
        """Insert; False when this source has one already (a repeated update)."""

    def find(self, ledger_id: int, import_id: str) -> ImportBatch | None:
        """Return without a lock."""

    def get(self, ledger_id: int, import_id: str) -> ImportBatch:
        """Return and lock."""

    def save(self, batch: ImportBatch) -> None:
        """Write back everything that can change."""

    def layouts(self, ledger_id: int) -> dict[str, Layout]:
        """Return the layouts of earlier files by the fingerprint of their headers."""

    def keep_layout(self, ledger_id: int, fingerprint: str, layout: Layout) -> None:
        """Remember the layout of files with this header."""

    def links(self, ledger_id: int, source_keys: Sequence[str]) -> dict[str, str]:
        """Return the ids of entries by the source keys of rows that were kept as theirs."""

    def link(self, batch: ImportBatch, links: Sequence[tuple[str, str]]) -> None:
        """Keep rows, by source key, as those of entries until the import is undone."""

    def keep_shares(
        self, ledger_id: int, shares: Sequence[tuple[str, Sequence[tuple[str, str]]]]
    ) -> None:
        """Keep the shares of entries by entry id; an entry that has some keeps them."""

    def list_shares(self, ledger_id: int) -> dict[str, tuple[tuple[str, str], ...]]:
        """Return the shares of all entries that have some, names with amounts, by entry id."""
