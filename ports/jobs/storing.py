"""Store jobs and events as values, and load them again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Protocol, TypeVar

import orjson

from ledger.entries.source_keys import telegram_source
from ports.messages import Json
from ports.queue import NewJob, PermanentError
from ports.stored_values import FormerName, MisfitError, dump_value, load_value

MessageKey = Annotated[str, FormerName("handle")]
OptionalMessageKey = Annotated[str | None, FormerName("handle")]


class JobSpec(Protocol):
    """The values of a job; each kind has a dataclass of its own."""

    kind: ClassVar[str]


class Event(Protocol):
    """The result of a job, or another fact that is handled in a chat's partition."""

    name: ClassVar[str]


J = TypeVar("J", bound=JobSpec)
E = TypeVar("E", bound=Event)


class UnreadableError(PermanentError):
    """Raised when stored values do not fit the dataclass of their kind; a retry cannot help."""


class UnknownEventError(Exception):
    """Raised for an event of a newer release; a process of that release may handle it at a retry."""


def new_job(job: JobSpec, key: str, partition: int | None = None) -> NewJob:
    """Return a job to start; another one of its kind with the same key is dropped.

    `partition` is the chat that is told the event; None where nobody is told.
    """
    values: dict[str, Json] = dump_value(job)
    # The kind is part of the key, so jobs of two kinds about one message do not drop each other.
    return NewJob(f"{job.kind}:{key}", job.kind, values, partition=partition)


def load_job(job: type[J], values: Mapping[str, Any], partition: int | None) -> J:
    """Return the values of a stored job. Raises `UnreadableError`."""
    return _load(job, values, partition)


def dump_event(event: Event) -> str:
    """Return the JSON text of an event."""
    return orjson.dumps({"event": event.name, **dump_value(event)}).decode()


def load_event(known: Mapping[str, type[E]], body: str, partition: int) -> E:
    """Return the event of an inbox message.

    Raises:
        UnreadableError: its values do not fit.
        UnknownEventError: only known names are loaded, so that none is half understood.
    """
    values = orjson.loads(body)
    event = known.get(str(values.get("event")))
    if event is None:
        raise UnknownEventError
    return _load(event, values, partition)


T = TypeVar("T")


def _load(loaded: type[T], values: Mapping[str, Any], partition: int | None) -> T:
    if "source" not in values and "message_id" in values and partition is not None:
        # The first release stored the Telegram message alone; its chat is the partition.
        values = {**values, "source": telegram_source(partition, int(values["message_id"]))}
    try:
        return load_value(loaded, values)
    except MisfitError:
        raise UnreadableError from None
