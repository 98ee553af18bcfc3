"""What growth costs: many processes on PostgreSQL against one, and a check of a million entries.

    python -m bench.growth [texts|checking] …

Each table prints its baseline from the same run, since the machine may be busy with other work.
"""

from __future__ import annotations

import subprocess
import sys

ALL = ("texts", "checking")


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
