"""Run the child process that takes one mail apart, and take its answer."""

from __future__ import annotations

from collections.abc import Sequence

import orjson

from ai.one_child import ask_child
from ledger.receipt.reading import FileRefusal
from ports.mail import MailFile

OPEN_SECONDS_MAX = 30.0


class ChildMailOpener:
    """The plug of the `MailOpener` socket; each mail has a process of its own."""

    async def open(self, mail: bytes) -> Sequence[MailFile] | FileRefusal:
        """Take a mail apart; a bomb or a crash costs this answer alone."""
        answer = await ask_child("ai.mail.child_main", mail, OPEN_SECONDS_MAX)
        return answer if isinstance(answer, FileRefusal) else _load(answer)


def _load(answer: bytes) -> Sequence[MailFile] | FileRefusal:
    head, _, data = answer.partition(b"\n")
    files = orjson.loads(head)
    if files is None:
        return FileRefusal("file_malformed")
    found, start = [], 0
    for name, size in files:
        found.append(MailFile(name, data[start : start + size]))
        start += size
    return found
