"""What growth costs: many processes on PostgreSQL, bursts, neighbours, pushes, hours, and large tables.

    python -m bench.growth [name …] [options of the named tables]

Without a name all tables are printed, which takes two hours; the quick form of one is `--scale 0.02`. Each
prints its baseline from the same run, since the machine may be busy with other work.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Sequence

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


def parse(arguments: Sequence[str] | None = None) -> tuple[Sequence[str], list[str]]:
    """Return the tables to print, and the options that each of them gets."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.growth",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(ALL))
    # Options before the first name are refused, since nothing says which table they are for.
    parser.add_argument("options", nargs=argparse.REMAINDER, help="`name --help` lists them")
    parsed = parser.parse_args(arguments)
    if unknown := set(parsed.names) - set(ALL):
        parser.error(f"no such table: {', '.join(sorted(unknown))}")
    return parsed.names or ALL, parsed.options


def main() -> int:
    """Run the named tables, or all."""
    names, options = parse()
    failed = 0
    for name in names:
        command = [sys.executable, "-m", f"bench.growth.{name}", *options]
        failed |= subprocess.run(command, check=False).returncode
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main())
