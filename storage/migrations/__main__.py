"""Bring a database to the newest schema; its URL comes on standard input (see `migrate_apart`)."""

from __future__ import annotations

import asyncio
import sys

from storage.migrations import migrate

if __name__ == "__main__":
    asyncio.run(migrate(sys.stdin.read()))
