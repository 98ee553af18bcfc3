# ruff: noqa: ANN401 - structlog's signatures
"""Watch the logs of a simulated program: all go into the trace, and some prove that a promise is broken."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import structlog

from bench.vopr.trace import Trace
from bot.ops.errors import describe_error

NEVER = frozenset(
    {
        "apology_failed",
        "chat_failed",
        "file_gone",
        "job_unknown",
        "message_dropped",
        "message_mended",
        "message_refused",
        "no_update",
        "part_failed",
        "partition_failed",
        "press_check_failed",
    }
)
"""Events that no fault of these excuses."""
EXCUSED = frozenset({"handling_failed", "job_failed", "rehearsal_failed"})
"""Events that an outage or a lost claim excuses, and no other error."""
EXCUSES = ("UnavailableError", "ClaimLostError", "TimeoutError")


@dataclass
class Alarms:
    """What the logs show of broken promises."""

    trace: Trace
    found: list[str] = field(default_factory=list)

    def hear(self, name: str, error: str) -> None:
        """Take one event."""
        self.trace.note("log", name, error)
        excused = name in EXCUSED and error.startswith(EXCUSES)
        if name in NEVER or (name in EXCUSED and not excused):
            self.found.append(f"log: {name} {error}")

    def process(self, _: object, __: str, event: Any) -> Any:
        """Be a processor of structlog that takes everything out."""
        self.hear(str(event.get("event")), str(event.get("error", "")))
        raise structlog.DropEvent


class _Handler(logging.Handler):
    def __init__(self, alarms: Alarms) -> None:
        super().__init__(logging.WARNING)
        self._alarms = alarms

    def emit(self, record: logging.LogRecord) -> None:
        raised = record.exc_info[1] if record.exc_info else None
        error = describe_error(raised) if raised else ""
        name = "handling_failed" if raised else record.name
        self._alarms.hear(name, error or record.getMessage())


@contextmanager
def watched_logs(trace: Trace) -> Iterator[Alarms]:
    """Hear every log while the block runs; nothing is printed."""
    alarms, root = Alarms(trace), logging.getLogger()
    # The list is changed in place, since loggers that were used before hold on to it.
    processors = structlog.get_config()["processors"]
    handlers, own = list(root.handlers), list(processors)
    processors[:] = [alarms.process]
    structlog.configure(processors=processors)
    root.handlers[:] = [_Handler(alarms)]
    try:
        yield alarms
    finally:
        root.handlers[:] = handlers
        processors[:] = own
        structlog.configure(processors=processors)
