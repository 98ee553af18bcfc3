"""Store one file per key in a folder, in sub-folders by the key's first letters.

A file appears under its name only when it is complete and on the disk: it is written next to its
place, synced, renamed, and the folder's entry is synced too. A file that a crash left ends in
`.part` and is deleted at the first start after ten minutes.
"""

from __future__ import annotations

import asyncio
import math
import os
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

from ledger.errors import NotFoundError, UnavailableError
from storage.blobs.keys import is_key, new_key
from storage.blobs.sealing import Sealer
from storage.folders import make_private

T = TypeVar("T")

_PART = ".part"
_PART_SECONDS = 600.0
"""Age from which a half-written file is a crash's; younger ones may be another process's work."""


@dataclass(frozen=True, slots=True)
class DiskBlobs:
    """`ports.blobs.Blobs` in a folder that only we can read, encrypted where there is a key."""

    folder: Path
    sealer: Sealer = field(default_factory=Sealer)

    async def put(self, data: bytes, *, media_type: str) -> str:
        """Store durably under a new random key. A folder keeps no media type."""
        _ = media_type
        key = new_key()
        try:
            await self._do(lambda: self._write(key, self.sealer.seal(key, data)))
        except FileNotFoundError as error:
            # The folder itself cannot be made: its parent is gone or no real folder.
            raise UnavailableError("files_unavailable", kind="FileNotFoundError") from error
        return key

    async def get(self, key: str) -> bytes:
        """Return the bytes."""
        # Also checks the key, so that none leads out of the folder.
        path = self._path(key)
        try:
            return await self._do(lambda: self.sealer.open(key, path.read_bytes()))
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

    async def reseal(self, key: str) -> bool:
        """Rewrite a file with the newest key; return whether that was needed.

        Raises:
            NotFoundError: the file was deleted meanwhile.
            UnavailableError: its own key is missing, or it is damaged.
        """
        try:
            return await self._do(lambda: self._reseal(key))
        except FileNotFoundError:
            raise NotFoundError("no_file") from None

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
        if not is_key(key):
            raise NotFoundError("no_file")
        return self.folder / key[:2] / key

    def _reseal(self, key: str) -> bool:
        path = self._path(key)
        stored, times = path.read_bytes(), path.stat()
        if self.sealer.is_current(stored):
            return False
        part = _write_part(path, self.sealer.seal(key, self.sealer.open(key, stored)))
        # The age stays, by which orphans are known.
        os.utime(part, (times.st_atime, times.st_mtime))
        _put_in_place(part, path, only_over_old=True)
        return True

    def _write(self, key: str, data: bytes) -> None:
        path = self._path(key)
        make_private(path.parent)
        _put_in_place(_write_part(path, data), path)
        _sync_folder(self.folder)

    def _folders(self) -> list[Path]:
        return sorted(self.folder.glob("[0-9a-f][0-9a-f]"))

    def _sweep_parts(self) -> int:
        oldest = time.time() - _PART_SECONDS
        parts = [part for folder in self._folders() for part in folder.glob(f"*{_PART}")]
        old = [part for part in parts if _is_older(part, oldest)]
        for part in old:
            part.unlink(missing_ok=True)
        return len(old)


def _keys_in(folder: Path, before: float = math.inf) -> list[str]:
    with os.scandir(folder) as files:
        return sorted(
            file.name for file in files if is_key(file.name) and file.stat().st_mtime < before
        )


def _write_part(path: Path, data: bytes) -> Path:
    """Write a file next to its place, and return it when it is on the disk."""
    part = path.with_suffix(_PART)
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return part


def _put_in_place(part: Path, path: Path, *, only_over_old: bool = False) -> None:
    """Give a written file its name; `only_over_old` raises where its owner deleted it meanwhile."""
    try:
        if only_over_old:
            path.stat()
        part.rename(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _is_older(part: Path, moment: float) -> bool:
    try:
        return part.stat().st_mtime < moment
    except FileNotFoundError:
        return False  # another process finished it


def _sync_folder(folder: Path) -> None:
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
