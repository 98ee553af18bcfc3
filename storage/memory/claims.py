"""Claim partitions within one process."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ports.queue import CLOCK_STEP, Delivery


@dataclass(slots=True)
class _Claim:
    fence: int
    until: datetime
    open_ids: set[int]
    """Messages of the claim that are not handled yet; without any the claim is over."""


@dataclass(slots=True)
class PartitionClaims:
    """Which partitions are claimed, and by which fence."""

    _claims: dict[int, _Claim] = field(default_factory=dict)
    _last_fence: int = 0

    def claimed(self, now: datetime) -> list[int]:
        """Return the partitions whose lease has not ended."""
        far = now + CLOCK_STEP
        return [part for part, claim in self._claims.items() if now < claim.until <= far]

    def claim(self, partition: int, ids: Iterable[int], until: datetime) -> int:
        """Claim a partition with these messages; return the fence."""
        self._last_fence += 1
        self._claims[partition] = _Claim(self._last_fence, until, set(ids))
        return self._last_fence

    def holds(self, delivery: Delivery) -> bool:
        """Return whether the delivery's claim is the newest of its partition and still open."""
        claim = self._of(delivery)
        return claim is not None and delivery.id in claim.open_ids

    def extend(self, delivery: Delivery, now: datetime, lease_seconds: float) -> None:
        """Let the lease end so many seconds from now, unless the claim is lost."""
        if claim := self._of(delivery):
            claim.until = now + timedelta(seconds=lease_seconds)

    def close(self, delivery: Delivery) -> None:
        """Note that the delivery was handled or parked; the last one frees the partition."""
        if claim := self._of(delivery):
            claim.open_ids.discard(delivery.id)
            if not claim.open_ids:
                self.release(delivery)

    def release(self, delivery: Delivery) -> None:
        """Free the delivery's partition, unless the claim is lost."""
        if self._of(delivery):
            del self._claims[delivery.inbox_message.partition]

    def _of(self, delivery: Delivery) -> _Claim | None:
        claim = self._claims.get(delivery.inbox_message.partition)
        return claim if claim is not None and claim.fence == delivery.fence else None
