"""Find series in labelled ledgers, and book 10,000 that are due at once: `python -m bench.recurring`."""

from __future__ import annotations

import argparse
import asyncio
import sys

from bench.recurring import booking, finding


def main() -> int:
    """Run both; the exit code says whether what is promised was kept."""
    argparse.ArgumentParser(prog="python -m bench.recurring", description=__doc__).parse_args()
    found = finding.main()
    booked = asyncio.run(booking.main())
    return 0 if found and booked else 1


if __name__ == "__main__":
    sys.exit(main())
