"""Name the places where a test may kill the process, to prove that nothing is lost there.

Every place lies between two durable steps. They cost one comparison when none is armed. Names and
meanings are listed here so that `kvitto failpoints` can list them; `bot.ops.failpoints` arms one.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from types import MappingProxyType

EXIT_CODE = 86
"""Exit code of a process that ended at a fail point, which no crash has."""

FAILPOINTS = MappingProxyType(
    {
        "intake.before_store": "updates were fetched, none is in the inbox yet",
        "intake.after_store": "updates are in the inbox, Telegram does not know it yet",
        "webhook.before_store": "an update was posted, it is not in the inbox yet",
        "webhook.after_store": "an update is in the inbox, Telegram has no answer yet",
        "worker.before_unit": "an update was taken, nothing was done with it",
        "worker.before_commit": "an update was handled, its effects are not committed",
        "worker.after_commit": "effects, messages and inbox mark are committed",
        "worker.before_apology": "an update failed for good, the person was not told yet",
        "worker.before_park": "the person was told, the update is not parked yet",
        "job.after_take": "a job was taken, nothing of it is done",
        "job.before_done": "a job's work is done, its end is not marked",
        "job.after_done": "a job's end is marked and its event is in the inbox",
        "sender.before_send": "a message was taken from the outbox, it is not sent",
        "sender.after_send": "a message was sent, it is not marked as sent",
        "sender.after_mark": "a message is marked as sent",
        "scheduler.before_pushes": "the clock asks for due pushes, none was claimed yet",
        "scheduler.after_pushes": "due pushes are claimed and committed",
        "scheduler.before_commit": "due entries are booked and told, nothing is committed",
        "import.before_commit": "some rows of a file are written, their batch is not committed",
        "import.before_undone": "some rows of a file are undone, their batch is not committed",
        "scheduler.after_others": "due entries and reminders are committed",
    }
)


class _Armed:
    """The fail point that ends the process, the visit at which it does, and how."""

    __slots__ = ("end", "name", "visits_left")

    def __init__(self) -> None:
        self.name = ""
        self.visits_left = 0
        self.end: Callable[[int], object] = os._exit


_armed = _Armed()


def arm(name: str, visit: int = 1, end: Callable[[int], object] = os._exit) -> None:
    """End the process at the `visit`-th time that it comes to this point; "" disarms.

    `end` gets the exit code; a simulation, whose process is one of its own, raises there.

    Raises:
        KeyError: The point does not exist.
    """
    if name:
        FAILPOINTS[name]
    _armed.name = name
    _armed.visits_left = visit
    _armed.end = end


def failpoint(name: str) -> None:
    """Mark a fail point in the program; the process ends here at once when it is armed."""
    if name != _armed.name:
        return
    _armed.visits_left -= 1
    if _armed.visits_left <= 0:
        _armed.end(EXIT_CODE)
