"""Digest what happened, so that two runs of a seed can be compared."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Trace:
    """A digest of every event with its virtual time; `tell` is called with each line."""

    clock: Callable[[], float]
    tell: Callable[[str], None] | None = None
    events: int = 0
    _digest: Any = field(default_factory=hashlib.sha256)

    def note(self, kind: str, *what: object) -> None:
        """Add an event."""
        line = f"{self.clock():10.4f} {kind} {' '.join(map(str, what))}"
        self.events += 1
        self._digest.update(line.encode())
        if self.tell is not None:
            self.tell(line)

    @property
    def hash(self) -> str:
        """Return the digest so far."""
        return str(self._digest.hexdigest()[:16])
