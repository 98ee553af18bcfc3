"""What 99 quiet chats notice of one that writes a hundred texts a second.

    python -m bench.growth neighbours [--scale 1] [--postgres]

The quiet ones write ten texts a second together, first alone, then beside the busy chat, in turns of thirty
seconds on the same running bot. The figure is their p95 beside it as a multiple of their p95 alone.
"""

from __future__ import annotations

import argparse
import contextlib
import statistics
import sys
import tempfile
import time
from pathlib import Path

from bench.growth.musts import Must, report
from bench.growth.texts import ALL_ROLES, Installation, create_now, running
from bench.load import ask, run_load, simulated
from tests.postgres import running_postgres

QUIET_CHATS, FIRST_QUIET = 99, 100
QUIET_PER_SECOND, BUSY_PER_SECOND = 10.0, 100.0
TURN_SECONDS, TURNS = 30.0, 3
RATIO = Must(2.0)


def measure(url: str, seconds: float, busy: float) -> float:
    """Return the quiet chats' p95 in seconds."""
    texts = int(seconds * QUIET_PER_SECOND)
    result = run_load(url, texts, QUIET_CHATS, QUIET_PER_SECOND, first=FIRST_QUIET, busy=busy)
    assert result["answered"] == texts, result
    return float(result["p95"])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="part of the time")
    parser.add_argument("--postgres", action="store_true")
    options = parser.parse_args()
    seconds = TURN_SECONDS * options.scale
    alone, beside = [], []
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        database = ""
        if options.postgres:
            server = stack.enter_context(running_postgres(folder / "postgres", durable=True))
            database = create_now(server, "neighbours")
        url = stack.enter_context(simulated(0))
        bot = Installation("one process", (ALL_ROLES,), database)
        _, ports = stack.enter_context(running(bot, url, str(folder)))
        ask(f"{url}/webhooks", {"ports": ports})
        run_load(url, QUIET_CHATS * 2, QUIET_CHATS, first=FIRST_QUIET)
        for _ in range(TURNS):
            alone.append(measure(url, seconds, 0))
            beside.append(measure(url, seconds, BUSY_PER_SECOND))
            # What the busy chat is still owed must not count in the next turn.
            time.sleep(2)
    quiet, loud = statistics.median(alone), statistics.median(beside)
    kind = "PostgreSQL" if options.postgres else "SQLite"
    baseline = f"alone {quiet * 1000:.1f} ms, beside {loud * 1000:.1f} ms, on {kind}"
    return int(not report("quiet chats' p95 beside a busy one", loud / quiet, "x", RATIO, baseline))


if __name__ == "__main__":
    sys.exit(main())
