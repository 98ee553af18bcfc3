"""Declare the repository of chats, ledgers and members."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from ledger.chats import Chat, ChatKind, Ledger, Member, Presence
from ledger.settings import Settings


class Chats(Protocol):
    """Chats, ledgers, settings and members."""

    def find(self, chat_id: int, user_id: int | None = None) -> Presence | None:
        """Return the chat with its ledger, and the member when there is one; one statement."""

    def of_key(self, key: str, user_id: int) -> Presence | None:
        """Return where a ledger lives now by its public id, and the member when there is one."""

    def add(
        self, chat_id: int, kind: ChatKind, title: str, settings: Settings, now: datetime
    ) -> Chat:
        """Give a chat a ledger of its own; a chat that has one keeps it."""

    def see(self, chat: Chat, member: Member, now: datetime) -> None:
        """Keep a member's name and language current; clears `left`; `is_admin` None keeps."""

    def members(self, ledger_id: int) -> list[Member]:
        """Return every member of a ledger, present or not."""

    def member(self, ledger_id: int, user_id: int) -> Member | None:
        """Return one member of a ledger, present or not."""

    def leave(self, chat_id: int, user_id: int, now: datetime) -> None:
        """Mark that a person has left the chat."""

    def set_admins(self, chat_id: int, user_ids: Sequence[int]) -> None:
        """Store the admins of a group; every other member is not an admin."""

    def save_settings(self, ledger_id: int, settings: Settings) -> None:
        """Replace a ledger's settings."""

    def rename(self, chat_id: int, title: str) -> None:
        """Keep a chat's title current."""

    def mute(self, chat_id: int, *, muted: bool) -> None:
        """Stop or resume sending to a chat."""

    def migrate(self, old_id: int, new_id: int) -> Ledger | None:
        """Let a supergroup go on with the ledger of the group it was; safe to repeat.

        Entries keep their source keys. Unsent messages and open questions follow to the new chat
        id. Return the ledger that the supergroup had begun of its own, if any: it has no chat from
        now on and must be merged in the same unit (`services.merging`).
        """

    def merge(self, kept_id: int, given_up_id: int) -> None:
        """Move every row of one ledger into another and delete it.

        Rows whose key the kept ledger has already (members, corrections, pushes) are dropped, and
        so are settings and schedules.
        """

    def of_ledger(self, ledger_id: int) -> Chat:
        """Return the chat where a ledger lives now. Raises `NotFoundError`."""

    def of_user(self, user_id: int) -> list[Chat]:
        """Return the chats of which a person is a present member."""

    def forget(self, ledger_id: int) -> list[str]:
        """Delete a ledger with all of its rows; return its blob keys.

        The chat itself gets no new ledger until somebody writes.
        """
