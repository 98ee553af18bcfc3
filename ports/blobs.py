"""Declare the store of receipts and drawn files."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Protocol

LINK_SECONDS_MAX = 900
"""Longest life of an address that opens a file for whoever has it."""


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

    async def link(self, key: str, *, file_name: str, seconds: int) -> str | None:
        """Return an address at which the store itself serves the file, as an attachment.

        It ends after so many seconds, `LINK_SECONDS_MAX` at most. None where the store has no
        addresses. Raises `NotFoundError` for a malformed key.
        """

    async def check(self) -> None:
        """Raise `UnavailableError` when the store cannot be written and read."""
