"""The tick that deletes files which no row speaks of any more.

A file is stored before the row that names it is committed, so one that is unknown may be on its
way: only what was unknown at two sweeps in a row, an hour apart, is an orphan.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.ops.logs import get_logger
from ports.blobs import Blobs

_log = get_logger("bot.ops.sweep")


class References(Protocol):
    """Knows which files are spoken of."""

    async def referenced_blobs(self) -> set[str]:
        """Return the keys that rows name."""


@dataclass(slots=True)
class Sweep:
    """Finds orphans and deletes them at their second sight."""

    blobs: Blobs
    references: References
    _suspects: set[str] = field(default_factory=set)

    async def run(self, now: datetime) -> None:
        """Look once."""
        _ = now
        stored = {key async for key in self.blobs.keys()}  # noqa: SIM118  # no dict
        orphans = stored - await self.references.referenced_blobs()
        gone = orphans & self._suspects
        for key in gone:
            await self.blobs.delete(key)
        self._suspects = orphans - gone
        if gone:
            _log.info("orphans_deleted", files=len(gone))
