"""Where a trained file comes from: its version, and the note that training left beside it.

A version is computed from the files themselves, so a note can only speak of exactly these.
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


@dataclass(frozen=True, slots=True)
class About:
    """What is told of trained files without loading them."""

    version: str
    size_bytes: int
    trained_on: str | None = None
    """ISO date; None where no note speaks of these files."""
    learned: tuple[tuple[str, int], ...] = ()
    """How many lines or receipts of which source."""


def version_of(paths: Sequence[Traversable]) -> str:
    """Return the name of a model: the beginning of a hash over its files. Raises OSError."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:VERSION_LENGTH]


def read_about(paths: Sequence[Traversable], note: Traversable) -> About:
    """Return what is known of files; a note that is missing, damaged or of others tells nothing.

    Raises:
        UnavailableError: a file is missing.
    """
    try:
        version, size_bytes = version_of(paths), sum(len(path.read_bytes()) for path in paths)
    except OSError as error:
        raise UnavailableError("model_unreadable", remedy="train it again") from error
    try:
        told = json.loads(note.read_text(encoding="utf-8"))
        if told["version"] == version:
            learned = tuple((str(source), int(count)) for source, count in told["learned"].items())
            return About(version, size_bytes, str(told["trained_on"]), learned)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        pass  # the note is no part of the model: what it does not tell stays untold
    return About(version, size_bytes)


def write_note(
    paths: Sequence[Path], note: Path, *, trained_on: date, learned: Mapping[str, int]
) -> None:
    """Write the note of files that were just trained."""
    told = {
        "version": version_of(paths),
        "trained_on": trained_on.isoformat(),
        "learned": dict(learned),
    }
    note.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
