"""Declare the repositories of due times, pushes and pinned cards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from ledger.settings import PushKind, Settings


@dataclass(frozen=True, slots=True)
class DueSchedule:
    """A schedule whose time has come."""

    id: int
    ledger_id: int
    kind: str
    subject_id: str
    """The thing that is due, where a ledger may have several of a kind; else empty."""
    due_at: datetime


@dataclass(frozen=True, slots=True)
class DuePushes:
    """Pushes whose time has come, of ledgers that differ in nothing that moves them."""

    kind: PushKind
    due_at: datetime
    settings: Settings
    last_period: str | None
    """The highest key of a period that is claimed already."""
    schedule_ids: tuple[int, ...]
    ledger_ids: tuple[int, ...]
    """In the order of the schedules."""


@dataclass(frozen=True, slots=True)
class WaitingPush:
    """A push that is claimed and waits for its content."""

    ledger_id: int
    kind: PushKind
    period_key: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class PinnedCard:
    """The pinned card of a ledger."""

    ledger_id: int
    message_key: str
    """The key of its latest edit."""
    edits: int
    fingerprint: str
    """Differs where it would show something else."""
    edited_at: datetime


class Schedules(Protocol):
    """Keeps due times, one row per ledger, kind and subject."""

    def due(self, now: datetime, limit: int) -> list[DueSchedule]:
        """Return the schedules whose time has come, apart from pushes, longest waiting first."""

    def due_pushes(self, now: datetime, limit: int) -> list[DuePushes]:
        """Return and lock pushes whose time has come, at most so many, longest waiting first.

        Those that another process has locked are left out.
        """

    def plan(
        self, ledger_id: int, kind: str, due_at: datetime | None, *, subject_id: str = ""
    ) -> None:
        """Set when this is due next; None deletes the schedule."""

    def plan_many(self, schedule_ids: Sequence[int], due_at: datetime) -> None:
        """Set when these are due next, in one statement."""


class Pushes(Protocol):
    """Claims the periods that pushes cover, and keeps those that wait for their content."""

    def claim(
        self,
        ledger_id: int,
        kind: str,
        period_key: str,
        now: datetime,
        *,
        due_at: datetime | None = None,
    ) -> bool:
        """Claim the one push of a period; False when another process has claimed it.

        With `due_at` it waits for its content, without one it is done.
        """

    def claim_many(self, schedule_ids: Sequence[int], period_key: str, now: datetime) -> None:
        """Claim a period for the pushes of these schedules, in one statement; they wait.

        A ledger whose period is claimed already is left alone.
        """

    def waiting(self, limit: int) -> list[WaitingPush]:
        """Return and lock pushes that wait for their content, the oldest first."""

    def close(self, push: WaitingPush) -> None:
        """Mark a push as done."""

    def last_period(self, ledger_id: int, kind: str) -> str | None:
        """Return the key of the newest period that was claimed."""


class PinnedCards(Protocol):
    """The pinned cards, one a ledger."""

    def find(self, ledger_id: int) -> PinnedCard | None:
        """Return the card of a ledger."""

    def put(self, card: PinnedCard) -> None:
        """Insert or replace the card of a ledger."""

    def remove(self, ledger_id: int) -> None:
        """Forget the card of a ledger."""
