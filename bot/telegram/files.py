"""Fetch the files that people send, from the Bot API server."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from bot.telegram.api import BotApi, TelegramRefusedError, TelegramUnreachableError
from ledger.errors import InputError, UnavailableError
from ports.files import FILE_BYTES_MAX

DOWNLOAD_SECONDS = 30
"""A link that delivers slower than this is requested again."""
LINK_PAUSES = (1.0, 4.0)
"""Seconds before getFile is asked for another link, since a link that is not found has expired."""
_BAD_REQUEST = 400
_NOT_FOUND = 404


@dataclass(frozen=True, slots=True)
class TelegramFiles:
    """The Bot API's getFile and its download links."""

    api: BotApi

    async def fetch(self, file_id: str) -> bytes:
        """Return a file's bytes; see `ports.files.Files.fetch`.

        A file whose links are not found, each newer than the one before, is gone.
        """
        for pause in LINK_PAUSES:
            data = await self._fetch_once(file_id)
            if data is not None:
                return data
            await asyncio.sleep(pause)
        data = await self._fetch_once(file_id)
        if data is None:
            raise InputError("file_gone")
        return data

    async def _fetch_once(self, file_id: str) -> bytes | None:
        """Return a file's bytes by a link of its own; None where the link is not found."""
        described = await self._describe(file_id)
        if int(described.get("file_size") or 0) > FILE_BYTES_MAX:
            raise InputError("file_too_big", bytes_max=FILE_BYTES_MAX)
        path = described.get("file_path")
        if not path:
            raise UnavailableError("telegram_file")
        try:
            data = await self.api.download(
                str(path), bytes_max=FILE_BYTES_MAX, timeout_seconds=DOWNLOAD_SECONDS
            )
        except TelegramRefusedError as error:
            if error.code == _NOT_FOUND:
                return None
            raise UnavailableError("telegram_file") from error
        except TelegramUnreachableError as error:
            raise UnavailableError("telegram_file") from error
        if data is None:
            raise InputError("file_too_big", bytes_max=FILE_BYTES_MAX)
        if described.get("file_size") and len(data) < int(described["file_size"]):
            raise UnavailableError("telegram_file")
        return data

    async def _describe(self, file_id: str) -> dict[str, Any]:
        try:
            described: dict[str, Any] = await self.api.call("getFile", {"file_id": file_id})
        except TelegramRefusedError as error:
            if "too big" in error.reason:
                raise InputError("file_too_big", bytes_max=FILE_BYTES_MAX) from error
            if error.code in {_BAD_REQUEST, _NOT_FOUND}:
                raise InputError("file_gone") from error
            raise UnavailableError("telegram_file") from error
        except TelegramUnreachableError as error:
            raise UnavailableError("telegram_file") from error
        return described
