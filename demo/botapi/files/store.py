"""Files the server holds: what people sent and what the bot uploaded.

A file has an id for requests and, once getFile was called, a path that can be downloaded for an
hour. Equal content is kept once.
"""

from __future__ import annotations

import hashlib
import mimetypes
import secrets
from collections import OrderedDict
from dataclasses import dataclass

from demo.botapi.errors import bad_request
from demo.botapi.world import JsonObject
from demo.clock import Clock

DOWNLOAD_MAX_BYTES = 20 << 20
"""getFile refuses larger files (Client.h)."""

UPLOAD_MAX_BYTES = 50 << 20
LINK_LIFE_SECONDS = 3600
"""A download path works for at least an hour; here exactly so long."""

_LINKS_MAX = 10_000


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file and what the Bot API tells about it."""

    file_id: str
    file_unique_id: str
    folder: str
    number: int
    content: bytes
    file_name: str
    mime_type: str

    @property
    def extension(self) -> str:
        """With its dot: from the name, else from the type; may be empty."""
        _, dot, ending = self.file_name.rpartition(".")
        if dot and ending.isalnum():
            return f".{ending}"
        return mimetypes.guess_extension(self.mime_type) or ""

    def to_json(self) -> JsonObject:
        """The fields every file object has."""
        return {
            "file_id": self.file_id,
            "file_unique_id": self.file_unique_id,
            "file_size": len(self.content),
        }


class FileStore:
    """All files by id, and the download paths that are valid now."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._by_id: dict[str, StoredFile] = {}
        self._by_content: dict[tuple[str, str, str], StoredFile] = {}
        self._links: OrderedDict[str, tuple[StoredFile, float]] = OrderedDict()

    def add(self, folder: str, content: bytes, file_name: str, mime_type: str) -> StoredFile:
        """Keep a file; equal content under an equal name is the same file."""
        digest = hashlib.sha256(content).hexdigest()
        known = self._by_content.get((folder, digest, file_name))
        if known:
            return known
        prefix = "AgACAgIAAxk" if folder == "photos" else "BQACAgIAAxk"
        stored = StoredFile(
            file_id=f"{prefix}{secrets.token_urlsafe(36)}",
            file_unique_id=f"AQAD{digest[:12]}",
            folder=folder,
            number=len(self._by_id),
            content=content,
            file_name=file_name,
            mime_type=mime_type,
        )
        self._by_id[stored.file_id] = stored
        self._by_content[folder, digest, file_name] = stored
        return stored

    def find(self, file_id: str) -> StoredFile | None:
        """The file of that id."""
        return self._by_id.get(file_id)

    def get(self, file_id: str) -> StoredFile:
        """The file of that id.

        Raises:
            ApiError: There is none.
        """
        if not file_id:
            raise bad_request("file_id not specified")
        stored = self._by_id.get(file_id)
        if stored is None:
            raise bad_request("invalid file_id")
        return stored

    def open_link(self, stored: StoredFile) -> str:
        """A path for downloading it during the next hour."""
        if len(stored.content) > DOWNLOAD_MAX_BYTES:
            raise bad_request("file is too big")
        path = f"{stored.folder}/file_{stored.number}{stored.extension}"
        self._links[path] = (stored, self._clock.seconds() + LINK_LIFE_SECONDS)
        self._links.move_to_end(path)
        if len(self._links) > _LINKS_MAX:
            self._links.popitem(last=False)
        return path

    def find_link(self, path: str) -> StoredFile | None:
        """The file of a path that still works."""
        stored, expires_at = self._links.get(path, (None, 0.0))
        return stored if self._clock.seconds() < expires_at else None
