"""Keep files of the server, sent by people or uploaded by the bot.

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
"""Size above which getFile refuses a file (telegram-bot-api, Client.h)."""

UPLOAD_MAX_BYTES = 50 << 20
LINK_LIFE_SECONDS = 3600
"""Life of a download path; Telegram promises at least an hour."""

_LINKS_MAX = 10_000


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file with its Bot API fields."""

    file_id: str
    file_unique_id: str
    folder: str
    number: int
    content: bytes
    file_name: str
    mime_type: str

    @property
    def extension(self) -> str:
        """Return the ending with its dot, from the name or else the type; may be empty."""
        _, dot, ending = self.file_name.rpartition(".")
        if dot and ending.isalnum():
            return f".{ending}"
        return mimetypes.guess_extension(self.mime_type) or ""

    def to_json(self) -> JsonObject:
        """Return the fields common to all file objects."""
        return {
            "file_id": self.file_id,
            "file_unique_id": self.file_unique_id,
            "file_size": len(self.content),
        }


class FileStore:
    """Holds all files by id, and the valid download paths."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._by_id: dict[str, StoredFile] = {}
        self._by_content: dict[tuple[str, str, str], StoredFile] = {}
        self._links: OrderedDict[str, tuple[StoredFile, float]] = OrderedDict()

    def add(self, folder: str, content: bytes, file_name: str, mime_type: str) -> StoredFile:
        """Store a file; equal content under an equal name is stored once."""
        digest = hashlib.sha256(content).hexdigest()
        known = self._by_content.get((folder, digest, file_name))
        if known:
            return known
        # Ids begin as real ones do, so that a bot may not expect shorter ones.
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
        """Return the file of an id."""
        return self._by_id.get(file_id)

    def get(self, file_id: str) -> StoredFile:
        """Return the file of an id.

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
        """Return a path that downloads the file during the next hour."""
        if len(stored.content) > DOWNLOAD_MAX_BYTES:
            raise bad_request("file is too big")
        path = f"{stored.folder}/file_{stored.number}{stored.extension}"
        self._links[path] = (stored, self._clock.seconds() + LINK_LIFE_SECONDS)
        self._links.move_to_end(path)
        if len(self._links) > _LINKS_MAX:
            self._links.popitem(last=False)
        return path

    def find_link(self, path: str) -> StoredFile | None:
        """Return the file of a valid download path."""
        stored, expires_at = self._links.get(path, (None, 0.0))
        return stored if self._clock.seconds() < expires_at else None
