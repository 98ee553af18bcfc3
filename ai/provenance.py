"""Read the version of trained files, and the note that training wrote next to them.

The version is a hash of the files, so a note applies only to exactly these files.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources.abc import Traversable
from pathlib import Path

from ledger.errors import UnavailableError

VERSION_LENGTH = 12
PIECE_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class About:
    """Description of trained files, available without loading them."""

    version: str
    size_bytes: int
    trained_on: str | None = None
    """ISO date; None without a note for these files."""
    learned: tuple[tuple[str, int], ...] = ()
    """Number of lines or receipts by source."""


def version_of(paths: Sequence[Traversable]) -> str:
    """Return a model's version, the first digits of a hash of its files. Raises OSError."""
    digest = hashlib.sha256()
    for path in paths:
        with path.open("rb") as source:
            # In pieces, because megabytes that are freed again leave holes in the heap.
            while piece := source.read(PIECE_BYTES):
                digest.update(piece)
    return digest.hexdigest()[:VERSION_LENGTH]


def read_about(paths: Sequence[Traversable], note: Traversable) -> About:
    """Describe files; a note that is missing, damaged or of other files is ignored.

    Raises:
        UnavailableError: a file is missing.
    """
    try:
        version, size_bytes = version_of(paths), sum(len(path.read_bytes()) for path in paths)
    except OSError as error:
        raise UnavailableError("model_unreadable", remedy="train it again") from error
    try:
        known = json.loads(note.read_text(encoding="utf-8"))
        if known["version"] == version:
            learned = tuple((str(source), int(count)) for source, count in known["learned"].items())
            return About(version, size_bytes, str(known["trained_on"]), learned)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        pass  # the model works without its note
    return About(version, size_bytes)


def write_note(
    paths: Sequence[Path], note: Path, *, trained_on: date, learned: Mapping[str, int]
) -> None:
    """Write the note of freshly trained files."""
    fields = {
        "version": version_of(paths),
        "trained_on": trained_on.isoformat(),
        "learned": dict(learned),
    }
    note.write_text(json.dumps(fields, indent=2) + "\n", encoding="utf-8")
