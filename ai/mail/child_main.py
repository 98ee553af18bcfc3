"""Take one mail from stdin and write its files to stdout; `ai.mail.process` runs it.

The first line of the answer is JSON: the names and sizes of the files, whose bytes follow.
"""

from __future__ import annotations

import sys

import orjson

from ai.child_limits import limit_resources
from ai.mail.opening import open_mail

MEMORY_BYTES_MAX = 500_000_000
"""A mail of the largest size is held four times while it is taken apart."""
CPU_SECONDS_MAX = 20


def main() -> None:
    """Open, answer, end."""
    limit_resources(MEMORY_BYTES_MAX, CPU_SECONDS_MAX)
    try:
        files = open_mail(sys.stdin.buffer.read())
        head: object = [[name, len(data)] for name, data in files]
    # Python's parser raises whatever a malformed mail makes it raise.
    except Exception:  # noqa: BLE001
        files, head = [], None
    sys.stdout.buffer.write(orjson.dumps(head) + b"\n")
    for _, data in files:
        sys.stdout.buffer.write(data)


if __name__ == "__main__":
    main()
