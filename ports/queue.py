"""Declare the inbox of updates and events, and the queue of jobs.

A process claims what it works on, which hides it from others until the lease ends. Every
claim has a fence, a number that grows with each claim of the same thing. A process that lost its
lease still holds the older number, so whatever it does to the queue after that is refused.

The database is the usual plug, `storage.memory` the one without a file or a server, `storage.sqs`
puts a FIFO queue of SQS in front of the database. Delivery is at least once; unique keys make the
effects happen exactly once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol

from ports.messages import Json

CLOCK_STEP = timedelta(minutes=15)
"""Further away than any lease and any wait after a failure. One that seems to end later was written under
a clock that was set back since, so it is over; else everything of a wrong hour would wait for an hour."""


class PermanentError(Exception):
    """A stored message or job cannot be handled; it is parked at its first failure."""


InboxMessageKind = Literal["update", "event"]


@dataclass(frozen=True, slots=True)
class InboxMessage:
    """An update or event, to be handled in its partition in the order of message.

    `key` is its identity (`u<update_id>`, `j<job id>.<fence>`), never an order. `body` is the JSON
    text of the update, or of an event (`{"event": name, …}`).
    """

    key: str
    partition: int
    """The chat it belongs to; for updates without a chat the user, else 0."""
    body: str
    kind: InboxMessageKind = "update"
    flow: str = ""
    """The flow that an event goes on with (`ports.telemetry.flows`)."""

    @property
    def flow_name(self) -> str:
        """Return its flow; an update begins one that is named by its key."""
        return self.flow or self.key


@dataclass(frozen=True, slots=True)
class Delivery:
    """A claimed inbox message. `tries` counts the failed tries so far."""

    id: int
    inbox_message: InboxMessage
    tries: int
    received_at: datetime
    fence: int


@dataclass(frozen=True, slots=True)
class NewJob:
    """Work to do after the commit; `kind` chooses the runner, a second job of a `key` is dropped.

    A job is done at least once, so each step must be idempotent. `partition` is the chat that gets
    the result as an event; None: the job leaves no event.
    """

    key: str
    kind: str
    values: dict[str, Json]
    partition: int | None = None
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """A claimed job; from `claimed_until` on another process may claim it."""

    id: int
    key: str
    kind: str
    values: dict[str, Json]
    partition: int | None
    tries: int
    claimed_until: datetime
    fence: int = 0
    flow: str = ""
    """The flow that started it (`ports.telemetry.flows`)."""

    @property
    def flow_name(self) -> str:
        """Return its flow; a job that the clock started begins one that is named by its key."""
        return self.flow or self.key


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """An inbox message or job that failed for good; its body is kept until it is retried."""

    id: str
    """`inbox:<n>` or `job:<n>`; what `kvitto dead-letters retry` takes."""
    partition: int | None
    kind: str
    tries: int
    error: str
    """Class of the error and the place it came from; never its message (it may quote a text)."""
    at: datetime


class Inbox(Protocol):
    """Keeps updates and events until their effects are committed.

    A unit of work that was opened with a delivery marks it as handled (`ports.units`).
    """

    async def add(
        self, inbox_messages: Sequence[InboxMessage], *, now: datetime, offset: int | None = None
    ) -> int:
        """Store messages (known keys are skipped) and the polling offset in one commit.

        Returns how many were new; a queue that knows no keys yet counts all. Raises `UnavailableError` when it cannot store; then Telegram
        must not be told that they were taken.
        """

    async def offset(self) -> int:
        """Return the next polling offset, 0 at first."""

    async def claim(
        self, *, now: datetime, partitions: int, lease_seconds: float
    ) -> list[Delivery]:
        """Claim due messages of at most so many partitions, in the order of message.

        A partition is claimed as a whole: nobody else gets a message of it before all that were
        claimed are handled, released or failed, or the lease ends. A partition whose first message
        is not due yet is left alone.
        """

    async def extend(
        self, deliveries: Sequence[Delivery], *, now: datetime, lease_seconds: float
    ) -> None:
        """Let the leases of these deliveries end so many seconds from now; lost ones stay lost."""

    async def release(self, deliveries: Sequence[Delivery]) -> None:
        """Give deliveries back that were not handled, with the rest of their partitions."""

    async def failed(
        self, delivery: Delivery, *, error: str, retry_at: datetime | None, now: datetime
    ) -> None:
        """Count a failed try; without `retry_at` the message is parked as a dead letter.

        With `retry_at` its partition is released and waits until then. Does nothing when the claim
        is lost.
        """

    async def count(self) -> int:
        """Return how many messages wait or are claimed (for back-pressure and metrics)."""


class Jobs(Protocol):
    """Work outside the partitions."""

    async def claim(
        self, *, now: datetime, room: Callable[[str], int], lease_seconds: float
    ) -> list[Job]:
        """Claim due jobs, oldest first; of each kind at most `room(kind)`."""

    async def extend(self, job: Job, *, now: datetime, lease_seconds: float) -> None:
        """Let the lease end so many seconds from now. Raises `ClaimLostError`."""

    async def done(self, job: Job, *, event: str | None, now: datetime) -> None:
        """Remove the job and put its event (JSON text) into its partition, in one commit.

        Raises `ClaimLostError`, and then changes nothing.
        """

    async def failed(
        self, job: Job, *, error: str, retry_at: datetime | None, event: str | None, now: datetime
    ) -> None:
        """Count a failed try; without `retry_at` the job is parked, and `event` is delivered.

        Raises `ClaimLostError`, and then changes nothing.
        """

    async def count(self) -> int:
        """Return how many jobs wait or are claimed."""


class DeadLetters(Protocol):
    """Lists messages and jobs that failed for good, for the operator."""

    async def list_all(self, limit: int) -> list[DeadLetter]:
        """Return dead letters, inbox messages before jobs, oldest first."""

    async def retry(self, letter_id: str, *, now: datetime) -> None:
        """Put one back into its queue with all its tries. Raises `NotFoundError`."""

    async def drop(self, letter_id: str) -> None:
        """Remove one together with its body. Raises `NotFoundError`."""
