"""Define what is kept for programs that use the API, such as answers to give again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """The answer of a call, given again when the same call comes again."""

    status: int
    body: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RepeatableCall:
    """A call under the key that its program chose for it."""

    id: str
    """Digest of ledger, person and key."""
    ledger_id: int
    request: str
    """Digest of what was asked for."""


@dataclass(frozen=True, slots=True)
class KnownCall:
    """A call that came before, with its answer."""

    request: str
    answer: KeptAnswer


class Replays(Protocol):
    """Keeps the answers of calls by their keys."""

    def claim(self, call: RepeatableCall, now: datetime, *, since: datetime) -> KnownCall | None:
        """Claim a key for a call, or return the call that had it since a moment.

        A second call of a key waits a moment for the unit of the first one to end.

        Raises:
            InWorkError: `key_in_work`, where that takes longer.
        """

    def keep(self, call_id: str, answer: KeptAnswer) -> None:
        """Keep the answer of a claimed key."""
