"""Every measurement, one after the other: `python -m bench [name …]`.

Each prints its figures with what they are compared to; names are those of the modules below.
`faults`, `walks` and `fuzzing` take long and are run by themselves: `python -m bench.faults --kills 200`,
`python -m bench.walks --walks 10000`, `python -m bench.fuzzing --examples 1000`.
"""

from __future__ import annotations

import subprocess
import sys

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


def main() -> int:
    """Run the named measurements, or all; the exit code says whether each ended well."""
    failed = 0
    for name in sys.argv[1:] or ALL:
        print(f"== {name}", flush=True)
        failed |= subprocess.run([sys.executable, "-m", f"bench.{name}"], check=False).returncode
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main())
