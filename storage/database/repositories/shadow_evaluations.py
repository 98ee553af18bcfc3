"""Store counts of a model that is compared with the one in use."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from datetime import datetime

from sqlalchemy import bindparam, select

from ports.shadow import ShadowCounts, ShadowEvaluation, Tally
from storage.database.connections.backend import Backend
from storage.database.connections.prepared import change, fetch_one
from storage.database.tables import shadow_evaluations
from storage.database.upsert import insert

_COUNTS = tuple(field.name for field in fields(Tally))
_NEW = insert(shadow_evaluations)
_ADD = _NEW.on_conflict_do_update(
    index_elements=["champion", "challenger"],
    set_={name: shadow_evaluations.c[name] + _NEW.excluded[name] for name in _COUNTS},
)
_FIND = select(*(shadow_evaluations.c[name] for name in (*_COUNTS, "since_at"))).where(
    shadow_evaluations.c.champion == bindparam("old"),
    shadow_evaluations.c.challenger == bindparam("new"),
)


@dataclass(frozen=True, slots=True)
class SqlTallies:
    """`ports.shadow.Tallies` over a database."""

    backend: Backend

    async def add(self, contest: ShadowEvaluation, tally: Tally, *, now: datetime) -> None:
        """Add to an evaluation's counts; the first ones begin it."""
        row = {**asdict(contest), **asdict(tally), "since_at": now}
        await self.backend.write(lambda connection: change(connection, _ADD, row))

    async def find(self, contest: ShadowEvaluation) -> ShadowCounts | None:
        """Return the counts of an evaluation, None before the first."""
        names = {"old": contest.champion, "new": contest.challenger}
        row = await self.backend.read(lambda connection: fetch_one(connection, _FIND, names))
        if row is None:
            return None
        counts = {name: getattr(row, name) for name in _COUNTS}
        return ShadowCounts(Tally(**counts), row.since_at)
