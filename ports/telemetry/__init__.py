"""Declare the sockets for traces and for reports of faults, and the values that they get.

Nothing that a person wrote, no amount, no name of a person, chat or file, and no secret is ever part of
these values. A plug must return at once and never raise; it sends from a thread of its own.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from ports.telemetry.flows import current_flow

StepName = Literal["receive", "handle", "job", "send", "request"]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a flow that has ended. `began_at` counts seconds since 1970."""

    flow: str
    name: StepName
    began_at: float
    seconds: float
    outcome: str
    """`ok`, or a word of the program for what else happened."""
    kind: str = ""
    """The kind of a job, the template of a route; empty where a step has one kind only."""

    @property
    def begins_flow(self) -> bool:
        """Return whether the other steps of the flow belong below this one."""
        return self.name in {"receive", "request"}


@dataclass(frozen=True, slots=True)
class Fault:
    """An error as the log describes it: by class and places, without its message."""

    event: str
    """The name of the log line, or the logger's where the line is not ours."""
    logger: str
    flow: str
    error: str = ""
    """Class and innermost place of the error, and of its causes."""
    places: tuple[str, ...] = ()
    """`file:line function` of the places that it passed, innermost last."""
    facts: Mapping[str, str | int] = field(default_factory=dict)


class Tracer(Protocol):
    """Takes the steps of flows."""

    def take(self, step: Step) -> None:
        """Take one step."""

    def close(self) -> None:
        """Send what is left, for some seconds at most."""


class FaultReporter(Protocol):
    """Takes faults."""

    def report(self, fault: Fault) -> None:
        """Take one fault."""

    def close(self) -> None:
        """Send what is left, for some seconds at most."""


TRACERS: list[Tracer] = []
"""The plugs that are switched on; `bot.telemetry.opening` fills both lists before anything runs."""
REPORTERS: list[FaultReporter] = []


def record_step(
    name: StepName, began_at: float, *, outcome: str = "ok", kind: str = "", flow: str = ""
) -> None:
    """Tell every tracer of a step that ends now, of the flow that runs here unless one is named."""
    if not TRACERS:
        return
    seconds = max(time.time() - began_at, 0.0)
    step = Step(flow or current_flow(), name, began_at, seconds, outcome, kind)
    for tracer in TRACERS:
        tracer.take(step)
