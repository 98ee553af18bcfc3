"""Run the child process that takes one mail apart, and take its answer."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import orjson

from ledger.receipt.reading import FileRefusal
from ports.mail import MailFile

OPEN_SECONDS_MAX = 30.0
_ROOT = Path(__file__).resolve().parents[2]
_KEPT_VARIABLES = ("PATH", "HOME", "LANG", "LC_ALL", "SYSTEMROOT", "TMPDIR")


class ChildMailOpener:
    """The plug of the `MailOpener` socket; each mail has a process of its own."""

    async def open(self, mail: bytes) -> Sequence[MailFile] | FileRefusal:
        """Take a mail apart; a bomb or a crash costs this answer alone."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",
            "-m",
            "ai.mail.child_main",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
            | {"PYTHONPATH": str(_ROOT)},
            cwd=_ROOT,
        )
        try:
            async with asyncio.timeout(OPEN_SECONDS_MAX):
                answer, _ = await process.communicate(mail)
        except TimeoutError:
            return FileRefusal("takes_too_long")
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        return _load(answer) if process.returncode == 0 else FileRefusal("needs_too_much_memory")


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
