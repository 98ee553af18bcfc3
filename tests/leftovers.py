"""Fails the test that leaves a thread behind, which would work on in the tests after it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

END_SECONDS = 20.0
"""How long a thread may take to end after its test, on a machine that stands still now and then."""
KEPT = ("asyncio", "recognise_", "execnet")
"""Names of threads that are the process's: a loop's of a whole file, the recognition's of text, xdist's."""


@contextmanager
def no_thread_left() -> Iterator[None]:
    """See to it that every thread that begins meanwhile ends.

    Raises:
        AssertionError: some went on; it names them.
    """
    before = set(threading.enumerate())
    yield
    began = [thread for thread in threading.enumerate() if thread not in before]
    end = time.monotonic() + END_SECONDS
    left = []
    for thread in began:
        if not thread.name.startswith(KEPT):
            thread.join(max(end - time.monotonic(), 0))
            if thread.is_alive():
                left.append(thread.name)
    assert not left, f"left running: {left}"
