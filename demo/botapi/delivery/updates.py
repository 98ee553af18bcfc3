"""Keep the queue of unconfirmed updates, with getUpdates' rules about offsets.

A call of getUpdates with a higher offset confirms an update. Ids grow by one, but after a quiet week
Telegram may continue at any number. `jump` starts such a new stretch of ids; updates of older
stretches are delivered first. An offset more than ten ids past the end of a stretch belongs to
another one and confirms nothing (td, TQueue.h).
"""

from __future__ import annotations

import asyncio
import math
from collections import OrderedDict, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice

from demo.botapi.world import JsonObject
from demo.clock import Clock

MESSAGE_LIFE_SECONDS = 24 * 3600
CALLBACK_LIFE_SECONDS = 150
"""Life of a callback query (telegram-bot-api, Client.cpp, add_update)."""

_FUTURE_SLACK = 10
_ONLY_ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


@dataclass(slots=True)
class PendingUpdate:
    """An update with its expiry; updates of one partition are delivered in order."""

    update_id: int
    partition: int
    expires_at: float
    body: JsonObject


@dataclass(slots=True)
class _Stretch:
    """A stretch of updates with consecutive ids."""

    next_id: int
    entries: OrderedDict[int, PendingUpdate] = field(default_factory=OrderedDict)


class UpdateQueue:
    """Holds updates until they are confirmed or expire.

    Attributes:
        allowed: Kinds that the bot asked for; None means every kind that needs no request.
        has_reader: Whether a webhook is set; added updates then go to `news` too.
    """

    def __init__(self, clock: Clock, first_id: int) -> None:
        self._clock = clock
        self._stretches: deque[_Stretch] = deque([_Stretch(first_id)])
        self._arrived = asyncio.Event()
        self._first_expiry = math.inf
        self.allowed: frozenset[str] | None = None
        self.last_offset = 0
        self.has_reader = False
        self.news: deque[PendingUpdate] = deque()

    @property
    def next_id(self) -> int:
        """Return the id of the next update."""
        return self._stretches[-1].next_id

    @property
    def pending_count(self) -> int:
        """Count the updates that are neither confirmed nor expired."""
        self._expire()
        return sum(len(stretch.entries) for stretch in self._stretches)

    def is_wanted(self, kind: str) -> bool:
        """Tell whether the bot asked for updates of this kind."""
        if self.allowed is None:
            return kind not in _ONLY_ON_REQUEST
        return kind in self.allowed

    def allow(self, kinds: Iterable[str]) -> None:
        """Set `allowed_updates`; an empty list means every kind that needs no request."""
        self.allowed = frozenset(kinds) or None

    def add(self, kind: str, payload: object, *, partition: int = 0) -> int | None:
        """Queue an update and return its id, or None for a kind that the bot did not ask for."""
        if not self.is_wanted(kind):
            return None
        return self.add_raw({kind: payload}, partition=partition)

    def add_raw(self, fields: JsonObject, *, partition: int = 0) -> int:
        """Queue an update of any shape and return its id."""
        stretch = self._stretches[-1]
        update_id = stretch.next_id
        stretch.next_id += 1
        life = CALLBACK_LIFE_SECONDS if "callback_query" in fields else MESSAGE_LIFE_SECONDS
        body = {"update_id": update_id, **fields}
        expires_at = self._clock.seconds() + life
        update = PendingUpdate(update_id, partition, expires_at, body)
        stretch.entries[update_id] = update
        if self.has_reader:
            self.news.append(update)
        self._first_expiry = min(self._first_expiry, expires_at)
        self._arrived.set()
        return update_id

    def jump(self, next_id: int) -> None:
        """Continue the ids at `next_id`."""
        # An empty last stretch is replaced, so that no empty one lies between two full ones.
        if not self._stretches[-1].entries:
            self._stretches.pop()
        self._stretches.append(_Stretch(next_id))

    def fetch(self, offset: int, limit: int) -> list[JsonObject]:
        """Confirm all updates below `offset` and return the next ones, at most `limit`."""
        self._expire()
        if offset < 0:
            self._forget_all_but(-offset)
        elif offset > 0:
            self._confirm(offset)
        self.last_offset = offset
        self._drop_empty_stretches()
        return [entry.body for entry in islice(self._stretches[0].entries.values(), limit)]

    def peek(self) -> list[PendingUpdate]:
        """Return all pending updates, for delivery to a webhook."""
        self._expire()
        return [entry for stretch in self._stretches for entry in stretch.entries.values()]

    def holds(self, update_id: int) -> bool:
        """Tell whether an update is neither confirmed nor expired."""
        self._expire()
        return any(update_id in stretch.entries for stretch in self._stretches)

    def confirm_one(self, update_id: int) -> None:
        """Confirm a single update, as a webhook's 2xx does."""
        for stretch in self._stretches:
            if stretch.entries.pop(update_id, None):
                return

    def clear(self) -> None:
        """Drop all pending updates."""
        for stretch in self._stretches:
            stretch.entries.clear()

    async def arrival(self, timeout_seconds: float) -> bool:
        """Wait for a queued update; return False when none came in time."""
        self._arrived.clear()
        try:
            async with asyncio.timeout(timeout_seconds):
                await self._arrived.wait()
        except TimeoutError:
            return False
        return True

    def wake(self) -> None:
        """Wake the waiting calls, so that they check the queue again."""
        self._arrived.set()

    def _confirm(self, offset: int) -> None:
        stretch = self._stretches[0]
        # The offset belongs to a later stretch.
        if offset > stretch.next_id + _FUTURE_SLACK:
            return
        entries = stretch.entries
        while entries and next(iter(entries)) < offset:
            entries.popitem(last=False)

    def _forget_all_but(self, count: int) -> None:
        excess = sum(len(stretch.entries) for stretch in self._stretches) - count
        for stretch in self._stretches:
            while excess > 0 and stretch.entries:
                stretch.entries.popitem(last=False)
                excess -= 1

    def _drop_empty_stretches(self) -> None:
        while len(self._stretches) > 1 and not self._stretches[0].entries:
            self._stretches.popleft()

    def _expire(self) -> None:
        now = self._clock.seconds()
        # Most calls find nothing expired; a scan of the queue on each would be slow.
        if now < self._first_expiry:
            return
        self._first_expiry = math.inf
        for stretch in self._stretches:
            for entry in list(stretch.entries.values()):
                if entry.expires_at <= now:
                    del stretch.entries[entry.update_id]
                else:
                    self._first_expiry = min(self._first_expiry, entry.expires_at)
