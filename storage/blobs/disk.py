"""Store one file per key in a folder, in sub-folders by the key's first letters.

A file appears under its name only when it is complete and on the disk: it is written next to its
place, synced, renamed, and the folder's entry is synced too. A file that a crash left ends in
`.part` and is deleted at the next start.
"""

from __future__ import annotations

import asyncio
import math
import os
import re
import secrets
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

from ledger.errors import NotFoundError, UnavailableError
from storage.folders import make_private

T = TypeVar("T")

KEY_BYTES = 16
_KEY = re.compile(r"[0-9a-f]{32}")
_PART = ".part"


@dataclass(frozen=True, slots=True)
class DiskBlobs:
    """`ports.blobs.Blobs` in a folder that only we can read."""

    folder: Path

    async def put(self, data: bytes, *, media_type: str) -> str:
        """Store durably under a new random key. A folder keeps no media type."""
        _ = media_type
        key = secrets.token_hex(KEY_BYTES)
        try:
            await self._do(lambda: self._write(key, data))
        except FileNotFoundError as error:
            # The folder itself cannot be made: its parent is gone or no real folder.
            raise UnavailableError("files_unavailable", kind="FileNotFoundError") from error
        return key

    async def get(self, key: str) -> bytes:
        """Return the bytes."""
        # Also checks the key, so that none leads out of the folder.
        path = self._path(key)
        try:
            return await self._do(path.read_bytes)
        except FileNotFoundError:
            raise NotFoundError("no_file") from None

    async def delete(self, key: str) -> None:
        """Remove; a key that is not there is fine."""
        path = self._path(key)
        await self._do(lambda: path.unlink(missing_ok=True))

    async def keys(self) -> AsyncIterator[str]:
        """List every key, folder by folder."""
        for part in await self._do(self._folders):
            for key in await self._do(partial(_keys_in, part)):
                yield key

    async def keys_before(self, moment: datetime) -> AsyncIterator[str]:
        """List the keys of files that were stored before a moment, folder by folder."""
        for part in await self._do(self._folders):
            for key in await self._do(partial(_keys_in, part, moment.timestamp())):
                yield key

    async def check(self) -> None:
        """Write, read and remove a file."""
        key = await self.put(b"check", media_type="text/plain")
        await self.get(key)
        await self.delete(key)

    async def sweep_parts(self) -> int:
        """Delete half-written files of a crash; for a start, before anything is written."""
        return await self._do(self._sweep_parts)

    async def _do(self, work: Callable[[], T]) -> T:
        """Work in a thread; a disk that fails is something to try again later."""
        try:
            return await asyncio.to_thread(work)
        except FileNotFoundError:
            raise
        except OSError as error:
            raise UnavailableError("files_unavailable", kind=type(error).__name__) from error

    def _path(self, key: str) -> Path:
        """Return the place of a key; raise `NotFoundError` for a malformed key."""
        if not _KEY.fullmatch(key):
            raise NotFoundError("no_file")
        return self.folder / key[:2] / key

    def _write(self, key: str, data: bytes) -> None:
        path = self._path(key)
        make_private(path.parent)
        part = path.with_suffix(_PART)
        try:
            with os.fdopen(
                os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb"
            ) as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            part.rename(path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        for folder in (path.parent, self.folder):
            _sync_folder(folder)

    def _folders(self) -> list[Path]:
        return sorted(self.folder.glob("[0-9a-f][0-9a-f]"))

    def _sweep_parts(self) -> int:
        parts = [part for folder in self._folders() for part in folder.glob(f"*{_PART}")]
        for part in parts:
            part.unlink(missing_ok=True)
        return len(parts)


def _keys_in(folder: Path, before: float = math.inf) -> list[str]:
    with os.scandir(folder) as files:
        return sorted(
            file.name
            for file in files
            if _KEY.fullmatch(file.name) and file.stat().st_mtime < before
        )


def _sync_folder(folder: Path) -> None:
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
