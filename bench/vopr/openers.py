"""Open files and draw documents in the loop, where the program does it in child processes.

What the children run is the same code; a child that dies, hangs or is killed is an error of these plugs.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import orjson

from ai.statements.child_main import read_statement
from bench.vopr.faults import Faults
from ledger.errors import UnavailableError
from ports.documents import DocumentKind
from ports.reading import FileRefusal
from ports.statements import FileKnowledge, ReadFile
from ports.stored_values import load_value
from presentation.documents.pdf import write_report
from presentation.documents.rows import open_rows
from presentation.documents.workbook import write_workbook

OPEN_SECONDS = (0.2, 2.0)
SLOW_SECONDS = 60.0
_WRITERS = {"xlsx": write_workbook, "pdf": write_report}


@dataclass(frozen=True, slots=True)
class SimulatedStatements:
    """`ports.statements.StatementReader` without a child process."""

    faults: Faults

    async def read(self, data: bytes, knowledge: FileKnowledge) -> ReadFile | FileRefusal:
        """Read a file."""
        await _take_a_while(self.faults)
        if self.faults.hits("child_failed"):
            return FileRefusal("reader_failed", temporary=True)
        rows = BytesIO()
        values = read_statement(data, knowledge, rows)
        if refusal := values.get("refusal"):
            return FileRefusal(refusal)
        # Through JSON, as it comes out of a child.
        values = orjson.loads(orjson.dumps(values))
        return load_value(ReadFile, {**values, "rows": rows.getvalue()})


@dataclass(frozen=True, slots=True)
class SimulatedDocuments:
    """`ports.documents.DocumentWriter` without a child process."""

    faults: Faults

    async def write(self, kind: DocumentKind, rows: Path, target: Path) -> None:
        """Draw a document."""
        await _take_a_while(self.faults)
        if self.faults.hits("child_failed"):
            raise UnavailableError("drawing")
        _WRITERS[kind](open_rows(rows), target)


async def _take_a_while(faults: Faults) -> None:
    await asyncio.sleep(faults.dice.uniform(*OPEN_SECONDS))
    if faults.hits("child_slow"):
        await asyncio.sleep(SLOW_SECONDS)
