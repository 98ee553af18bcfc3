"""Find the pictures and documents of a mail; runs in the child process."""

from __future__ import annotations

from email.message import Message
from email.parser import BytesParser

from ai.files.kinds import find_kind

SMALL_BYTES = 5 * 1024
"""Pictures below this size are signs and lines of a mail's layout."""
NAME_MAX = 100

File = tuple[str, bytes]
"""Name and bytes; the child loads none of the program's values, so that it starts soon."""
_SUFFIXES = {"jpeg": ".jpg", "png": ".png", "webp": ".webp", "heif": ".heic", "pdf": ".pdf"}


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
    named = part.get_filename() or ""
    # The words of a mail may quote how a file begins.
    if not isinstance(payload, bytes) or (part.get_content_maintype() == "text" and not named):
        return None
    kind = find_kind(payload)
    if kind is None or (kind != "pdf" and len(payload) < SMALL_BYTES):
        return None
    # The name is for people alone: letters, digits and blanks of the part's own name.
    stem = named.rpartition(".")[0]
    plain = "".join(one for one in stem if one.isalnum() or one in " -_")[:NAME_MAX].strip()
    return f"{plain or 'receipt'}{_SUFFIXES[kind]}", payload
