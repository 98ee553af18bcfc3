"""Make opaque ids, ordered by time so that an index grows at its end, and not guessable."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_RANDOM_BITS = 80
_START_BITS = 79
"""Bits of the first id of a millisecond, which leave room for the steps of later ones."""
_STEP_BITS = 62
_PAIRS = tuple(left + right for left in _ALPHABET for right in _ALPHABET)
"""Two letters at once, since an import makes a hundred thousand ids."""
_PAIR_MASK = len(_PAIRS) - 1
_SHIFTS = range(120, -1, -10)
"""Bits below each of the thirteen pairs of an id, whose first pair holds the highest."""


def new_id(now: datetime) -> str:
    """Return 26 letters and digits: 48 bits of milliseconds, then 80 random bits (as a ULID).

    Ids that a process makes for one and the same moment rise, so that the entries of one message
    keep their order wherever ids decide it; the steps between them are random too.
    """
    number = _SERIES.next(int(now.timestamp() * 1000))
    return "".join([_PAIRS[number >> shift & _PAIR_MASK] for shift in _SHIFTS])


@dataclass(slots=True)
class _Series:
    """The latest number, so that the next one of its millisecond lies above it."""

    latest: int = 0
    lock: Lock = field(default_factory=Lock)

    def next(self, milliseconds: int) -> int:
        # Units run in several threads, as SQLite's writer has one of its own.
        with self.lock:
            if milliseconds == self.latest >> _RANDOM_BITS:
                # A random step keeps the next id of the same millisecond unguessable.
                self.latest += 1 + secrets.randbits(_STEP_BITS)
            else:
                self.latest = milliseconds << _RANDOM_BITS | secrets.randbits(_START_BITS)
            return self.latest


_SERIES = _Series()
