"""Declare how the bytes of files that people send are fetched."""

from __future__ import annotations

from typing import Protocol

FILE_BYTES_MAX = 20 << 20
"""Telegram's Bot API hands out files up to 20 MiB (facts.md)."""


class Files(Protocol):
    """Fetches files that people sent, by Telegram's file id."""

    async def fetch(self, file_id: str) -> bytes:
        """Return the bytes, at most `FILE_BYTES_MAX` of them.

        Raises:
            InputError: The file is too large (`file_too_big`) or deleted by Telegram (`file_gone`).
            UnavailableError: Telegram did not deliver; trying again is right.
        """
