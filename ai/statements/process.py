"""Run the child process that opens one file, and take its answer."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import Any

import orjson
from pydantic import TypeAdapter

from ledger.receipt.reading import FileRefusal
from ports.statements import FileKnowledge, ReadFile

READ_SECONDS_MAX = 90.0
_ROOT = Path(__file__).resolve().parents[2]
_KEPT_VARIABLES = ("PATH", "HOME", "LANG", "LC_ALL", "SYSTEMROOT", "TMPDIR")
_KNOWLEDGE = TypeAdapter(FileKnowledge)
_READ_FILE = TypeAdapter(ReadFile)


class ChildStatementReader:
    """The plug of the `StatementReader` socket; each file has a process of its own."""

    async def read(self, data: bytes, knowledge: FileKnowledge) -> ReadFile | FileRefusal:
        """Read a file; a bomb or a crash costs this answer alone."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",
            "-m",
            "ai.statements.child_main",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
            | {"PYTHONPATH": str(_ROOT)},
            cwd=_ROOT,
        )
        request = _KNOWLEDGE.dump_json(knowledge) + b"\n" + data
        try:
            async with asyncio.timeout(READ_SECONDS_MAX):
                answer, _ = await process.communicate(request)
        except TimeoutError:
            return FileRefusal("takes_too_long")
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        return _load(answer) if process.returncode == 0 else FileRefusal("needs_too_much_memory")


def _load(answer: bytes) -> ReadFile | FileRefusal:
    rows, _, last = answer.rpartition(b"\n")
    values: dict[str, Any] = orjson.loads(last)
    if refusal := values.get("refusal"):
        return FileRefusal(refusal)
    return _READ_FILE.validate_python({**values, "rows": rows})
