"""Read a SQLite file for damaged pages while the program runs.

A start reads small files only (`storage.migrations.CHECKED_BYTES_MAX`), so that a large one does not
delay it. Table by table, so no read holds back the checkpoint of the log for long.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from bot.ops.logs import get_logger

CHECK_SECONDS = 24 * 3600.0
FIRST_CHECK_SECONDS = 90.0

_log = get_logger("bot.ops.pages")


@dataclass(frozen=True, slots=True)
class PageCheck:
    """Logs each damaged table; only a restored backup mends one."""

    find_damaged: Callable[[], Awaitable[list[str]]]

    async def run(self, now: datetime) -> None:
        """Read the file once; `now` does not matter."""
        _ = now
        for table in await self.find_damaged():
            _log.error("database_damaged", table=table, remedy="restore a backup")
