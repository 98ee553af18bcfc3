"""Run jobs, which need a network, a file or time, outside every partition.

A job is claimed with a lease, so that another process takes it over when this one dies; it is
extended while the work goes on. No more jobs of a kind are claimed than can run. A job is done at
least once, its runner must be idempotent. The event that a runner returns (JSON text) enters the
job's partition in the commit that removes the job. After some tries the job is parked, and where
somebody waits for it an event tells its partition.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from bot.engine.partitions import TRIES_MAX, Clock, backoff_seconds, wait_for_event
from bot.ops.clock import utc_now
from bot.ops.errors import describe_error, new_error_id, trace_error
from bot.ops.logs import get_logger
from bot.ops.metrics import JOB_SECONDS, JOBS
from ledger.errors import ClaimLostError, UnavailableError
from ports.failpoints import failpoint
from ports.queue import Job, Jobs, PermanentError
from ports.telemetry import record_step
from ports.telemetry.flows import enter_flow

UNKNOWN_PARALLEL = 1
"""Jobs of an unknown kind that are put off side by side."""
UNKNOWN_SECONDS = 60.0
"""Seconds for which a job of an unknown kind is put off, at each of its tries: while processes are
replaced one by one, one of the newer release does it in between."""
LEASE_SECONDS = 30
"""Seconds until another process takes over the jobs of one that died."""
POLL_SECONDS = 1.0
OUTAGE_SECONDS = 1.0

Run = Callable[[Job], Awaitable[str | None]]

_log = get_logger("bot.engine.jobs")


@dataclass(frozen=True, slots=True)
class Runner:
    """Does the jobs of one kind. `parallel` of them run side by side in one process.

    A job that failed `tries_max` times is parked, after `give_up` did what is left to do; the event
    that `failed` makes of the job and the error's id goes to its partition.
    """

    run: Run
    parallel: int = 4
    timeout_seconds: float = 120
    tries_max: int = TRIES_MAX
    failed: Callable[[Job, str], str] | None = None
    give_up: Callable[[Job], Awaitable[None]] | None = None
    backoff: Callable[[int], float] | None = None
    """Seconds until the next try; None: those of all jobs."""
    discard: Callable[[Job, str], Awaitable[None]] | None = None
    """Deletes the files that an event names, when nobody will take it."""


@dataclass(slots=True)
class JobRunner:
    """Runs jobs until `stop`; `wake` is set when a job may have come."""

    jobs: Jobs
    runners: Mapping[str, Runner]
    wake: asyncio.Event
    wake_worker: asyncio.Event
    wake_sender: asyncio.Event
    clock: Clock = utc_now
    backoff: Callable[[int], float] = backoff_seconds
    stopping: bool = False
    _tasks: dict[int, asyncio.Task[None]] = field(default_factory=dict)
    _running: Counter[str] = field(default_factory=Counter)

    async def run(self) -> None:
        """Claim and run jobs until `stop` was called."""
        while not self.stopping:
            self.wake.clear()
            if not await self._claim() and not self.stopping:
                await wait_for_event(self.wake, POLL_SECONDS)

    async def stop(self, seconds: float) -> None:
        """Claim no more jobs; what does not end in time goes back to the queue at once."""
        self.stopping = True
        self.wake.set()
        if not self._tasks:
            return
        _, late = await asyncio.wait(self._tasks.values(), timeout=seconds)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def _claim(self) -> bool:
        """Claim as many jobs as can run now; False when there was none."""
        try:
            claimed = await self.jobs.claim(
                now=self.clock(), room=self._room, lease_seconds=LEASE_SECONDS
            )
        except UnavailableError as error:
            _log.warning("jobs_unavailable", error=describe_error(error))
            await asyncio.sleep(OUTAGE_SECONDS)
            return False
        for job in claimed:
            failpoint("job.after_take")
            self._running[job.kind] += 1
            self._tasks[job.id] = asyncio.create_task(self._work(job), name=f"job {job.kind}")
        return bool(claimed)

    def _room(self, kind: str) -> int:
        """Return how many more jobs of a kind may run in this process."""
        runner = self.runners.get(kind)
        return (runner.parallel if runner else UNKNOWN_PARALLEL) - self._running[kind]

    async def _work(self, job: Job) -> None:
        enter_flow(job.flow_name)
        keeper = asyncio.create_task(self._keep(job, asyncio.current_task()))
        try:
            runner = self.runners.get(job.kind)
            await (self._try(job, runner) if runner else self._put_off(job))
        except asyncio.CancelledError:
            await self._give_back(job)
            raise
        except ClaimLostError:
            # Its lease ended (a stopped clock, a long outage): another process repeats the job.
            _log.warning("job_lost", kind=job.kind)
        except UnavailableError as error:
            # Its end could not be stored: the lease ends and it is done once more.
            _log.warning("job_end_not_stored", kind=job.kind, error=describe_error(error))
        finally:
            keeper.cancel()
            self._tasks.pop(job.id, None)
            self._running[job.kind] -= 1
            self.wake.set()

    async def _put_off(self, job: Job) -> None:
        """Leave a job to a process of a newer release; park it when none comes."""
        error_id, now = new_error_id(), self.clock()
        final = job.tries + 1 >= TRIES_MAX
        JOBS.labels("unknown", "parked" if final else "failed").inc()
        _log.error("job_unknown", error_id=error_id, kind=job.kind, job=job.id, parked=final)
        await self.jobs.failed(
            job,
            error=f"{error_id} unknown kind",
            retry_at=None if final else now + timedelta(seconds=UNKNOWN_SECONDS),
            event=None,
            now=now,
        )

    async def _try(self, job: Job, runner: Runner) -> None:
        began = time.time()
        try:
            with JOB_SECONDS.labels(job.kind).time():
                async with asyncio.timeout(runner.timeout_seconds):
                    event = await runner.run(job)
        except ClaimLostError:
            raise
        except Exception as error:  # noqa: BLE001  # whatever it is, it is this job's failure
            record_step("job", began, outcome="failed", kind=job.kind)
            await self._failed(job, runner, error)
            return
        record_step("job", began, kind=job.kind)
        failpoint("job.before_done")
        await self._end(job, runner, event)
        failpoint("job.after_done")
        JOBS.labels(job.kind, "ok").inc()
        self._wake_others()

    async def _end(self, job: Job, runner: Runner, event: str | None) -> None:
        try:
            await self.jobs.done(job, event=event, now=self.clock())
        except ClaimLostError:
            # The chat was forgotten meanwhile, or another process does the job again.
            if event is not None and runner.discard:
                await runner.discard(job, event)
            raise

    async def _failed(self, job: Job, runner: Runner, error: Exception) -> None:
        tries = job.tries + 1
        final = tries >= runner.tries_max or isinstance(error, PermanentError)
        error_id = new_error_id()
        described = describe_error(error)
        JOBS.labels(job.kind, "parked" if final else "failed").inc()
        _log.error(
            "job_failed",
            error_id=error_id,
            kind=job.kind,
            job=job.id,
            tries=tries,
            error=described,
            trace=trace_error(error),
        )
        if final and runner.give_up:
            await runner.give_up(job)
        now = self.clock()
        await self.jobs.failed(
            job,
            error=f"{error_id} {described}",
            retry_at=None
            if final
            else now + timedelta(seconds=(runner.backoff or self.backoff)(tries)),
            event=runner.failed(job, error_id) if final and runner.failed else None,
            now=now,
        )
        if final:
            self._wake_others()

    def _wake_others(self) -> None:
        """An event may have entered the inbox, and a message may have been released."""
        self.wake_worker.set()
        self.wake_sender.set()

    async def _keep(self, job: Job, work: asyncio.Task[None] | None) -> None:
        """Extend the lease while the job runs; once it is lost the work is of no use."""
        while True:
            await asyncio.sleep(LEASE_SECONDS / 3)
            try:
                await self.jobs.extend(job, now=self.clock(), lease_seconds=LEASE_SECONDS)
            except UnavailableError as error:
                _log.warning("lease_not_extended", kind=job.kind, error=describe_error(error))
            except ClaimLostError:
                if work is not None:
                    work.cancel()
                return

    async def _give_back(self, job: Job) -> None:
        try:
            await asyncio.shield(self.jobs.extend(job, now=self.clock(), lease_seconds=0))
        except (UnavailableError, ClaimLostError) as error:
            _log.warning("job_not_given_back", kind=job.kind, error=describe_error(error))
