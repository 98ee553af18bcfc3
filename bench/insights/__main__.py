"""Measure forecasts, unusual amounts, and what both cost: `python -m bench.insights [forecast|planted|speed]`."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Callable

from bench.insights import forecasting, planted, speed


def main() -> int:
    """Run all or one; the exit code says whether what is promised was kept."""
    parts: dict[str, Callable[[], bool]] = {
        "forecast": forecasting.main,
        "planted": planted.main,
        "speed": lambda: asyncio.run(speed.main()),
    }
    parser = argparse.ArgumentParser(prog="python -m bench.insights", description=__doc__)
    parser.add_argument("only", nargs="?", choices=[*parts], help="all of them without a name")
    only = parser.parse_args().only
    results = [run() for name, run in parts.items() if only in (None, name)]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
