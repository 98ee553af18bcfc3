"""The worker: takes arrivals from the inbox and handles each in one transaction.

One dispatcher reads the inbox and gives every lane (chat) a task of its own, so that a chat's
messages are handled in order while chats run side by side. For each arrival a unit of work is
opened, the door runs, the inbox mark is set, the unit commits: effects, outgoing messages, jobs and
the mark become true together. A failure rolls all of it back, counts a try and makes the lane wait;
after `TRIES_MAX` tries the arrival is parked, its person is told, and the lane goes on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar

import orjson

from bot.engine.partitions import (
    TRIES_MAX,
    Clock,
    PermanentError,
    Telegram,
    UpdateHandlers,
    backoff_seconds,
    wait_for_event,
)
from bot.ops.clock import utc_now
from bot.ops.errors import describe_error, new_error_id, trace_error
from bot.ops.logs import get_logger
from bot.ops.metrics import HANDLED, HANDLING_SECONDS, PRESSES
from bot.telegram.api import TelegramRefusedError, TelegramUnreachableError
from ledger.errors import AlreadyHandledError, LaneBusyError, UnavailableError
from ports.failpoints import failpoint
from ports.messages import Json, Outgoing
from ports.queue import Delivery, Inbox, NewJob
from ports.repositories import Repositories
from ports.units import UnitOfWork, UnitOfWorkFactory

T = TypeVar("T")

LANES_MAX = 64
"""Lanes worked on at the same time."""
UNITS_MAX = 8
"""Units of work open at the same time. More would not be faster (SQLite writes one after the other,
PostgreSQL has its own cores busy), and what the sender has to mark as sent would wait behind them:
the longer that takes, the more messages go out twice when the process dies."""
FETCH_MAX = 256
"""Arrivals held in memory at once are at most this many a fetch, in at most `LANES_MAX` lanes."""
HANDLE_SECONDS = 30
POLL_SECONDS = 0.5
"""How soon an arrival stored by another process, or a retry that became due, is seen."""
OUTAGE_SECONDS = 1.0
BUSY_SECONDS = 0.1
"""Before a lane that another process works in is tried again."""
PRESS_ANSWERS_MAX = 200
"""Answers to button presses under way; beyond them a lane waits for its own."""
PRESS_SECONDS = 10

_log = get_logger("bot.engine.worker")


class _HandlingError(Exception):
    """The door failed; the cause says how. Raised inside the unit, so that it rolls back."""


@dataclass(slots=True)
class _Watched:
    """A unit that remembers whether messages or jobs were queued, to wake who waits for them."""

    unit: UnitOfWork
    sends: bool = False
    starts: bool = False

    async def run(self, work: Callable[[Repositories], T]) -> T:
        return await self.unit.run(work)

    def send(self, outgoing: Outgoing) -> None:
        self.sends = True
        self.unit.send(outgoing)

    def start(self, job: NewJob) -> None:
        self.starts = True
        self.unit.start(job)

    def handled(self, delivery: Delivery) -> None:
        self.unit.handled(delivery)


@dataclass(slots=True)
class Worker:
    """Runs until it is cancelled or `stopping` is set; `wake` says that something arrived."""

    units: UnitOfWorkFactory
    inbox: Inbox
    doors: UpdateHandlers
    telegram: Telegram
    wake: asyncio.Event
    wake_sender: asyncio.Event
    wake_jobs: asyncio.Event
    clock: Clock = utc_now
    backoff: Callable[[int], float] = backoff_seconds
    stopping: bool = False
    _lanes: dict[int, asyncio.Task[None]] = field(default_factory=dict)
    _units: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(UNITS_MAX))
    _press_answers: set[asyncio.Task[None]] = field(default_factory=set)
    _prepared: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Dispatch arrivals until `stop` was called."""
        while not self.stopping:
            self.wake.clear()
            found = await self._dispatch()
            if not found and not self.stopping:
                await wait_for_event(self.wake, POLL_SECONDS)

    async def stop(self, seconds: float) -> None:
        """Take nothing new, let what is in work end, at most for these seconds."""
        self.stopping = True
        self.wake.set()
        under_way = [*self._lanes.values(), *self._press_answers]
        if not under_way:
            return
        _, late = await asyncio.wait(under_way, timeout=seconds)
        for task in late:
            # Its unit rolls back; the arrival stays in the inbox for the next start.
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def _dispatch(self) -> bool:
        """Give free lanes their arrivals; False when there was nothing to give or no lane free."""
        held = frozenset(self._lanes)
        if len(held) >= LANES_MAX:
            return False
        try:
            batch = await self.inbox.pending(now=self.clock(), limit=FETCH_MAX, skip=held)
        except UnavailableError as error:
            _log.warning("inbox_unavailable", error=describe_error(error))
            await asyncio.sleep(OUTAGE_SECONDS)
            return False
        lanes: dict[int, list[Delivery]] = {}
        for delivery in batch:
            lanes.setdefault(delivery.inbox_message.lane, []).append(delivery)
        for lane, inbox_messages in list(lanes.items())[: LANES_MAX - len(held)]:
            self._lanes[lane] = asyncio.create_task(
                self._work(lane, inbox_messages), name=f"lane {lane}"
            )
        return bool(batch)

    async def _work(self, lane: int, inbox_messages: Sequence[Delivery]) -> None:
        try:
            for delivery in inbox_messages:
                if self.stopping or not await self._handle(delivery):
                    break
        except Exception as error:  # noqa: BLE001  # a lane must end, never the worker
            _log.error("lane_failed", error=describe_error(error), trace=trace_error(error))
            await asyncio.sleep(OUTAGE_SECONDS)
        finally:
            del self._lanes[lane]
            self.wake.set()

    async def _handle(self, delivery: Delivery) -> bool:
        """Handle one arrival; False when its lane has to wait before it goes on."""
        failpoint("worker.before_unit")
        if delivery.inbox_message.kind == "update" and delivery.tries == 0:
            await self._answer_press(delivery)
        try:
            await self._prepare()
            with HANDLING_SECONDS.time():
                watched = await self._in_unit(delivery)
        except AlreadyHandledError:
            # Another process was faster; nothing of this unit came true.
            HANDLED.labels("again").inc()
            return True
        except LaneBusyError:
            await asyncio.sleep(BUSY_SECONDS)
            return False
        except UnavailableError as error:
            _log.warning("database_unavailable", error=describe_error(error))
            await asyncio.sleep(OUTAGE_SECONDS)
            return False
        except Exception as error:  # noqa: BLE001  # whatever it is, it is this arrival's failure
            return await self._failed(delivery, error.__cause__ or error)
        HANDLED.labels("ok").inc()
        if watched.sends:
            self.wake_sender.set()
        if watched.starts:
            self.wake_jobs.set()
        return True

    async def _prepare(self) -> None:
        """Load what the doors need, once; until then everybody waits outside of a unit."""
        if self._prepared is None:
            self._prepared = asyncio.create_task(asyncio.to_thread(self.doors.prepare))
        if not self._prepared.done():
            await asyncio.shield(self._prepared)

    async def _in_unit(self, delivery: Delivery) -> _Watched:
        door = self.doors.update if delivery.inbox_message.kind == "update" else self.doors.event
        lane = delivery.inbox_message.lane
        async with self._units, self.units.open(now=self.clock(), lane=lane) as unit:
            watched = _Watched(unit)
            try:
                async with asyncio.timeout(HANDLE_SECONDS):
                    await door(delivery, watched)
            except Exception as error:
                raise _HandlingError from error
            watched.handled(delivery)
            failpoint("worker.before_commit")
        failpoint("worker.after_commit")
        return watched

    async def _failed(self, delivery: Delivery, error: BaseException) -> bool:
        """Count the try; True when the arrival is parked and the lane may go on."""
        tries = delivery.tries + 1
        final = tries >= TRIES_MAX or isinstance(error, PermanentError)
        error_id = new_error_id()
        HANDLED.labels("parked" if final else "failed").inc()
        described = describe_error(error)
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
                await self._tell(delivery, error_id)
                failpoint("worker.before_park")
            await self.inbox.failed(
                delivery, error=f"{error_id} {described}", retry_at=retry_at, now=now
            )
        except UnavailableError:
            await asyncio.sleep(OUTAGE_SECONDS)
            return False
        return final

    async def _tell(self, delivery: Delivery, error_id: str) -> None:
        """Tell the person that their message could not be handled; told at most once."""
        failpoint("worker.before_apology")
        try:
            reply = await self.doors.apologise(delivery, error_id)
            if reply is None:
                return
            inbox_message = delivery.inbox_message
            async with self.units.open(now=self.clock(), lane=inbox_message.lane) as unit:
                unit.send(Outgoing(inbox_message.lane, f"{inbox_message.key}:sorry", reply))
            self.wake_sender.set()
        except UnavailableError:
            raise
        except Exception as error:  # noqa: BLE001  # parking must go on without the apology
            _log.error("apology_failed", error_id=error_id, error=describe_error(error))

    async def _answer_press(self, delivery: Delivery) -> None:
        """Answer a button press at once and outside the outbox: it dies after 150 seconds."""
        if '"callback_query"' not in delivery.inbox_message.body:
            return
        query = orjson.loads(delivery.inbox_message.body).get("callback_query")
        if not isinstance(query, dict) or "id" not in query:
            return
        try:
            answer = await self.doors.check_press(query)
        except Exception as error:  # noqa: BLE001  # an unanswered press is no reason to fail
            _log.warning("press_check_failed", error=describe_error(error))
            answer = {}
        errand = asyncio.create_task(self._answer(query["id"], answer))
        self._press_answers.add(errand)
        errand.add_done_callback(self._press_answers.discard)
        if len(self._press_answers) > PRESS_ANSWERS_MAX:
            await asyncio.wait([errand])

    async def _answer(self, query_id: str, answer: Mapping[str, Json]) -> None:
        payload = {"callback_query_id": query_id, **answer}
        try:
            await self.telegram.call("answerCallbackQuery", payload, timeout_seconds=PRESS_SECONDS)
            PRESSES.labels("ok").inc()
        except TelegramRefusedError:
            # Too old, or answered before a restart: the press still counts, only the spinner ends.
            PRESSES.labels("refused").inc()
        except TelegramUnreachableError as error:
            PRESSES.labels("unreachable").inc()
            _log.info("press_not_answered", error=error.cause)
