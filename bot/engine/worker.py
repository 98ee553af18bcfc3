"""Claim messages of the inbox and handle each in one transaction.

Every claimed partition (a chat) has a task of its own, so that a chat's messages are handled in
order while chats run side by side. For each delivery a unit of work is opened, the handlers run, the
unit commits: effects, outgoing messages, jobs and the inbox mark become true together. A failure
rolls all of it back, counts a try and makes the partition wait; after `TRIES_MAX` tries the message
is parked, its person is told, and the partition goes on.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

from bot.engine.partitions import (
    TRIES_MAX,
    Clock,
    UpdateHandlers,
    backoff_seconds,
    wait_for_event,
)
from bot.engine.press_answers import PressAnswers
from bot.ops.clock import utc_now
from bot.ops.errors import describe_error, new_error_id, trace_error
from bot.ops.logs import get_logger
from bot.ops.metrics import HANDLED, HANDLING_SECONDS
from ledger.errors import ClaimLostError, UnavailableError
from ports.failpoints import failpoint
from ports.messages import Outgoing
from ports.outbox import Queued
from ports.queue import Delivery, Inbox, PermanentError
from ports.telemetry import record_step
from ports.telemetry.flows import enter_flow
from ports.units import Committed, UnitOfWork, UnitOfWorkFactory

PARTITIONS_MAX = 32
"""Partitions claimed at the same time."""
PARTITIONS_LOW = 16
"""No more are claimed until so few are left: one claim then brings many, and as each of them costs
a statement, that is what keeps claims cheap under load."""
HANDLE_SECONDS = 30
LEASE_SECONDS = 10.0
"""Seconds until another process takes over the partitions of one that died."""
EXTEND_SECONDS = 3.0
POLL_SECONDS = 0.5
"""Seconds until a message stored by another process, or a retry that became due, is seen."""
OUTAGE_SECONDS = 1.0

Claim = tuple[int, int]
"""Partition and fence. After a pause longer than a lease this process may have claimed a partition
again while the task of the older claim still runs; that one is refused at its next unit."""

Handle = Callable[[Delivery, UnitOfWork], Awaitable[None]]

_log = get_logger("bot.engine.worker")


class _HandlingError(Exception):
    """A handler failed; the cause says how. Raised inside the unit, so that it rolls back."""


@dataclass(slots=True)
class Worker:
    """Handles messages until it is cancelled or stopped; `wake` is set when one comes."""

    units: UnitOfWorkFactory
    inbox: Inbox
    handlers: UpdateHandlers
    presses: PressAnswers
    wake: asyncio.Event
    wake_sender: asyncio.Event
    wake_jobs: asyncio.Event
    hand_over: Callable[[Sequence[Queued]], None] | None = None
    """Gives committed messages to a sender of this process."""
    clock: Clock = utc_now
    backoff: Callable[[int], float] = backoff_seconds
    stopping: bool = False
    _tasks: dict[Claim, asyncio.Task[None]] = field(default_factory=dict)
    _claimed: dict[Claim, Delivery] = field(default_factory=dict)
    """A delivery of each claim that is worked on; its lease is kept."""
    _unreleased: list[Delivery] = field(default_factory=list)
    """Deliveries whose release failed; their partitions would wait for the end of the lease."""
    _units: asyncio.Semaphore = field(init=False)

    def __post_init__(self) -> None:
        """Bound the units of work that are under way."""
        self._units = asyncio.Semaphore(self.units.side_by_side)

    async def run(self) -> None:
        """Claim and handle messages until `stop` was called."""
        keeper = asyncio.create_task(self._keep_leases(), name="leases")
        try:
            while not self.stopping:
                self.wake.clear()
                if not await self._claim() and not self.stopping:
                    await wait_for_event(self.wake, POLL_SECONDS)
        finally:
            keeper.cancel()

    async def stop(self, seconds: float) -> None:
        """Claim nothing more, let what is in work end, at most for these seconds."""
        self.stopping = True
        self.wake.set()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks.values(), timeout=seconds)
            for task in late:
                # Its unit rolls back; the message stays in the inbox for the next start.
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        await self.presses.stop(seconds)

    async def _claim(self) -> bool:
        """Claim partitions and start on them; False when there was nothing or no room."""
        if len(self._tasks) > PARTITIONS_LOW:
            return False
        room = PARTITIONS_MAX - len(self._tasks)
        try:
            await self._release_all()
            claimed = await self.inbox.claim(
                now=self.clock(), partitions=room, lease_seconds=LEASE_SECONDS
            )
        except UnavailableError as error:
            _log.warning("inbox_unavailable", error=describe_error(error))
            await asyncio.sleep(OUTAGE_SECONDS)
            return False
        claims: dict[Claim, list[Delivery]] = {}
        for delivery in claimed:
            claim = delivery.inbox_message.partition, delivery.fence
            claims.setdefault(claim, []).append(delivery)
        for claim, deliveries in claims.items():
            self._claimed[claim] = deliveries[-1]
            self._tasks[claim] = asyncio.create_task(
                self._work(claim, deliveries), name=f"partition {claim[0]}"
            )
        return bool(claimed)

    async def _work(self, claim: Claim, deliveries: Sequence[Delivery]) -> None:
        left = list(deliveries)
        try:
            while left and not self.stopping and await self._handle(left[0]):
                del left[0]
        except Exception as error:  # noqa: BLE001  # a partition must end, never the worker
            _log.error("partition_failed", error=describe_error(error), trace=trace_error(error))
            await asyncio.sleep(OUTAGE_SECONDS)
        finally:
            del self._tasks[claim], self._claimed[claim]
            self.wake.set()
            if left:
                # A stop cancels this task; without the shield the partition would wait for its
                # lease.
                await asyncio.shield(self._release(left))

    async def _release(self, deliveries: Sequence[Delivery]) -> None:
        """Give claims back; after an outage that is tried once more before the next claim."""
        self._unreleased += deliveries
        try:
            await self._release_all()
        except UnavailableError as error:
            _log.warning("not_released", error=describe_error(error))

    async def _release_all(self) -> None:
        if self._unreleased:
            deliveries = list(self._unreleased)
            await self.inbox.release(deliveries)
            del self._unreleased[: len(deliveries)]

    async def _keep_leases(self) -> None:
        """Extend the leases of the partitions that are worked on."""
        while True:
            await asyncio.sleep(EXTEND_SECONDS)
            try:
                await self.inbox.extend(
                    list(self._claimed.values()), now=self.clock(), lease_seconds=LEASE_SECONDS
                )
            except UnavailableError as error:
                _log.warning("leases_not_extended", error=describe_error(error))

    async def _handle(self, delivery: Delivery) -> bool:
        """Handle one delivery; False when its partition has to wait before it goes on."""
        failpoint("worker.before_unit")
        enter_flow(delivery.inbox_message.flow_name)
        # Telegram takes one answer a press, so a retry must not send another.
        if delivery.tries == 0:
            await self.presses.answer(delivery)
        began = time.time()
        try:
            with HANDLING_SECONDS.time():
                committed = await self._handle_or_explain(delivery)
        except ClaimLostError:
            # Another process was faster; nothing of this unit came true.
            HANDLED.labels("again").inc()
            return True
        except UnavailableError as error:
            _log.warning("database_unavailable", error=describe_error(error))
            await asyncio.sleep(OUTAGE_SECONDS)
            return False
        except Exception as error:  # noqa: BLE001  # whatever it is, it is this message's failure
            record_step("handle", began, outcome="failed", kind=delivery.inbox_message.kind)
            cause = error.__cause__ if isinstance(error, _HandlingError) else None
            return await self._failed(delivery, cause or error)
        HANDLED.labels("ok").inc()
        record_step("handle", began, kind=delivery.inbox_message.kind)
        self._pass_on(committed)
        return True

    def _pass_on(self, committed: Committed) -> None:
        if committed.messages and self.hand_over is not None:
            self.hand_over(committed.messages)
        elif committed.sends:
            self.wake_sender.set()
        if committed.starts:
            self.wake_jobs.set()

    async def _handle_or_explain(self, delivery: Delivery) -> Committed:
        """Handle a delivery; an error that its user is told about gets a unit of its own."""
        try:
            return await self._run_in_unit(delivery, self.handlers.handle)
        except _HandlingError as failure:
            error = failure.__cause__
            if error is None or not self.handlers.explains(error, delivery):
                raise
        # The unit was rolled back, so nothing remains of what the handler wrote before it failed.
        return await self._run_in_unit(delivery, partial(self.handlers.explain, error))

    async def _run_in_unit(self, delivery: Delivery, handle: Handle) -> Committed:
        late_at = float("inf")

        async def work(unit: UnitOfWork) -> None:
            try:
                await handle(delivery, unit)
                # Nobody waits for it any longer, and the message is tried again.
                if time.monotonic() > late_at:
                    raise TimeoutError  # noqa: TRY301  # an error like the handler's own
            # Neither is the handler's fault, so neither counts as a try of the message.
            except (ClaimLostError, UnavailableError):
                raise
            except Exception as error:
                raise _HandlingError from error
            failpoint("worker.before_commit")

        async with self._units, asyncio.timeout(HANDLE_SECONDS):
            late_at = time.monotonic() + HANDLE_SECONDS
            committed = await self.units.complete(work, now=self.clock(), claim=delivery)
        failpoint("worker.after_commit")
        return committed

    async def _failed(self, delivery: Delivery, error: BaseException) -> bool:
        """Count the try; True when the message is parked and the partition may go on."""
        tries = delivery.tries + 1
        final = tries >= TRIES_MAX or isinstance(error, PermanentError)
        error_id = new_error_id()
        described = describe_error(error)
        HANDLED.labels("parked" if final else "failed").inc()
        _log.error(
            "handling_failed",
            error_id=error_id,
            key=delivery.inbox_message.key,
            tries=tries,
            error=described,
            trace=trace_error(error),
        )
        now = self.clock()
        retry_at = None if final else now + timedelta(seconds=self.backoff(tries))
        try:
            if final:
                await self._apologise(delivery, error_id)
                failpoint("worker.before_park")
            await self.inbox.failed(
                delivery, error=f"{error_id} {described}", retry_at=retry_at, now=now
            )
        except UnavailableError:
            await asyncio.sleep(OUTAGE_SECONDS)
            return False
        return final

    async def _apologise(self, delivery: Delivery, error_id: str) -> None:
        """Tell the person that their message could not be handled; told at most once."""
        failpoint("worker.before_apology")
        try:
            reply = await self.handlers.apologise(delivery, error_id)
            if reply is None:
                return
            message = delivery.inbox_message
            async with self.units.open(now=self.clock()) as unit:
                unit.send(Outgoing(message.partition, f"{message.key}:sorry", reply))
            self.wake_sender.set()
        except UnavailableError:
            raise
        except Exception as error:  # noqa: BLE001  # parking must go on without the apology
            _log.error("apology_failed", error_id=error_id, error=describe_error(error))
