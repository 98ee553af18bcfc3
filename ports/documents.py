"""Declare how documents are drawn that need a vendor's library (a workbook, a PDF)."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Protocol

DocumentKind = Literal["xlsx", "pdf"]


class DocumentWriter(Protocol):
    """Draws a document of a ledger outside of the process that answers chats.

    `rows` is a file of JSON lines as `ledger.formats.kvitto_json.RowsWriter` writes it: the facts,
    then the cells of an entry a line. A plug reads it row by row and holds no workbook in memory.
    """

    async def write(self, kind: DocumentKind, rows: Path, target: Path) -> None:
        """Draw the document into the file `target`.

        Raises:
            UnavailableError: the process that draws died; trying again is right.
        """
