"""Replace the clock and the chance of this Python process while a simulation runs.

The program reads them by `time.time`, `time.monotonic`, `random` and `secrets` alone, so those four are
what differs between two runs of a seed. A simulated machine has its own, as libfaketime gives a process.
"""

from __future__ import annotations

import random
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from bench.vopr.loop import VirtualLoop
from bot.ops.clock import move_clock


@contextmanager
def simulated_machine(loop: VirtualLoop, seed: int, began_at: float) -> Iterator[None]:
    """Take time from the loop and chance from a seed; `began_at` is its start in seconds since 1970."""
    dice = random.Random(f"{seed} machine")
    real = time.time, time.monotonic, secrets.randbits, secrets.token_bytes
    state = random.getstate()
    random.seed(f"{seed} program")
    time.time, time.monotonic = lambda: began_at + loop.now, loop.time
    secrets.randbits = lambda k: dice.getrandbits(k)  # noqa: PLW0108  # mypy wants the name
    secrets.token_bytes = lambda nbytes=None: dice.randbytes(32 if nbytes is None else nbytes)
    try:
        yield
    finally:
        time.time, time.monotonic, secrets.randbits, secrets.token_bytes = real
        random.setstate(state)
        move_clock(timedelta(0))
