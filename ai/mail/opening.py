"""Find the pictures and documents of a mail; runs in the child process."""

from __future__ import annotations

from email.message import Message
from email.parser import BytesParser

SMALL_BYTES = 5 * 1024
"""Pictures below this size are signs and lines of a mail's layout."""
NAME_MAX = 100

File = tuple[str, bytes]
"""Name and bytes; the child loads none of the program's values, so that it starts soon."""
_KINDS: tuple[tuple[bytes, int, str], ...] = (
    (b"\xff\xd8\xff", 0, ".jpg"),
    (b"\x89PNG", 0, ".png"),
    (b"%PDF", 0, ".pdf"),
    (b"WEBP", 8, ".webp"),
    (b"ftyp", 4, ".heic"),
)
"""Signature, its position, and the ending of a name; what a mail says of its parts is not believed."""


def open_mail(data: bytes) -> list[File]:
    """Return the files of a mail in its order, with those of mails in it.

    Where files are attached, pictures that are shown within the text are left out: they are mostly logos.
    """
    attached: list[File] = []
    shown: list[File] = []
    for part in BytesParser().parsebytes(data).walk():
        file = None if part.is_multipart() else _file_of(part)
        if file is None:
            continue
        is_attached = file[0].endswith(".pdf") or part.get_content_disposition() == "attachment"
        (attached if is_attached else shown).append(file)
    return attached or shown


def _file_of(part: Message) -> File | None:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return None
    suffix = next((end for sign, at, end in _KINDS if payload[at : at + len(sign)] == sign), None)
    if suffix is None or (suffix != ".pdf" and len(payload) < SMALL_BYTES):
        return None
    # The name is for people alone: letters, digits and blanks of the part's own name.
    stem = (part.get_filename() or "").rpartition(".")[0]
    plain = "".join(one for one in stem if one.isalnum() or one in " -_")[:NAME_MAX].strip()
    return f"{plain or 'receipt'}{suffix}", payload
