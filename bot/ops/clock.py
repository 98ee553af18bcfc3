"""Read the clock of the process, only at entrypoints, which pass it down as `now`.

It is the machine's, in UTC. Only `kvitto demo` moves it, so that a person can see a Sunday evening
or the first of the month without waiting.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta


class _Clock:
    """The lead of the process's time over the machine's."""

    shift = timedelta(0)


def utc_now() -> datetime:
    """Return the time."""
    # Of `time.time`, which a simulation replaces (`bench.vopr`); nothing replaces `datetime.now`.
    return datetime.fromtimestamp(time.time(), UTC) + _Clock.shift


def move_clock(shift: timedelta) -> None:
    """Let the process live this much later than the machine."""
    _Clock.shift = shift
