"""Put named files where analysts read them: in a folder, or below a prefix of a bucket."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

from ledger.errors import UnavailableError
from storage.blobs.s3 import S3Blobs
from storage.folders import make_private

Result = TypeVar("Result")


class Place(Protocol):
    """A place of named files. Every method raises `UnavailableError`."""

    @property
    def address(self) -> str:
        """The address of the place for statements, with a slash at its end."""

    async def put(self, name: str, source: Path) -> None:
        """Copy a file there, whole or not at all."""

    async def list_names(self) -> list[str]:
        """Return the names of all files."""

    async def delete(self, name: str) -> None:
        """Remove a file."""


@dataclass(frozen=True, slots=True)
class FolderPlace:
    """A folder that only we can read; an operator gives analysts their rights."""

    folder: Path

    @property
    def address(self) -> str:
        """The folder."""
        return f"{self.folder.absolute()}/"

    async def put(self, name: str, source: Path) -> None:
        """Copy next to the place and rename."""
        await _do(lambda: self._put(name, source))

    async def list_names(self) -> list[str]:
        """Return the names below the folder."""
        return await _do(self._list)

    async def delete(self, name: str) -> None:
        """Remove a file, and its folder when that is empty."""
        await _do(lambda: self._delete(name))

    def _list(self) -> list[str]:
        files = (path for path in self.folder.rglob("*") if path.is_file())
        return sorted(str(path.relative_to(self.folder)) for path in files)

    def _put(self, name: str, source: Path) -> None:
        target = self.folder / name
        make_private(target.parent)
        # A reader sees the old file or the new one, never half of it.
        part = target.with_suffix(".part")
        shutil.copyfile(source, part)
        part.chmod(0o600)
        part.replace(target)

    def _delete(self, name: str) -> None:
        path = self.folder / name
        path.unlink(missing_ok=True)
        if not any(path.parent.iterdir()):
            path.parent.rmdir()


async def _do(work: Callable[[], Result]) -> Result:
    try:
        return await asyncio.to_thread(work)
    except OSError as error:
        raise UnavailableError("files_unavailable", kind=type(error).__name__) from error


@dataclass(frozen=True, slots=True)
class S3Place:
    """Objects with names below the prefix of a store in S3."""

    store: S3Blobs

    @property
    def address(self) -> str:
        """The bucket and prefix."""
        return f"s3://{self.store.bucket}/{self.store.prefix}"

    async def put(self, name: str, source: Path) -> None:
        """Write an object."""
        data = await asyncio.to_thread(source.read_bytes)
        await self.store.put_named(name, data, media_type="application/octet-stream")

    async def list_names(self) -> list[str]:
        """Return the names below the prefix."""
        return [name async for name in self.store.names()]

    async def delete(self, name: str) -> None:
        """Remove an object."""
        await self.store.delete_named(name)
