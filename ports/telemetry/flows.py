"""Name the flow that running code belongs to.

A flow is everything that one update, HTTP call or due push leads to: its unit of work, the jobs that
it starts, their events, and the messages that leave. Jobs, events and messages keep the name of their
flow, so it goes on in other processes; log lines and spans show it.
"""

from __future__ import annotations

from contextvars import ContextVar

_FLOW: ContextVar[str] = ContextVar("flow", default="")


def enter_flow(name: str) -> None:
    """Belong to a flow from now on, as does every task that is started from here."""
    _FLOW.set(name)


def current_flow() -> str:
    """Return the name of the flow; empty outside of any."""
    return _FLOW.get()
