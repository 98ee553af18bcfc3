"""Define the bot's replies, buttons, pictures and files, and the outgoing message.

Views in `presentation` make a `Reply`, `replies` wraps it in an `Outgoing`, storage keeps it in the
outbox in the same commit as its effects, and the sender turns it into Telegram calls.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

MessageKind = Literal["answer", "push", "card"]
"""A push answers nobody; a card is a push that is edited in place, silently, and never sent again."""

Json = None | bool | int | str | list["Json"] | dict[str, "Json"]
"""The values of actions and jobs. There are no floats: money crosses as text or minor units."""


@dataclass(frozen=True, slots=True)
class Action:
    """The meaning of a button press, as a name of `handlers.buttons.actions` with its arguments.

    It is stored with the keyboard and never sent.
    """

    name: str
    args: tuple[Json, ...] = ()


@dataclass(frozen=True, slots=True)
class Button:
    """An inline button: a label, and either an action of Kvitto's or a link."""

    label: str
    action: Action | None = None
    url: str | None = None
    web_app: str | None = None
    """An https page that Telegram opens inside itself, in a private chat only."""


Buttons = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture to draw for a reply: the name of a drawing in `presentation.pictures` and its figures.

    It is drawn in a process pool after the commit (a job), never inside a transaction.
    """

    drawing: str
    values: dict[str, Json]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a reply, by its key in the blob store, never by value."""

    blob_key: str
    file_name: str
    as_photo: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """The reply in one line with one button, used when confirmations of a chat are joined."""

    text: str
    button: Button


@dataclass(frozen=True, slots=True)
class Reply:
    """The text and buttons that a user sees. `text` is Telegram HTML, at most 4096 UTF-16 units after entities."""

    text: str
    buttons: Buttons = ()
    picture: Picture | None = None
    attachment: Attachment | None = None
    keeps_picture: bool = False
    """As an edit it changes the caption of a message with a picture, which stays."""
    line: Line | None = None
    """Set on confirmations only: they may be joined when they queue up behind the pacing."""


@dataclass(frozen=True, slots=True)
class Subject:
    """The things that a message is about, by which a later reply or edit is understood."""

    entry_ids: tuple[str, ...] = ()
    question_id: str | None = None
    receipt_id: str | None = None


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One outgoing message, stored as an outbox row.

    `message_key` names the message forever (unique). `edits` names the key of an earlier message
    that this one replaces: while that one is unsent its content is exchanged, afterwards it is
    edited in place. `expires_at`: a push that is older is dropped rather than sent late.
    """

    chat_id: int
    message_key: str
    reply: Reply
    edits: str | None = None
    reply_to: int | None = None
    """Message id that this answers; sent with `allow_sending_without_reply`."""
    owner_id: int | None = None
    """The user who may press its buttons, next to the chat's admins; None means every member."""
    subject: Subject = field(default_factory=Subject)
    kind: MessageKind = "answer"
    deletes: bool = False
    """Delete the message named by `edits` instead of editing it."""
    expires_at: datetime | None = None
    silent: bool = False
    """Sent without a sound."""
