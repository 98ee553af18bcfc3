"""Files that people send: where a door fetches their bytes."""

from __future__ import annotations

from typing import Protocol

FILE_BYTES_MAX = 20 << 20
"""Telegram's Bot API hands out files up to 20 MiB (facts.md)."""


class Files(Protocol):
    """Fetches what a person sent, by Telegram's file id."""

    async def fetch(self, file_id: str) -> bytes:
        """Return the bytes, at most `FILE_BYTES_MAX` of them.

        Raises:
            InputError: The file is too large (`file_too_big`) or gone for good (`file_gone`).
            UnavailableError: Telegram did not deliver; trying again is right.
        """
