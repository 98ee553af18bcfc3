"""Bound the rate of messages, overall, per chat, and per minute in a group.

Telegram's limits are about 30 messages a second overall, one a second in a chat (short bursts pass)
and 20 a minute in a group, as its FAQ for bots says. The overall and the group limit are sliding
windows, which are never exceeded at any moment; the chat limit is a token bucket, which lets a
short burst pass. Windows are a little longer than named, because what leaves evenly may arrive
closer together. Times are seconds of a monotonic clock, given by the caller.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass, field

from bot.setup.setting_values import Pacing

CHAT_BURST = 3
"""Messages that may follow each other at once in a quiet chat."""
PUSH_SHARE = 0.8
"""Part of the overall rate that pushes may take, so that answers always find room."""
_SLACK = 1.05
_CHATS_MAX = 20_000


@dataclass(slots=True)
class _Chat:
    tokens: float
    at: float
    minute: deque[float] = field(default_factory=deque)
    blocked_until: float = 0.0


class Pacer:
    """Computes how long a chat must wait, and counts sent messages.

    Without `pacing` only the waits that Telegram asks for (`block`) hold.
    """

    def __init__(self, pacing: Pacing | None) -> None:
        self.pacing = pacing
        self._chats: OrderedDict[int, _Chat] = OrderedDict()
        self._overall: deque[float] = deque()

    def chat_wait(self, chat_id: int, now: float) -> float:
        """Return the seconds until this chat may get its next message, 0.0 for at once."""
        chat = self._chats.get(chat_id)
        if chat is None:
            return 0.0
        wait = chat.blocked_until - now
        if self.pacing is not None:
            wait = max(wait, self._bucket_wait(chat, now), self._minute_wait(chat, now))
        return max(wait, 0.0)

    def overall_wait(self, now: float, *, push: bool = False) -> float:
        """Return the seconds until any message may leave; pushes leave room for answers."""
        if self.pacing is None:
            return 0.0
        window = self._overall
        while window and window[0] <= now - _SLACK:
            window.popleft()
        most = self.pacing.overall_per_second
        if push:
            most = max(1, int(most * PUSH_SHARE))
        if len(window) < most:
            return 0.0
        # As soon as this one leaves the window, one less than the most are in it.
        return window[len(window) - most] + _SLACK - now

    def burst_left(self, chat_id: int, now: float) -> int:
        """Return how many messages this chat may get at once."""
        if self.pacing is None:
            # An integer without a bound in practice, since callers count with it.
            return 1 << 30
        if self.chat_wait(chat_id, now) > 0:
            return 0
        chat = self._chats.get(chat_id)
        left = CHAT_BURST if chat is None else int(self._tokens(chat, now))
        # Groups have negative ids in the Bot API.
        if chat_id < 0:
            used = len(chat.minute) if chat else 0
            left = min(left, self.pacing.group_per_minute - used)
        return left

    def note(self, chat_id: int, now: float) -> None:
        """Note that a message leaves for this chat now."""
        if self.pacing is None:
            return
        chat = self._get(chat_id, now)
        chat.tokens = self._tokens(chat, now) - 1
        chat.at = now
        if chat_id < 0:
            chat.minute.append(now)
        self._overall.append(now)

    def block(self, chat_id: int, until: float, now: float) -> None:
        """Keep this chat, and no other, silent until then (Telegram said so)."""
        chat = self._get(chat_id, now)
        chat.blocked_until = max(chat.blocked_until, until)

    def _get(self, chat_id: int, now: float) -> _Chat:
        chat = self._chats.get(chat_id)
        if chat is None:
            chat = self._chats[chat_id] = _Chat(float(CHAT_BURST), now)
            if len(self._chats) > _CHATS_MAX:
                self._forget(now)
        self._chats.move_to_end(chat_id)
        return chat

    def _forget(self, now: float) -> None:
        """Drop the older half, except chats that must still wait."""
        for chat_id in list(self._chats)[: _CHATS_MAX // 2]:
            if self.chat_wait(chat_id, now) == 0:
                del self._chats[chat_id]

    def _tokens(self, chat: _Chat, now: float) -> float:
        rate = self.pacing.chat_per_second if self.pacing else 0.0
        return min(float(CHAT_BURST), chat.tokens + max(now - chat.at, 0.0) * rate)

    def _bucket_wait(self, chat: _Chat, now: float) -> float:
        missing = 1 - self._tokens(chat, now)
        if self.pacing is None or missing <= 0:
            return 0.0
        return missing / self.pacing.chat_per_second

    def _minute_wait(self, chat: _Chat, now: float) -> float:
        minute = chat.minute
        while minute and minute[0] <= now - 60 * _SLACK:
            minute.popleft()
        if self.pacing is None or len(minute) < self.pacing.group_per_minute:
            return 0.0
        return minute[len(minute) - self.pacing.group_per_minute] + 60 * _SLACK - now
