"""Declare the repository of buttons, questions and the messages of entries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from ledger.questions import Question
from ledger.text.rewriting import MessageVersion
from ports.messages import Action, Subject


@dataclass(frozen=True, slots=True)
class Keyboard:
    """The actions of the buttons of one message; callback data is `<id>:<position>`."""

    id: str
    chat_id: int
    owner_id: int | None
    actions: tuple[Action, ...]
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Confirmation:
    """A message that confirms entries; `entry_ids` in the order in which it names them."""

    chat_id: int
    message_key: str
    entry_ids: tuple[str, ...]


class Conversations(Protocol):
    """Buttons, questions, and the subjects of earlier messages."""

    def keyboard(self, keyboard_id: str) -> Keyboard | None:
        """Return the actions behind a keyboard, expired or not."""

    def ask(self, question: Question) -> None:
        """Keep a question open."""

    def keep_last(self, question: Question) -> None:
        """Keep a question in place of an earlier one of the same id."""

    def question(self, ledger_id: int, question_id: str) -> Question | None:
        """Return a question, settled or not; `settle` tells the first answer from later ones."""

    def last_open(self, ledger_id: int, user_id: int) -> Question | None:
        """Return the newest question to a person that waits for an answer."""

    def last_of_kind(self, ledger_id: int, user_id: int, kind: str) -> Question | None:
        """Return the newest question of a kind to a person, settled or not."""

    def list_open(self, ledger_id: int, limit: int) -> list[Question]:
        """Return questions that wait for an answer, the newest first."""

    def messages_of(self, question_id: str) -> tuple[str, ...]:
        """Return the keys of the messages that ask a question now."""

    def is_gone(self, message_key: str) -> bool:
        """Return whether a card could not be edited because its message is deleted."""

    def message_id(self, message_key: str) -> int | None:
        """Return Telegram's id of a message of the bot, None while it is unsent."""

    def settle(self, question_id: str) -> bool:
        """Close a question; False when it was closed before."""

    def version(self, ledger_id: int, source: str) -> MessageVersion | None:
        """Return and lock the newest version of a person's message, None without one."""

    def keep_version(self, version: MessageVersion) -> None:
        """Keep the newest version of a person's message, in place of the one before."""

    def subject(self, chat_id: int, message_id: int) -> tuple[str, Subject] | None:
        """Return key and subject of a message that the bot sent."""

    def unsent(self, chat_id: int, keyboard_id: str) -> tuple[str, Subject] | None:
        """Return key and subject of an unsent message that has this keyboard.

        Its buttons can be pressed where Telegram sent it and the answer to that was lost.
        """

    def was_queued(self, message_key: str) -> bool:
        """Return whether a message of this key was queued or sent."""

    def confirmations(self, entry_id: str, limit: int) -> list[Confirmation]:
        """Return the messages that show an entry now, with all that they show, newest first."""

    def confirmation(self, entry_id: str) -> Confirmation | None:
        """Return the newest message that confirms an entry, with all that it confirms."""
