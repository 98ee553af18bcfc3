"""Draw one document, in a process that does nothing else."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from presentation.documents.pdf import write_report
from presentation.documents.rows import open_rows
from presentation.documents.workbook import write_workbook

_NICENESS = 10
_WRITERS = {"xlsx": write_workbook, "pdf": write_report}


def main(arguments: list[str]) -> None:
    """Draw the document that the arguments name."""
    kind, rows, target = arguments
    os.nice(_NICENESS)
    _WRITERS[kind](open_rows(Path(rows)), Path(target))


if __name__ == "__main__":
    main(sys.argv[1:])
