"""Define the rows of the job table, with a runner and event handlers for each kind."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.engine.jobs import Runner
from bot.engine.partitions import TRIES_MAX
from ports.jobs import Event, JobSpec, dump_event, load_event, load_job
from ports.queue import Job
from replies.results import ResultHandler


@dataclass(frozen=True, slots=True)
class JobType:
    """One kind of job. See `bot.engine.jobs.Runner` for the limits.

    `run` gets the job's values, and the claim by which this process holds it.
    """

    job: type[JobSpec]
    run: Callable[[Any, Job], Awaitable[Event | None]]
    results: Mapping[type[Event], ResultHandler] = field(default_factory=dict)
    """Every event that the job may leave, with its handler in the chat's partition."""
    failed: Callable[[Any, str], Event] | None = None
    """Makes the event of a job that was given up; None where no user waits for the job."""
    give_up: Callable[[Any], Awaitable[None]] | None = None
    discard: Callable[[Any], Awaitable[None]] | None = None
    """Deletes the files that an event names, when nobody will take it."""
    parallel: int = 4
    timeout_seconds: float = 120
    tries_max: int = TRIES_MAX
    backoff: Callable[[int], float] | None = None

    def build_runner(self) -> Runner:
        """Return the runner of the stored form of these jobs."""
        return Runner(
            self._run,
            self.parallel,
            self.timeout_seconds,
            self.tries_max,
            self._failed if self.failed else None,
            self._give_up if self.give_up else None,
            self.backoff,
            self._discard if self.discard else None,
        )

    async def _run(self, claim: Job) -> str | None:
        event = await self.run(self._load(claim), claim)
        return None if event is None else dump_event(event)

    def _failed(self, claim: Job, reference: str) -> str:
        assert self.failed is not None
        return dump_event(self.failed(self._load(claim), reference))

    async def _give_up(self, claim: Job) -> None:
        assert self.give_up is not None
        await self.give_up(self._load(claim))

    async def _discard(self, claim: Job, event: str) -> None:
        assert self.discard is not None
        known = {one.name: one for one in self.results}
        await self.discard(load_event(known, event, claim.partition or 0))

    def _load(self, claim: Job) -> JobSpec:
        return load_job(self.job, claim.values, claim.partition)


def without_claim(
    run: Callable[[Any], Awaitable[Event | None]],
) -> Callable[[Any, Job], Awaitable[Event | None]]:
    """Adapt a runner that writes nothing to the database, so needs no proof of its claim."""

    async def run_claimed(job: JobSpec, claim: Job) -> Event | None:
        _ = claim
        return await run(job)

    return run_claimed


def list_runners(types: Sequence[JobType]) -> dict[str, Runner]:
    """Return the runner of each kind."""
    return {one.job.kind: one.build_runner() for one in types}


def list_results(types: Sequence[JobType]) -> dict[type[Event], ResultHandler]:
    """Return the handler of each event that a job may leave."""
    return {event: handler for one in types for event, handler in one.results.items()}
