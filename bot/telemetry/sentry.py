"""Report faults to a server of Sentry's protocol.

An event is made of a `Fault`, which holds class, places and ids. Nothing is collected by the SDK itself: no
integration runs, so no variables, requests, log lines or names of the machine are added.
"""

from __future__ import annotations

import re
from importlib.metadata import version
from typing import Any

from sentry_sdk import Client

from ports.telemetry import Fault

CLOSE_SECONDS = 2.0
"""Seconds that a stop waits for the last reports."""
_PLACE = re.compile(r"(?P<file>.+):(?P<line>\d+) (?P<function>.+)")


class SentryReporter:
    """Reports faults from a thread of its own."""

    def __init__(self, dsn: str, *, roles: str) -> None:
        """Begin to report to the project of a DSN."""
        self._roles = roles
        self._client = Client(
            dsn=dsn,
            release=f"kvitto@{version('kvitto')}",
            server_name="",
            default_integrations=False,
            auto_enabling_integrations=False,
            include_local_variables=False,
            include_source_context=False,
            max_breadcrumbs=0,
            send_client_reports=False,
            auto_session_tracking=False,
            # Compatible servers read it all, Brotli not each of them.
            _experiments={"transport_compression_algo": "gzip"},  # type: ignore[typeddict-item]  # compared as text
        )

    def report(self, fault: Fault) -> None:
        """Queue one fault; beyond a bound of the SDK it is dropped."""
        self._client.capture_event(_event_of(fault, self._roles))

    def close(self) -> None:
        """Send what is left."""
        self._client.close(timeout=CLOSE_SECONDS)


def _event_of(fault: Fault, roles: str) -> Any:  # noqa: ANN401  # the SDK's JSON
    event: dict[str, Any] = {
        "level": "error",
        "logger": fault.logger,
        "tags": {"flow": fault.flow, "roles": roles, **fault.facts},
        # By name and place, as messages are not there to group by.
        "fingerprint": [fault.event, fault.error],
    }
    if not fault.error:
        return {**event, "message": fault.event}
    raised = {
        "type": fault.error.partition(" ")[0],
        "value": f"{fault.event}: {fault.error}",
        "stacktrace": {"frames": [_frame_of(place) for place in fault.places]},
    }
    return {**event, "exception": {"values": [raised]}}


def _frame_of(place: str) -> dict[str, Any]:
    found = _PLACE.fullmatch(place)
    if found is None:
        return {"filename": place}
    return {
        "filename": found["file"],
        "lineno": int(found["line"]),
        "function": found["function"],
        "in_app": not found["file"].startswith(("/", "<")),
    }
