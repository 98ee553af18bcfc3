"""What waits to be done: arrived updates and events (the inbox), and jobs.

Two kinds of plugs fit here: the database, and SQS FIFO queues for larger installations.
Everything is delivered at least once; unique keys make the effects happen exactly once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from ports.messages import Json

InboxMessageKind = Literal["update", "event"]


@dataclass(frozen=True, slots=True)
class InboxMessage:
    """Something that arrived and must be handled in its lane, in order of arrival.

    `key` is its identity (`u<update_id>`, `j<job id>`), never an order. `body` is the JSON text of
    the update, or of an event (`{"event": name, …}`).
    """

    key: str
    lane: int
    """The chat it belongs to; for updates without one, the user, else 0."""
    body: str
    kind: InboxMessageKind = "update"


@dataclass(frozen=True, slots=True)
class Delivery:
    """An arrival taken from the inbox. `tries` counts the failed tries so far."""

    id: int
    inbox_message: InboxMessage
    tries: int
    received_at: datetime


@dataclass(frozen=True, slots=True)
class NewJob:
    """Work to do after the commit: `kind` names the runner, `key` is unique (a second is dropped).

    A job is done at least once; each step must be idempotent. `lane` is the chat whose lane gets
    the result as an event; None: the job leaves no event.
    """

    key: str
    kind: str
    values: dict[str, Json]
    lane: int | None = None
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """A job taken by a worker; it is ours until `taken_until`, then anybody's again."""

    id: int
    key: str
    kind: str
    values: dict[str, Json]
    lane: int | None
    tries: int
    taken_until: datetime


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """An arrival or job that failed for good; its body is kept until it is retried or dropped."""

    id: str
    """`inbox:<n>` or `job:<n>`; what `kvitto dead-letters retry` takes."""
    lane: int | None
    kind: str
    tries: int
    error: str
    """Class of the error and the place it came from; never its message (it may hold words)."""
    at: datetime


class Inbox(Protocol):
    """Arrived updates and events, kept until their effects are committed."""

    async def add(
        self, inbox_messages: Sequence[InboxMessage], *, now: datetime, offset: int | None = None
    ) -> int:
        """Store arrivals (known keys are passed over) and the polling offset in one commit.

        Returns how many were new. Raises `UnavailableError` when it cannot store; then Telegram
        must not be told that they were taken.
        """

    async def offset(self) -> int:
        """Return the next polling offset, 0 at first."""

    async def pending(self, *, now: datetime, limit: int, skip: frozenset[int]) -> list[Delivery]:
        """Return due arrivals of lanes not in `skip`, in order of arrival.

        Of a lane whose head is not due yet nothing is returned.
        """

    async def failed(
        self, delivery: Delivery, *, error: str, retry_at: datetime | None, now: datetime
    ) -> None:
        """Count a failed try; without `retry_at` the arrival is parked as a dead letter."""

    async def count(self) -> int:
        """Return how many arrivals are waiting (for back-pressure and metrics)."""


class Jobs(Protocol):
    """Work outside the lanes, taken with a lease."""

    async def take(self, *, now: datetime, limit: int, lease_seconds: int) -> list[Job]:
        """Take due jobs, oldest first; each is hidden from others until its lease ends."""

    async def extend(self, job: Job, *, now: datetime, lease_seconds: int) -> None:
        """Keep a job that takes longer."""

    async def done(self, job: Job, *, event: str | None, now: datetime) -> None:
        """Remove the job and put its result event (JSON text) into its lane, in one commit."""

    async def failed(
        self, job: Job, *, error: str, retry_at: datetime | None, event: str | None, now: datetime
    ) -> None:
        """Count a failed try; without `retry_at` it is parked, and `event` tells its lane."""

    async def count(self) -> int:
        """Return how many jobs are waiting or taken."""


class DeadLetters(Protocol):
    """What failed for good, for the operator."""

    async def list_all(self, limit: int) -> list[DeadLetter]:
        """Return dead letters, arrivals before jobs, oldest first."""

    async def retry(self, letter_id: str, *, now: datetime) -> None:
        """Put one back to work with all its tries. Raises `NotFoundError`."""

    async def drop(self, letter_id: str) -> None:
        """Let go of one and of its body. Raises `NotFoundError`."""
