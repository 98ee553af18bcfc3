"""Delete files which no row names, and folders that a killed export left.

A file is stored before the row that names it is committed, so only one that is older than
`ORPHAN_AGE` is an orphan. Its age is the store's, so a restart forgets nothing.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from bot.ops.logs import get_logger
from ports.blobs import Blobs
from services.exporting.exporter import FOLDER_PREFIX

ORPHAN_AGE = timedelta(hours=2)
BATCH_FILES = 500

_log = get_logger("bot.ops.sweep")


class References(Protocol):
    """Knows which files rows name."""

    async def find_referenced(self, keys: Sequence[str]) -> set[str]:
        """Return those of these keys that rows name."""


def delete_folders(parent: Path) -> None:
    """Delete folders of exports that were killed more than `ORPHAN_AGE` ago."""
    oldest = time.time() - ORPHAN_AGE.total_seconds()
    for folder in parent.glob(f"{FOLDER_PREFIX}*"):
        # Another process may delete it at the same moment.
        with suppress(OSError):
            if folder.stat().st_mtime < oldest:
                shutil.rmtree(folder)


@dataclass(slots=True)
class Sweep:
    """Finds orphans and deletes them, some hundred files at a time."""

    blobs: Blobs
    references: References

    async def run(self, now: datetime) -> None:
        """Look once. Files carry the machine's time, so `now` (which tests move) is not used."""
        _ = now
        deleted = 0
        batch: list[str] = []
        async for key in self.blobs.keys_before(datetime.now(UTC) - ORPHAN_AGE):
            batch.append(key)
            if len(batch) == BATCH_FILES:
                deleted += await self._delete_orphans(batch)
                batch = []
        deleted += await self._delete_orphans(batch)
        await asyncio.to_thread(delete_folders, Path(tempfile.gettempdir()))
        if deleted:
            _log.info("orphans_deleted", files=deleted)

    async def _delete_orphans(self, keys: Sequence[str]) -> int:
        if not keys:
            return 0
        orphans = set(keys) - await self.references.find_referenced(keys)
        for key in orphans:
            await self.blobs.delete(key)
        return len(orphans)
