"""Handle Telegram's updates; each handler asks one service and sends its answer."""

from __future__ import annotations

from telegram.ext import (
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    MessageHandler,
    filters,
)

from handlers.buttons.press import press
from handlers.commands.known import COMMANDS
from handlers.commands.start import not_there_yet, unknown_command
from handlers.members import bot_membership, member_changed, member_left, migrated
from handlers.messages.imports import STATEMENTS, import_file
from handlers.messages.location import NAMES_ZONE, location_message, zone_message
from handlers.messages.receipts import receipt_message
from handlers.messages.text import edited_message, text_message, wordless
from handlers.messages.voice_notes import voice_note
from handlers.routing.access import RefuseOthers
from handlers.routing.dispatch import Handler
from handlers.routing.message_filters import OTHERS_WORDS, pass_over

LATER = (
    "categories",
    "split",
    "balance",
    "settle",
)
"""Commands that later versions build; they answer kindly until then."""

_NEW = filters.UpdateType.MESSAGE
_WRITTEN = filters.UpdateType.MESSAGE | filters.UpdateType.EDITED_MESSAGE
_TEXT = filters.TEXT & ~filters.COMMAND
_WORDLESS = filters.ATTACHMENT & ~filters.SUCCESSFUL_PAYMENT
"""Stickers, videos and the like; not what Telegram itself reports."""
_FILES = filters.PHOTO | filters.Document.ALL

# Order and priority count: the first handler that takes an update is the only one. Presses and
# texts come first because nearly all updates are those.
HANDLERS: tuple[Handler, ...] = (
    CallbackQueryHandler(press),
    # Before every command: forwards and texts of other bots are not expenses of a group.
    MessageHandler(_NEW & OTHERS_WORDS, pass_over),
    # Before other texts: the 3 of `GMT+3` is not an amount.
    MessageHandler(_WRITTEN & filters.ChatType.PRIVATE & NAMES_ZONE, zone_message),
    MessageHandler(_NEW & _TEXT, text_message),
    MessageHandler(filters.StatusUpdate.MIGRATE, migrated),
    MessageHandler(filters.StatusUpdate.LEFT_CHAT_MEMBER, member_left),
    ChatMemberHandler(bot_membership, ChatMemberHandler.MY_CHAT_MEMBER),
    ChatMemberHandler(member_changed, ChatMemberHandler.CHAT_MEMBER),
    MessageHandler(filters.UpdateType.EDITED_MESSAGE & ~OTHERS_WORDS, edited_message),
    *(CommandHandler(name, callback, _NEW) for name, callback in COMMANDS.items()),
    CommandHandler(LATER, not_there_yet, _NEW),
    # Behind every known command: whatever else begins with a slash.
    MessageHandler(_NEW & filters.COMMAND, unknown_command),
    # Before receipts: the name of a file tells a statement.
    MessageHandler(_NEW & STATEMENTS, import_file),
    MessageHandler(_NEW & _FILES, receipt_message),
    MessageHandler(_NEW & filters.VOICE, voice_note),
    MessageHandler(_NEW & filters.CAPTION, text_message),
    MessageHandler(_NEW & filters.ChatType.PRIVATE & filters.LOCATION, location_message),
    MessageHandler(_NEW & filters.ChatType.PRIVATE & _WORDLESS, wordless),
)


def build_handlers(allowed_users: frozenset[int]) -> tuple[Handler, ...]:
    """Return the handlers of an installation; without allowed users everybody is let in."""
    return (RefuseOthers(allowed_users), *HANDLERS) if allowed_users else HANDLERS
