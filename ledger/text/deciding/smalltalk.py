"""Recognise thanks and greetings to the bot, which get a kind answer and no figure."""

from __future__ import annotations

from ledger.text.lines.line import ParseContext
from ledger.text.lines.reading import read_lines
from ledger.text.model import ReasonId

SMALLTALK_MAX = 40
"""Characters up to which a word of thanks or greeting is the whole text."""


def find_smalltalk(context: ParseContext) -> ReasonId | None:
    """Return whether a few words to the bot thank or greet, None if they do neither."""
    chat = context.chat
    if chat.command or not chat.spoken_to or len(context.shaped) > SMALLTALK_MAX:
        return None
    for line in read_lines(context):
        for at in range(len(line.tokens)):
            if line.role(at, "thanks"):
                return "thanks"
            if line.role(at, "greeting"):
                return "greeting"
    return None
