# ruff: noqa: ASYNC109 - a test says how long it waits in the call, as every wait helper does
"""Simulate Telegram with people, for tests, benches and the demo page.

    async with open_demo() as demo:
        sim = demo.simulation
        ann = sim.add_user("Ann")
        chat = sim.private_chat(ann)
        sim.say(ann, chat, "coffee 4.50")
        (answer,) = await sim.answers(chat)
        press = sim.press(ann, answer, "Delete")
        await sim.answer_of(press)

People act through the methods of `People`, groups, clock and limits change through those of `Simulation`; the
bot acts over HTTP. Only the wait helpers are coroutines.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Literal

from demo.botapi.messages.callbacks import CallbackAnswer, Press
from demo.botapi.requests.limits import Limits, RateLimiter
from demo.botapi.requests.request_log import Request, RequestLog
from demo.botapi.telegram import build_telegram
from demo.botapi.world import Chat, JsonObject, MemberStatus, Message, User
from demo.clock import Clock
from demo.events import Event
from demo.faults import FaultPlan
from demo.membership import (
    MigrationNotices,
    change_member,
    find_owner,
    migrate_group,
    post_service,
)
from demo.people import People
from demo.waiting import Found, wait_for_quiet, wait_until

TOKEN = "7000000001:DEMO-token-of-this-machine-only-000"  # noqa: S105 - opens nothing elsewhere
WAIT_SECONDS = 60.0


class Simulation(People):
    """People, chats and faults around one bot.

    Args:
        clock: The server's clock; a running one by default.
        token: The bot's token.
        history_max: Messages kept per chat.
        limits: Rate limits to enforce with 429; None for no limits.

    Attributes:
        faults: The plan of faults; see `FaultPlan`.
        log: The bot's requests.
    """

    def __init__(
        self,
        *,
        clock: Clock | None = None,
        token: str = TOKEN,
        username: str = "kvitto_demo_bot",
        history_max: int = 1000,
        limits: Limits | None = None,
    ) -> None:
        self.clock = clock or Clock()
        self.token = token
        super().__init__(
            build_telegram(token, self.clock, username=username, history_max=history_max)
        )
        self.faults = FaultPlan()
        self.log = RequestLog()
        self.limit(limits)
        self.clock.on_change(self._publish_clock)

    # --- groups ---

    def add_group(
        self,
        title: str,
        members: Sequence[User],
        *,
        kind: Literal["group", "supergroup"] = "group",
        is_bot_there: bool = True,
    ) -> Chat:
        """Add a group, owned by its first member, and add the bot to it."""
        chat = self.telegram.world.add_group(kind, title)
        for position, member in enumerate(members):
            chat.members[member.id] = "member" if position else "creator"
        self.events.publish(Event("chat", chat.id))
        if is_bot_there:
            self.join(self.bot, chat, by=members[0])
        return chat

    def join(self, user: User, group: Chat, *, by: User | None = None) -> None:
        """Let a person, or the bot, join a group."""
        change_member(self.telegram, group, user, "member", by or user)
        post_service(self.telegram, group, by or user, {"new_chat_members": [user.to_json()]})

    def leave(self, user: User, group: Chat, *, by: User | None = None) -> None:
        """Let a person leave; with `by`, they (or the bot) are removed."""
        status: MemberStatus = "kicked" if by and by is not user else "left"
        post_service(self.telegram, group, by or user, {"left_chat_member": user.to_json()})
        change_member(self.telegram, group, user, status, by or user)

    def promote(self, user: User, group: Chat, *, by: User | None = None) -> None:
        """Make a member an administrator."""
        change_member(
            self.telegram, group, user, "administrator", by or find_owner(self.telegram, group)
        )

    def demote(self, user: User, group: Chat, *, by: User | None = None) -> None:
        """Make an administrator an ordinary member."""
        change_member(self.telegram, group, user, "member", by or find_owner(self.telegram, group))

    def rename(self, group: Chat, title: str, *, by: User | None = None) -> None:
        """Give a group another title."""
        group.title = title
        post_service(
            self.telegram, group, by or find_owner(self.telegram, group), {"new_chat_title": title}
        )
        self.events.publish(Event("chat", group.id))

    def migrate(self, group: Chat, *, notices: MigrationNotices = "both") -> Chat:
        """Turn a group into a supergroup with another id and message ids from 1.

        Args:
            group: A basic group.
            notices: Which of the two service messages the bot gets: `to` in the old chat, `from`
                in the new one.
        """
        return migrate_group(self.telegram, group, notices)

    # --- clock, updates and limits ---

    def advance(self, delta: timedelta) -> datetime:
        """Move the clock."""
        return self.clock.advance(delta)

    def feed(self, fields: JsonObject, *, partition: int = 0) -> int:
        """Queue an update of any shape and return its id."""
        return self.telegram.updates.add_raw(fields, partition=partition)

    def jump_update_ids(self, next_id: int) -> None:
        """Continue the update ids at `next_id`, lower or higher."""
        self.telegram.updates.jump(next_id)

    @property
    def pending_update_count(self) -> int:
        """Count the updates that are neither confirmed nor expired."""
        return self.telegram.updates.pending_count

    def limit(self, limits: Limits | None) -> None:
        """Set or remove the rate limits."""
        self.telegram.rate_limiter = RateLimiter(limits) if limits else None

    def set_privacy_mode(self, *, is_on: bool) -> None:
        """Set privacy mode, in which groups send only commands, replies and mentions to the bot."""
        self.telegram.has_privacy_mode = is_on

    # --- actions of the bot ---

    def messages(self, chat: Chat) -> list[Message]:
        """Return the messages of a chat, the oldest first."""
        return list(chat.history.values())

    def sent(self, chat: Chat) -> list[Message]:
        """Return the bot's messages of a chat."""
        return [m for m in chat.history.values() if m.sender_id == self.bot.id]

    def edited(self, chat: Chat) -> list[Message]:
        """Return the bot's edited messages of a chat."""
        return [message for message in self.sent(chat) if message.edit_count]

    def deleted(self, chat: Chat) -> list[Message]:
        """Return the latest 500 messages that the bot deleted from a chat."""
        return list(chat.deleted)

    def requests(self, method: str | None = None) -> list[Request]:
        """Return the latest requests, all or of one method."""
        return [r for r in self.log.requests if method is None or r.method == method]

    def refusals(self) -> dict[str, int]:
        """Return the refused requests as `method: description` with their counts."""
        return dict(self.log.refusals)

    # --- waiting ---

    async def until(
        self, find: Callable[[], Found], *, what: str = "it", timeout: float = WAIT_SECONDS
    ) -> Found:
        """Wait until `find` returns a true value, and return it.

        Raises:
            TimeoutError: `timeout` real seconds passed before.
        """
        return await wait_until(self.events, find, what=what, timeout=timeout)

    async def answers(
        self, chat: Chat, *, count: int = 1, timeout: float = WAIT_SECONDS
    ) -> list[Message]:
        """Wait for the bot's next `count` messages of a chat, each returned once.

        Raises:
            TimeoutError: Fewer came in time.
        """
        unread = chat.unread
        await self.until(
            lambda: len(unread) >= count,
            what=f"{count} messages in chat {chat.id}",
            timeout=timeout,
        )
        return [unread.popleft() for _ in range(count)]

    async def edit_of(self, message: Message, *, timeout: float = WAIT_SECONDS) -> Message:
        """Wait for the next edit of a message; each edit is returned once.

        Raises:
            TimeoutError: The bot did not edit it in time.
        """
        await self.until(
            lambda: message.edit_count > message.edits_seen,
            what=f"an edit of message {message.message_id}",
            timeout=timeout,
        )
        message.edits_seen = message.edit_count
        return message

    async def answer_of(self, press: Press, *, timeout: float = WAIT_SECONDS) -> CallbackAnswer:
        """Wait for the bot's answer to a press.

        Raises:
            TimeoutError: `timeout` passed before.
        """
        return await self.until(lambda: press.answer, what="an answer", timeout=timeout) or (
            CallbackAnswer("", is_alert=False, url="")
        )

    async def quiet(self, seconds: float = 0.3, *, timeout: float = WAIT_SECONDS) -> None:
        """Wait until the bot has sent no request but getUpdates for `seconds`.

        Raises:
            TimeoutError: The bot never became quiet.
        """
        await wait_for_quiet(self.events, seconds, timeout=timeout)

    def _publish_clock(self, moment: datetime) -> None:
        self.events.publish(Event("clock", data={"now": moment.isoformat()}))
