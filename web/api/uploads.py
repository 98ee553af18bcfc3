"""Read the file of an upload within bounds: as the whole body, or as a part of a form."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from aiohttp import BodyPartReader, web
from aiohttp.http_exceptions import HttpProcessingError

from ports.files import FILE_BYTES_MAX
from services.exporting.archive import suffix_of
from web.api.models.fields import NOTE_MAX
from web.api.problems import WrongField, wrong_fields
from web.concurrency import ConcurrencyLimit, TooManyWaitingError
from web.problems import ProblemError

FORM = "multipart/form-data"
MEDIA_TYPES = {
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".heic": "image/heic",
    ".pdf": "application/pdf",
}
"""Kinds of files that are read, by the ending of their first bytes' kind."""
ACCEPTED = (FORM, *MEDIA_TYPES.values(), "application/octet-stream")
UPLOAD_SECONDS = 120
UPLOADS_MAX = 4
"""Uploads in memory at once; a phone's photo has some 5 MB, the largest file 20."""
UPLOADS_OF_ONE_MAX = 2
"""Uploads of one person at once; further ones wait, so that slow ones of one keep no others out."""
PARTS_MAX = 4

_slots = asyncio.Semaphore(UPLOADS_MAX)
_of_people = ConcurrencyLimit(UPLOADS_OF_ONE_MAX, waiting=UPLOADS_MAX)


@dataclass(frozen=True, slots=True)
class UploadedFile:
    """The bytes of a file, and the words that came with it."""

    data: bytes = b""
    caption: str = ""

    @property
    def suffix(self) -> str:
        """Return the ending that its first bytes stand for."""
        return suffix_of(self.data)


@asynccontextmanager
async def reading_upload(request: web.Request, user_id: int) -> AsyncIterator[UploadedFile]:
    """Yield the file of a request, which counts as an upload until the block ends.

    Raises:
        ProblemError: 400, 408, 413, 415, 422, or 503 while too many are under way.
    """
    try:
        async with _of_people.enter(user_id):
            # Nothing is awaited between this and taking a slot, so a free one is still free.
            if _slots.locked():
                raise _busy()
            async with _slots:
                found = await _read(request)
                if found.suffix not in MEDIA_TYPES:
                    detail = "Send a JPEG, PNG, WebP, HEIC or PDF file."
                    raise ProblemError(415, "file_type", detail)
                yield found
    except TooManyWaitingError:
        raise _busy() from None


def _busy() -> ProblemError:
    detail = "Other uploads are under way. Try again in a moment."
    return ProblemError(503, "uploads_busy", detail, headers={"Retry-After": "5"})


async def _read(request: web.Request) -> UploadedFile:
    # 64 kB more than a file, for the boundaries, headers and caption of a form.
    if (request.content_length or 0) > FILE_BYTES_MAX + (1 << 16):
        raise _too_large()
    try:
        async with asyncio.timeout(UPLOAD_SECONDS):
            if request.content_type == FORM:
                return await _read_form(request)
            return UploadedFile(await _read_all(request.content.iter_any()))
    except TimeoutError:
        # What is still to come would be read as the head of the next request.
        raise ProblemError(408, headers={"Connection": "close"}) from None


async def _read_form(request: web.Request) -> UploadedFile:
    found = UploadedFile()
    try:
        reader = await request.multipart()
        for _ in range(PARTS_MAX):
            part = await reader.next()
            if part is None:
                break
            if isinstance(part, BodyPartReader):
                found = await _take_part(found, part)
    except (ValueError, AssertionError, HttpProcessingError, web.RequestPayloadError):
        raise ProblemError(400, "malformed_form", "The body is not a valid form.") from None
    if not found.data:
        raise wrong_fields([WrongField("file", "is missing")])
    return found


async def _take_part(found: UploadedFile, part: BodyPartReader) -> UploadedFile:
    match part.name:
        case "file":
            return replace(found, data=await _read_all(_chunks(part)))
        case "caption":
            return replace(found, caption=await _read_caption(part))
        case _:
            raise wrong_fields([WrongField(str(part.name), "is not known here")])


async def _read_caption(part: BodyPartReader) -> str:
    """Return all words of a caption, in however many pieces the network brings them."""
    found = bytearray()
    async for chunk in _chunks(part):
        found += chunk
        # A character has up to four bytes in UTF-8, so more bytes are too many characters.
        if len(found) > NOTE_MAX * 4:
            raise _too_long()
    words = found.decode("utf-8", "replace").replace("\x00", "")
    if len(words) > NOTE_MAX:
        raise _too_long()
    return words


async def _chunks(part: BodyPartReader) -> AsyncIterator[bytes]:
    while chunk := await part.read_chunk(1 << 16):
        yield chunk


async def _read_all(chunks: AsyncIterator[bytes]) -> bytes:
    found = bytearray()
    async for chunk in chunks:
        found += chunk
        if len(found) > FILE_BYTES_MAX:
            raise _too_large()
    return bytes(found)


def _too_long() -> ProblemError:
    return wrong_fields([WrongField("caption", f"may have {NOTE_MAX} characters at most")])


def _too_large() -> ProblemError:
    detail = f"A file may have {FILE_BYTES_MAX >> 20} MB at most."
    return ProblemError(413, "file_too_big", detail, headers={"Connection": "close"})
