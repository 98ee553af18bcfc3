"""Keep files in a simulated store, which outlives the program as S3 does."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime

from bench.vopr.faults import Faults
from ledger.errors import NotFoundError, UnavailableError

SLOW_SECONDS = 20.0


class SimulatedBlobs:
    """`ports.blobs.Blobs` in memory, with errors, delays and lost answers."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._files: dict[str, tuple[bytes, datetime]] = {}

    async def put(self, data: bytes, *, media_type: str) -> str:
        """Store; a lost answer leaves a file that nobody knows."""
        _ = media_type
        await self._reach()
        key = secrets.token_hex(16)
        self._files[key] = data, datetime.fromtimestamp(time.time(), UTC)
        self._answer()
        return key

    async def get(self, key: str) -> bytes:
        """Return the bytes."""
        await self._reach()
        if key not in self._files:
            raise NotFoundError("file_gone")
        self._answer()
        return self._files[key][0]

    async def delete(self, key: str) -> None:
        """Remove."""
        await self._reach()
        self._files.pop(key, None)
        self._answer()

    async def keys_before(self, moment: datetime) -> AsyncIterator[str]:
        """List old keys."""
        for key, (_, stored_at) in list(self._files.items()):
            if stored_at < moment:
                yield key

    async def keys(self) -> AsyncIterator[str]:
        """List every key."""
        for key in list(self._files):
            yield key

    async def link(self, key: str, *, file_name: str, seconds: int) -> str | None:
        """Return no address."""
        _ = key, file_name, seconds
        return None

    async def check(self) -> None:
        """Answer where the store is reached."""
        await self._reach()

    @property
    def stored(self) -> frozenset[str]:
        """Return every key."""
        return frozenset(self._files)

    async def _reach(self) -> None:
        await asyncio.sleep(SLOW_SECONDS if self._faults.hits("store_slow") else 0.01)
        if self._faults.hits("store_failed"):
            raise UnavailableError("store_unavailable")

    def _answer(self) -> None:
        if self._faults.hits("store_answer_lost"):
            raise UnavailableError("store_unavailable")
