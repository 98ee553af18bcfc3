"""What growth costs: many processes on PostgreSQL, bursts, neighbours, pushes, hours, and large tables.

    python -m bench.growth [name …] [options]

Without a name all tables are printed, which takes two hours; the quick form of one is `--scale 0.02`. Each
prints its baseline from the same run, since the machine may be busy with other work.
"""

from __future__ import annotations

import subprocess
import sys

ALL = (
    "texts",
    "workers",
    "acknowledging",
    "neighbours",
    "summaries",
    "endurance",
    "upgrading",
    "checking",
    "partitions",
)


def main() -> int:
    """Run the named tables, or all."""
    named = [argument for argument in sys.argv[1:] if argument in ALL]
    rest = [argument for argument in sys.argv[1:] if argument not in ALL]
    failed = 0
    for name in named or ALL:
        command = [sys.executable, "-m", f"bench.growth.{name}", *(rest if named else [])]
        failed |= subprocess.run(command, check=False).returncode
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main())
