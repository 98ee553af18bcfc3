"""Keep the inputs of a target, a JSON string a line whose characters are the bytes (Latin-1)."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from types import FrameType
from typing import Any

FOLDER = Path(__file__).with_name("inputs")
_ROOT = str(Path(__file__).resolve().parents[2])
INPUTS_MAX = 60
BYTES_MAX = 48 << 10
"""Bytes of all inputs of a target: the repository keeps them, and the suite runs them in seconds."""


def path_of(target: str) -> Path:
    """Return the file of a target's inputs."""
    return FOLDER / f"{target}.jsonl"


def load(target: str) -> list[bytes]:
    """Return the inputs that are kept."""
    path = path_of(target)
    if not path.exists():
        return []
    return [json.loads(line).encode("latin-1") for line in path.read_text().splitlines()]


def keep(target: str, inputs: Iterable[bytes]) -> int:
    """Keep inputs in their order as far as there is room; return how many."""
    kept: list[bytes] = []
    size = 0
    for data in dict.fromkeys(inputs):
        if len(kept) < INPUTS_MAX and size + len(data) <= BYTES_MAX:
            kept.append(data)
            size += len(data)
    lines = (json.dumps(data.decode("latin-1")) for data in kept)
    path_of(target).write_text("".join(f"{line}\n" for line in lines))
    return len(kept)


def choose(enter: Callable[[bytes], None], inputs: Sequence[bytes]) -> list[bytes]:
    """Return inputs that reach all lines which any of them reaches, the one that adds most first."""
    reached = {data: lines for data in inputs if (lines := _trace(enter, data))}
    known: set[tuple[str, int]] = set()
    chosen: list[bytes] = []
    while len(chosen) < INPUTS_MAX and reached:
        best = max(reached, key=lambda data: (len(reached[data] - known), -len(data)))
        if not reached[best] - known:
            break
        known |= reached.pop(best)
        chosen.append(best)
    return chosen


def _trace(enter: Callable[[bytes], None], data: bytes) -> set[tuple[str, int]]:
    """Return the lines of ours that an input reaches; none for one that falls."""
    lines: set[tuple[str, int]] = set()

    def note(frame: FrameType, event: str, _: object) -> Any:  # noqa: ANN401  # itself
        name = frame.f_code.co_filename
        if not name.startswith(_ROOT) or ".venv" in name:
            return None
        if event == "line":
            lines.add((name, frame.f_lineno))
        return note

    sys.settrace(note)
    try:
        enter(data)
    except Exception:  # noqa: BLE001  # it is looked at by whoever fuzzes
        return set()
    finally:
        sys.settrace(None)
    return lines
