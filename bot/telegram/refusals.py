"""Find the remedy for each known refusal of a message by Telegram.

Telegram tells refusals apart by words only; the table names the part of its description by which
each is known (tdlib's and the Bot API server's texts, lower case).
"""

from __future__ import annotations

from enum import Enum

from bot.telegram.api import TelegramRefusedError


class Remedy(Enum):
    """A remedy for a refusal; the value is its name in the metrics."""

    DONE = "done"
    """The message is in the wanted state already."""
    WAIT = "retry_after"
    MOVE = "migrated"
    MUTE = "muted"
    REST = "token_refused"
    ANEW = "anew"
    """The message to edit is gone: send it as a new one."""
    PLAIN = "plain"
    """Send without markup, cut."""
    NO_BUTTONS = "no_buttons"
    CAPTION = "caption"
    """The message to edit carries a file: edit its caption."""
    DOCUMENT = "document"
    """Telegram does not take the picture as a photo."""
    UPLOAD = "upload"
    """Telegram has dropped the file, so upload it again."""
    DROP = "dropped"


_BY_WORDS: tuple[tuple[str, Remedy], ...] = (
    ("message is not modified", Remedy.DONE),
    ("message to delete not found", Remedy.DONE),
    ("message can't be deleted", Remedy.DONE),
    ("message identifier is not specified", Remedy.ANEW),
    ("message to edit not found", Remedy.ANEW),
    ("message can't be edited", Remedy.ANEW),
    ("message_id_invalid", Remedy.ANEW),
    ("no text in the message to edit", Remedy.CAPTION),
    ("can't parse entities", Remedy.PLAIN),
    ("message is too long", Remedy.PLAIN),
    ("message_too_long", Remedy.PLAIN),
    ("caption is too long", Remedy.PLAIN),
    ("wrong file identifier", Remedy.UPLOAD),
    ("wrong remote file", Remedy.UPLOAD),
    ("file reference", Remedy.UPLOAD),
    ("photo_invalid", Remedy.DOCUMENT),
    ("photo_save_file_invalid", Remedy.DOCUMENT),
    ("image_process_failed", Remedy.DOCUMENT),
    ("too big for a photo", Remedy.DOCUMENT),
    ("button", Remedy.NO_BUTTONS),
    ("keyboard", Remedy.NO_BUTTONS),
    ("reply markup", Remedy.NO_BUTTONS),
    ("chat not found", Remedy.MUTE),
    ("user is deactivated", Remedy.MUTE),
    ("group chat was deactivated", Remedy.MUTE),
    ("chat_write_forbidden", Remedy.MUTE),
    ("not enough rights", Remedy.MUTE),
    ("have no rights", Remedy.MUTE),
    ("peer_id_invalid", Remedy.MUTE),
    ("topic_closed", Remedy.MUTE),
)

_BY_CODE = {401: Remedy.REST, 403: Remedy.MUTE, 404: Remedy.REST, 429: Remedy.WAIT}


def remedy_for(error: TelegramRefusedError, method: str) -> Remedy:
    """Return the remedy for a refusal of a method."""
    if error.migrate_to is not None:
        return Remedy.MOVE
    if error.code in _BY_CODE:
        return _BY_CODE[error.code]
    for words, remedy in _BY_WORDS:
        if words in error.reason:
            # Deleting has no second way: a message that is not there is deleted.
            if method == "deleteMessage" and remedy is Remedy.ANEW:
                return Remedy.DONE
            return remedy
    return Remedy.DONE if method == "deleteMessage" else Remedy.DROP
