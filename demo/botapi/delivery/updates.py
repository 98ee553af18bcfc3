"""The queue of updates a bot has not confirmed yet, with getUpdates' rules about offsets.

An update is confirmed as soon as getUpdates is called with a higher offset. Ids grow by one; after
a quiet week Telegram may go on at any number: `jump` starts such a stretch, and what lies in an
older stretch is delivered first. An offset far beyond a stretch belongs to another one and
confirms nothing (TQueue.h: more than ten past the tail).
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
"""After this a callback query is forgotten (Client.cpp, add_update)."""

_FUTURE_SLACK = 10
_ONLY_ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


@dataclass(slots=True)
class PendingUpdate:
    """An update with its lane (updates of one lane go out one after another) and its end."""

    update_id: int
    lane: int
    expires_at: float
    body: JsonObject


@dataclass(slots=True)
class _Stretch:
    """Updates whose ids grow by one."""

    next_id: int
    entries: OrderedDict[int, PendingUpdate] = field(default_factory=OrderedDict)


class UpdateQueue:
    """Updates waiting to be fetched or delivered.

    Attributes:
        allowed: Kinds the bot asked for; None means all but those sent on request only.
        has_reader: While a webhook is set, what is added goes to `news` too.
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
        """The id the next update will get."""
        return self._stretches[-1].next_id

    @property
    def pending_count(self) -> int:
        """How many updates are neither confirmed nor expired."""
        self._expire()
        return sum(len(stretch.entries) for stretch in self._stretches)

    def is_wanted(self, kind: str) -> bool:
        """Whether the bot asked for updates of this kind."""
        if self.allowed is None:
            return kind not in _ONLY_ON_REQUEST
        return kind in self.allowed

    def allow(self, kinds: Iterable[str]) -> None:
        """Remember `allowed_updates`; an empty list means all but those on request only."""
        self.allowed = frozenset(kinds) or None

    def add(self, kind: str, payload: object, *, lane: int = 0) -> int | None:
        """Queue an update, return its id, or None when the bot does not want its kind."""
        if not self.is_wanted(kind):
            return None
        return self.add_raw({kind: payload}, lane=lane)

    def add_raw(self, fields: JsonObject, *, lane: int = 0) -> int:
        """Queue an update of any shape, return its id."""
        stretch = self._stretches[-1]
        update_id = stretch.next_id
        stretch.next_id += 1
        life = CALLBACK_LIFE_SECONDS if "callback_query" in fields else MESSAGE_LIFE_SECONDS
        body = {"update_id": update_id, **fields}
        expires_at = self._clock.seconds() + life
        update = PendingUpdate(update_id, lane, expires_at, body)
        stretch.entries[update_id] = update
        if self.has_reader:
            self.news.append(update)
        self._first_expiry = min(self._first_expiry, expires_at)
        self._arrived.set()
        return update_id

    def jump(self, next_id: int) -> None:
        """Let ids go on at `next_id`."""
        if not self._stretches[-1].entries:
            self._stretches.pop()
        self._stretches.append(_Stretch(next_id))

    def fetch(self, offset: int, limit: int) -> list[JsonObject]:
        """Confirm what lies below `offset`, return the next at most `limit` updates."""
        self._expire()
        if offset < 0:
            self._forget_all_but(-offset)
        elif offset > 0:
            self._confirm(offset)
        self.last_offset = offset
        self._drop_empty_stretches()
        return [entry.body for entry in islice(self._stretches[0].entries.values(), limit)]

    def peek(self) -> list[PendingUpdate]:
        """All pending updates, for delivery to a webhook."""
        self._expire()
        return [entry for stretch in self._stretches for entry in stretch.entries.values()]

    def holds(self, update_id: int) -> bool:
        """Whether the update is neither confirmed nor expired."""
        self._expire()
        return any(update_id in stretch.entries for stretch in self._stretches)

    def confirm_one(self, update_id: int) -> None:
        """Forget a single update, as a webhook's 2xx does."""
        for stretch in self._stretches:
            if stretch.entries.pop(update_id, None):
                return

    def clear(self) -> None:
        """Forget everything that is pending."""
        for stretch in self._stretches:
            stretch.entries.clear()

    async def arrival(self, timeout_seconds: float) -> bool:
        """Wait for an update to be queued; False when none came in time."""
        self._arrived.clear()
        try:
            async with asyncio.timeout(timeout_seconds):
                await self._arrived.wait()
        except TimeoutError:
            return False
        return True

    def wake(self) -> None:
        """Let whoever waits look again."""
        self._arrived.set()

    def _confirm(self, offset: int) -> None:
        stretch = self._stretches[0]
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
        if now < self._first_expiry:
            return
        self._first_expiry = math.inf
        for stretch in self._stretches:
            for entry in list(stretch.entries.values()):
                if entry.expires_at <= now:
                    del stretch.entries[entry.update_id]
                else:
                    self._first_expiry = min(self._first_expiry, entry.expires_at)
