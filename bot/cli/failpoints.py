"""List the points where `KVITTO_FAILPOINT=name` ends the process."""

from __future__ import annotations

from bot.ops.failpoints import list_failpoints


def failpoints() -> int:
    """Print every fail point with what is done and not done there."""
    for name, meaning in list_failpoints():
        print(f"{name:<24} {meaning}")
    return 0
