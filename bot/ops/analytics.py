"""Write the analysts' files once a day, whichever process gets there first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.ops.errors import describe_error
from bot.ops.logs import get_logger
from ledger.errors import UnavailableError
from storage.analytics.nightly import claim_day, give_day_back, write_files
from storage.analytics.places import Place
from storage.database.connections.backend import Backend

HOUR = 2
"""The hour (UTC) from which a day's files are written, when few people write."""
EVERY_SECONDS = 900.0

_log = get_logger("bot.ops.analytics")


@dataclass(frozen=True, slots=True)
class AnalyticsTick:
    """Writes the files of a day; a failure is tried again at the next tick."""

    backend: Backend
    place: Place

    async def run(self, now: datetime) -> None:
        """Write the files of today unless they are written, or it is too early."""
        # The claim comes last, as it writes.
        if now.hour < HOUR or not await claim_day(self.backend, now.date()):
            return
        try:
            rows = await write_files(self.backend, self.place)
        except UnavailableError as error:
            _log.warning("analytics_not_written", error=describe_error(error))
            await give_day_back(self.backend, now.date())
        else:
            _log.info("analytics_written", rows=rows)
