"""Finds ports for the programs that benches and tests start."""

from __future__ import annotations

import random
import socket

LOWEST, HIGHEST = 10_000, 32_000
"""Below what systems hand out by themselves (from 32,768 on Linux): nobody else takes such a port by chance in
the seconds until the program that it is for listens there."""

_random = random.SystemRandom()


def free_port() -> int:
    """Return a port on which nobody listens. Raises `OSError` when it finds none."""
    for _ in range(100):
        port = _random.randrange(LOWEST, HIGHEST)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    message = "no port is free"
    raise OSError(message)
