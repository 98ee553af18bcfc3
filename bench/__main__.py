"""Every measurement, one after the other: `python -m bench [name …]`.

Each prints its figures with what they are compared to; names are those of the modules below.
`faults`, `walks` and `fuzzing` take long and are run by themselves: `python -m bench.faults --kills 200`,
`python -m bench.walks --walks 10000`, `python -m bench.fuzzing --examples 1000`.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Sequence

ALL = (
    "updates",
    "throughput",
    "memory",
    "burst",
    "upgrade",
    "photos",
    "summary",
    "asking",
    "api",
    "figures",
    "dashboard",
    "schedule",
    "text.accuracy",
    "text.fuzz",
    "reading",
    "banks",
    "recurring",
    "growth",
)


def parse(arguments: Sequence[str] | None = None) -> Sequence[str]:
    """Return the measurements to run."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__.partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(ALL))
    names: list[str] = parser.parse_args(arguments).names
    if unknown := set(names) - set(ALL):
        parser.error(f"no such measurement: {', '.join(sorted(unknown))}")
    return names or ALL


def main() -> int:
    """Run the named measurements, or all; the exit code says whether each ended well."""
    failed = 0
    for name in parse():
        print(f"== {name}", flush=True)
        failed |= subprocess.run([sys.executable, "-m", f"bench.{name}"], check=False).returncode
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main())
