"""Declare the store of receipts and drawn files.

A store hands out bytes and never an address of its own: who opens a file is asked at that moment whether
they are a member, and an address would go on opening it for whoever has it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Protocol


class Blobs(Protocol):
    """A store of immutable byte strings under random keys (at least 128 bits)."""

    async def put(self, data: bytes, *, media_type: str) -> str:
        """Store durably and return the key. Raises `UnavailableError`."""

    async def get(self, key: str) -> bytes:
        """Return the bytes. Raises `NotFoundError`, `UnavailableError`."""

    async def delete(self, key: str) -> None:
        """Remove; a key that is not there is fine. Raises `UnavailableError`."""

    def keys_before(self, moment: datetime) -> AsyncIterator[str]:
        """List the keys of files that were stored before a moment, by the store's own clock."""

    def keys(self) -> AsyncIterator[str]:
        """List every key, for the sweep of orphans and for backup."""

    async def check(self) -> None:
        """Raise `UnavailableError` when the store cannot be written and read."""
