"""Watch what a program writes to its database, and rebuild what a power cut would have left of it.

`strace` records every write, truncation and sync of the files with its time. After a cut at an instant all
that was synced by then is there; of everything later each write may be there, may be missing, and may be
torn at a sector, in any mixture, as drives and file systems do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

CALLS = "pwrite64,write,ftruncate,fsync,fdatasync"
SECTOR_BYTES = 512
BYTES_MAX = 1 << 17
"""The longest write that is recorded whole; SQLite writes pages."""
_BEGUN = re.compile(r"(\d+) +(\d+\.\d+) (\w+)\(\d+<([^>]+)>(.*)$")
_ENDED = re.compile(r"(\d+) +(\d+\.\d+) <\.\.\. (\w+) resumed>(.*)$")
_BYTES = re.compile(r'"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?, (\d+)(?:, (\d+))?')
_TOOK = re.compile(r"= (-?\d+)\D.*<(\d+\.\d+)>$|= (-?\d+) <(\d+\.\d+)>$")
_UNFINISHED = "<unfinished ...>"


@dataclass(slots=True)
class Change:
    """A write, a truncation (`data` is None) or a sync of a file, begun and ended at times since 1970."""

    path: str
    kind: str
    begun: float
    ended: float
    offset: int = 0
    data: bytes | None = None


def watch_command(log: Path, files: list[Path]) -> tuple[str, ...]:
    """Return the command in front of a program whose writes to these files are recorded."""
    places = [part for file in files for part in ("-P", str(file))]
    options = ("-f", "-qq", "-y", "-ttt", "-T", "-xx", "-s", str(BYTES_MAX))
    return ("strace", *options, "-e", f"trace={CALLS}", *places, "-o", str(log))


def read_log(log: Path) -> list[Change]:
    """Return what was recorded, in the order in which it began."""
    return sorted(_parse(log), key=lambda change: change.begun)


def _parse(log: Path) -> Iterator[Change]:
    open_calls: dict[str, tuple[float, str, str, str]] = {}
    with log.open(encoding="ascii", errors="replace") as lines:
        for line in lines:
            if begun := _BEGUN.match(line):
                process, at, call, path, rest = begun.groups()
                if rest.endswith(_UNFINISHED):
                    open_calls[process] = float(at), call, path, rest
                elif took := _TOOK.search(rest):
                    seconds = float(took[2] or took[4])
                    yield _change(call, path, rest, float(at), float(at) + seconds)
            elif (ended := _ENDED.match(line)) and ended[1] in open_calls:
                at_begin, call, path, rest = open_calls.pop(ended[1])
                yield _change(call, path, rest, at_begin, float(ended[2]))
    for at_begin, call, path, rest in open_calls.values():
        # The process was killed in it, so it never ended.
        yield _change(call, path, rest, at_begin, float("inf"))


def _change(call: str, shown: str, rest: str, begun: float, ended: float) -> Change:
    path = _decode(shown).decode()
    if call in {"fsync", "fdatasync"}:
        return Change(path, "sync", begun, ended)
    if call == "ftruncate":
        length = re.match(r", (\d+)", rest)
        assert length is not None, rest
        return Change(path, "truncate", begun, ended, int(length[1]))
    found = _BYTES.search(rest)
    assert found is not None, rest[:200]
    assert found[2] is None, "a write is longer than what is recorded"
    assert call == "pwrite64", f"{call} has no place in the file"
    return Change(path, "write", begun, ended, int(found[4]), _decode(found[1]))


def _decode(shown: str) -> bytes:
    """Return bytes that were written as hexadecimal digits, which leave nothing open."""
    return bytes.fromhex(shown.replace("\\x", ""))


@dataclass(slots=True)
class Image:
    """Files as a power cut leaves them."""

    begin: dict[str, bytes]
    """What each of them held when the recording began."""
    dice: Random
    files: dict[str, bytearray] = field(default_factory=dict)
    lost: int = 0
    """Writes that are missing or torn."""

    def build(self, changes: list[Change], at: float) -> None:
        """Build the files as of an instant."""
        self.files = {path: bytearray(content) for path, content in self.begin.items()}
        past = [change for change in changes if change.begun < at]
        synced = {
            change.path: change.begun
            for change in past
            if change.kind == "sync" and change.ended <= at
        }
        for change in past:
            if change.kind == "sync":
                continue
            is_safe = change.ended <= synced.get(change.path, 0.0)
            self._apply(change, is_safe=is_safe)

    def _apply(self, change: Change, *, is_safe: bool) -> None:
        if not is_safe and self.dice.random() < 0.5:
            self.lost += 1
            return
        content = self.files.setdefault(change.path, bytearray())
        if change.data is None:
            del content[change.offset :]
            content.extend(bytes(change.offset - len(content)))
            return
        data = change.data
        if not is_safe and len(data) > SECTOR_BYTES and self.dice.random() < 0.3:
            self.lost += 1
            data = data[: self.dice.randrange(len(data) // SECTOR_BYTES + 1) * SECTOR_BYTES]
        content.extend(bytes(max(change.offset + len(data) - len(content), 0)))
        content[change.offset : change.offset + len(data)] = data
