"""Filter messages of a group that no member of it wrote, which get no answer.

A forward quotes another person, a message `via` an inline bot was written by a program, and other
bots and channels have no expenses. An administrator who writes as the group itself is a person
(Bot API: `sender_chat` is the chat). In a private chat everything is meant for the bot: there a
forwarded receipt is a receipt.
"""

from __future__ import annotations

from telegram import Message, Update
from telegram.constants import ChatType
from telegram.ext import filters

from handlers.context import Context


class _OthersWords(filters.MessageFilter):
    """Passes messages of a group that no member of it has written."""

    def filter(self, message: Message) -> bool:
        """Return whether this message is to be passed over."""
        if message.chat.type == ChatType.PRIVATE:
            return False
        if message.forward_origin or message.is_automatic_forward or message.via_bot:
            return True
        if message.sender_chat:
            return message.sender_chat.id != message.chat.id
        return bool(message.from_user and message.from_user.is_bot)


OTHERS_WORDS = _OthersWords()


async def pass_over(update: Update, context: Context) -> None:
    """Do nothing; the chat is not even entered."""
