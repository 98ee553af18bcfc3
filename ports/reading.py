"""Declare the socket of readers of receipt pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from ledger.receipt.reading import (
    Box,
    Code,
    FieldName,
    FileRefusal,
    Page,
    Reading,
    TextRun,
    TypedField,
    TypedItem,
    TypedReceipt,
)

__all__ = [
    "Box",
    "Code",
    "FieldName",
    "FileRefusal",
    "Page",
    "PictureCopier",
    "ReadHint",
    "Reading",
    "ReceiptReader",
    "TextRun",
    "TypedField",
    "TypedItem",
    "TypedReceipt",
]


@dataclass(frozen=True, slots=True)
class ReadHint:
    """Facts that are known before the file is opened; a plug may ignore all of them.

    Attributes:
        name: the file's name as sent, "" for a photo; never trusted for the file's kind.
        language: ISO 639-1 code of the chat, for readers that know only some languages.
        text: what a local reader saw already, for readers that take it as a hint.
        pages: how many pages the file has, as far as a local reader saw.
        stored_at: `s3://bucket/key` of the file, where it is kept there, else "".
        chat_id: the chat of the photo, for counting costs; never sent to a reader.
        seconds: how long the caller will wait.
    """

    name: str = ""
    language: str = ""
    text: str = ""
    pages: int = 1
    stored_at: str = ""
    chat_id: int = 0
    seconds: float = 30.0


class ReceiptReader(Protocol):
    """Reads one file into lines or fields.

    A plug answers with a `Reading` (which is empty for a blank page) or with a
    `FileRefusal` that names why the file is not read. It never guesses, repairs sums or drops what it
    saw, never keeps the file, and raises nothing but `ledger.errors.UnavailableError`.
    """

    async def read(self, data: bytes, hint: ReadHint) -> Reading | FileRefusal:
        """Read the file's bytes."""
        ...

    async def close(self) -> None:
        """Release processes and connections; the reader may not be used afterwards."""
        ...


class PictureCopier(Protocol):
    """Makes copies of a receipt's picture for showing and sending: no metadata, bounded size."""

    async def clean_copy(
        self, data: bytes, *, side_max: int = 1600, page: int = 0
    ) -> bytes | FileRefusal:
        """Return a JPEG of the picture, or of a PDF's page (from 0), at most so many pixels a side.

        A page that is not there is refused.
        """
        ...
