"""Fails the test that leaves a thread of a library behind, which would work on in the tests after it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

END_SECONDS = 20.0
"""How long a thread may take to end after its test, on a machine that stands still now and then."""
WATCHED = ("OtelBatch", "sentry", "(serve_forever)", "(shutdown)")
"""Words in the names of threads that disturbed other tests, or would: senders of traces and reports, and servers.
Threads of a database or a loop may begin in any test of the file that shares it."""


@contextmanager
def no_thread_left() -> Iterator[None]:
    """See to it that every watched thread that begins meanwhile ends.

    Raises:
        AssertionError: some went on; it names them.
    """
    before = set(threading.enumerate())
    yield
    end = time.monotonic() + END_SECONDS
    left = [thread for thread in threading.enumerate() if thread not in before]
    left = [thread for thread in left if any(word in thread.name for word in WATCHED)]
    while any(thread.is_alive() for thread in left) and time.monotonic() < end:
        time.sleep(0.02)
    names = [thread.name for thread in left if thread.is_alive()]
    assert not names, f"left running: {names}"
