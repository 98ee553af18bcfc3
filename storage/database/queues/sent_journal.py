"""Note sent messages in a small file next to a SQLite database until their marks are committed.

A commit under load takes tens of milliseconds, and a killed process would repeat everything that left
meanwhile. A line in a file takes some microseconds and outlives the process; it is not synced, as marks
themselves may be lost with the power.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import orjson

from ports.outbox import OutboxMessage

KEPT_BYTES_MAX = 16_384
"""Size from which the file is emptied when no mark is missing; emptying it costs more than a line."""


class Note(NamedTuple):
    """A message that left. The key guards against a row whose id was used again."""

    row: int
    version: int
    message_key: str
    message_id: int | None
    is_joined: bool
    target_id: int | None = None
    """The message that it was to edit. The row may be about another one by the time of a recovery."""


class SentJournal:
    """Appends notes, and empties the file when all of them are marked."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None
        self._size = 0
        self._unmarked = 0

    def add(self, messages: Sequence[OutboxMessage], message_id: int | None) -> None:
        """Note messages that left as one; returns when a dying process keeps it."""
        is_joined = len(messages) > 1
        notes = [
            Note(m.id, m.version, m.message_key, message_id, is_joined, m.target_id)
            for m in messages
        ]
        self._unmarked += len(notes)
        lines = b"".join(orjson.dumps(tuple(note)) + b"\n" for note in notes)
        # On a full disk the mark follows nevertheless, as it always did.
        with suppress(OSError):
            self._size += os.write(self._open(), lines)

    def settle(self, count: int) -> None:
        """Count notes whose marks are committed."""
        self._unmarked -= count
        if self._unmarked <= 0 and self._size >= KEPT_BYTES_MAX:
            self.clear()

    def clear(self) -> None:
        """Forget every note."""
        with suppress(OSError):
            os.ftruncate(self._open(), 0)
            self._size = 0
        self._unmarked = 0

    def read(self) -> list[Note]:
        """Return the notes of the process before; a line that a power cut tore is passed over."""
        try:
            lines = self._path.read_bytes().splitlines()
        except FileNotFoundError:
            return []
        return [note for line in lines if (note := _read_note(line)) is not None]

    def close(self) -> None:
        """Close the file."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _open(self) -> int:
        if self._descriptor is None:
            flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
            self._descriptor = os.open(self._path, flags, 0o600)
        return self._descriptor


def _read_note(line: bytes) -> Note | None:
    with suppress(orjson.JSONDecodeError):
        match orjson.loads(line):
            case [
                int(row),
                int(version),
                str(key),
                (int() | None) as message_id,
                bool(is_joined),
                (int() | None) as target_id,
            ]:
                return Note(row, version, key, message_id, is_joined, target_id)
            # The release before wrote no target.
            case [int(row), int(version), str(key), (int() | None) as message_id, bool(is_joined)]:
                return Note(row, version, key, message_id, is_joined)
    return None
