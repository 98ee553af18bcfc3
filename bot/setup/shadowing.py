"""Choose the model that categorises entries, and compare a challenger with it.

Without a challenger nothing is loaded, compared or stored. With one, each guess for an entry is made
twice (about 0.1 ms, and a second memory of each chat), and the counts are added to the database
every minute.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ai.categories.shadow import ShadowCategoriser
from bot.engine.partitions import Clock
from bot.ops.clock import utc_now
from bot.ops.logs import get_logger
from bot.setup.lazy import LazyCategoriser
from bot.setup.models import model_store_of
from bot.setup.settings import Settings
from ledger.errors import UnavailableError
from ports.categorising import Categoriser
from ports.shadow import ShadowEvaluation, Tallies, Tally

if TYPE_CHECKING:
    from ai.categories.model import Model

KEEP_SECONDS = 60.0
CLOSE_SECONDS = 2.0

_log = get_logger("bot.setup.shadowing")


@dataclass(frozen=True, slots=True)
class Keeper:
    """Adds the counts of a shadow evaluation to the database every minute."""

    shadow: ShadowCategoriser
    evaluation: ShadowEvaluation
    tallies: Tallies
    clock: Clock = utc_now

    async def run(self) -> None:
        """Store the counts until cancelled."""
        while True:
            await asyncio.sleep(KEEP_SECONDS)
            await self.keep()

    async def keep(self) -> None:
        """Store the counts since the last call; they wait where storing fails."""
        tally = self.shadow.take()
        if tally == Tally():
            return
        try:
            await self.tallies.add(self.evaluation, tally, now=self.clock())
        except UnavailableError:
            # Put back, so that a short outage loses no counts; a kill may lose a minute of them.
            self.shadow.put(tally)
            _log.warning("counts_not_kept")


@asynccontextmanager
async def open_categoriser(settings: Settings, tallies: Tallies) -> AsyncIterator[Categoriser]:
    """Yield the categoriser of this installation; a challenger's counts are stored at the end.

    A model that cannot be read is named in the log and skipped.
    """
    store = model_store_of(settings)
    champion = await asyncio.to_thread(_find_model, store.champion)
    challenger = await asyncio.to_thread(_find_model, store.challenger)
    deciding = LazyCategoriser(champion, is_modest="local" not in settings.categoriser)
    if challenger is None:
        yield deciding
        return
    shadow = ShadowCategoriser(deciding, LazyCategoriser(challenger))
    evaluation = ShadowEvaluation(
        await asyncio.to_thread(_version_of, champion), challenger.version
    )
    _log.info("challenger", champion=evaluation.champion, challenger=evaluation.challenger)
    keeper = Keeper(shadow, evaluation, tallies)
    keeping = asyncio.create_task(keeper.run(), name="shadow-counts")
    try:
        yield shadow
    finally:
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)
        try:
            async with asyncio.timeout(CLOSE_SECONDS):
                await keeper.keep()
        except TimeoutError:
            _log.warning("counts_not_kept")


def _find_model(folder: Path) -> Model | None:
    if not folder.is_dir():
        return None
    from ai.categories.model import open_model  # noqa: PLC0415  # numpy, only where it is needed

    try:
        return open_model(folder)
    except UnavailableError as error:
        _log.error("model_left_aside", place=folder.name, why=error.message_id)
        return None


def _version_of(champion: Model | None) -> str:
    from ai.categories.model import bundled, version_of  # noqa: PLC0415  # as above

    return champion.version if champion else version_of(bundled())
