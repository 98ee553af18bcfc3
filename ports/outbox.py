"""Declare the outbox, which keeps committed messages until Telegram has taken them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from ports.messages import Attachment, Json, MessageKind

GONE = "message_gone"
"""The error of a card that was dropped because somebody deleted its message."""


@dataclass(frozen=True, slots=True)
class OutboxMessage:
    """One outbox row, ready for Telegram, the stored form of an `Outgoing`.

    `target_id` is the message id to edit or delete. `payload` holds, where there is one:

    - `text`, `owner` (user id or null)
    - `buttons`: rows of `{"label", "data"}` or `{"label", "url"}`
    - `attachment`: `{"blob_key", "file_name", "as_photo"}`
    - `line`: `{"text", "label", "data"}` (or `"url"`), the reply in one line with its button
    """

    id: int
    chat_id: int
    message_key: str
    method: Literal["send", "edit", "delete"]
    payload: dict[str, Json]
    reply_to: int | None
    target_id: int | None
    kind: MessageKind
    tries: int
    created_at: datetime
    expires_at: datetime | None
    version: int = 0
    """Grows when the unsent content is exchanged; hand the message back as you got it."""
    flow: str = ""
    """The flow that its content is part of (`ports.telemetry.flows`)."""

    @property
    def flow_name(self) -> str:
        """Return its flow; a push begins one that is named by its key."""
        return self.flow or self.message_key

    @property
    def blob_key(self) -> str | None:
        """Return the key of its file; None without one."""
        attachment = self.payload.get("attachment")
        return str(attachment["blob_key"]) if isinstance(attachment, dict) else None


@dataclass(frozen=True, slots=True)
class Queued:
    """A message as its commit stored it, with the id of the message that its chat gets before it.

    `after` is None where nothing else waits in the chat.
    """

    message: OutboxMessage
    after: int | None


class Outbox(Protocol):
    """Keeps messages in order per chat until Telegram has confirmed them."""

    async def recover(self) -> int:
        """Mark what a killed process noted (`note_sent`) and could not mark; return its count.

        Only the process that sends may call it, before it sends anything.
        """

    def note_sent(self, messages: Sequence[OutboxMessage], message_id: int | None) -> None:
        """Note messages that left as one, at once and without waiting; `sent` or `joined` follows.

        What is noted outlives the process, not a power cut. A plug that cannot do so keeps nothing.
        """

    async def pending(
        self, *, now: datetime, limit: int, skip: frozenset[int], per_chat: int = 20
    ) -> list[OutboxMessage]:
        """Return messages that may go now, in order per chat, of chats not in `skip`.

        Muted chats are left out, expired messages too (they are marked), and messages whose picture
        is still being drawn. A chat with a message that was put off waits as a whole.

        An edit of an unsent message takes its place in the queue, so no edit waits for another
        message. When the older content was handed out already, `sent` turns the newer one into an
        edit of it.
        """

    async def sent(self, results: Sequence[tuple[OutboxMessage, int | None]]) -> None:
        """Mark messages as sent with their message ids; bodies are blanked, subjects stay."""

    async def joined(self, messages: Sequence[OutboxMessage], message_id: int | None) -> None:
        """Mark several confirmations as sent in one message, whose subject names them all."""

    async def later(
        self, outbox_message: OutboxMessage, *, until: datetime, count_try: bool
    ) -> None:
        """Put a message off; its chat waits with it."""

    async def drop(self, outbox_message: OutboxMessage, *, error: str) -> None:
        """Give a message up (Telegram refuses it for good); `error` is a class and a reason id."""

    async def release(self, message_key: str, attachment: Attachment | None) -> None:
        """Let a message go whose picture (job `draw:<message key>`) is drawn; None: it goes as text.

        Safe to repeat; a message whose content was exchanged meanwhile is left alone.
        """

    async def mute(self, chat_id: int) -> None:
        """Mute a chat that refuses us (403); drop its unsent pushes, keep its answers."""

    async def migrate(self, old_id: int, new_id: int, *, now: datetime) -> None:
        """Redirect what is unsent to the supergroup, and leave an event that moves the ledger.

        For a refusal that names the new chat. The event (`ports.jobs.ChatMigrated`)
        is left once, however often this is called.
        """

    async def count(self) -> int:
        """Return how many messages are unsent."""
