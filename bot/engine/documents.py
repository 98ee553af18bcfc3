"""Draw documents in a process of their own, which ends with each.

A workbook of 100,000 rows takes seconds and a font of Chinese 100 MB; neither is to be felt by the
people who write at the same time, so the process also has a lower priority.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from ledger.errors import UnavailableError
from ports.documents import DocumentKind


class DocumentProcess:
    """`ports.documents.DocumentWriter` by `python -m presentation.documents`."""

    async def write(self, kind: DocumentKind, rows: Path, target: Path) -> None:
        """Draw in another process. Raises `UnavailableError` when it fails."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "presentation.documents", kind, str(rows), str(target)
        )
        try:
            failed = await process.wait()
        except asyncio.CancelledError:
            # The job's time is over, or the program stops.
            process.kill()
            await process.wait()
            raise
        if failed:
            raise UnavailableError("drawing")
