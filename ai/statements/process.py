"""Run the child process that opens one file, and take its answer."""

from __future__ import annotations

from typing import Any

import orjson

from ai.one_child import ask_child
from ledger.receipt.reading import FileRefusal
from ports.statements import FileKnowledge, ReadFile
from ports.stored_values import dump_value, load_value

READ_SECONDS_MAX = 90.0


class ChildStatementReader:
    """The plug of the `StatementReader` socket; each file has a process of its own."""

    async def read(self, data: bytes, knowledge: FileKnowledge) -> ReadFile | FileRefusal:
        """Read a file; a bomb or a crash costs this answer alone."""
        request = orjson.dumps(dump_value(knowledge)) + b"\n" + data
        answer = await ask_child("ai.statements.child_main", request, READ_SECONDS_MAX)
        return answer if isinstance(answer, FileRefusal) else _load(answer)


def _load(answer: bytes) -> ReadFile | FileRefusal:
    rows, _, last = answer.rpartition(b"\n")
    values: dict[str, Any] = orjson.loads(last)
    if refusal := values.get("refusal"):
        return FileRefusal(refusal)
    return load_value(ReadFile, {**values, "rows": rows})
