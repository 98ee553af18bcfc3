"""What people tell the bot beside entries: thanks, debts, and money that they got."""

from __future__ import annotations

from dataclasses import replace

from ledger.text.deciding.choice import Interpretation
from ledger.text.deciding.entries import has_income_word
from ledger.text.deciding.speech import gather_speech
from ledger.text.lines.line import ParseContext, TextLine, cut_line
from ledger.text.lines.parts import Range
from ledger.text.lines.reading import read_lines
from ledger.text.model import AskOption, ParsedEntry, ReasonId

SMALLTALK_MAX = 40
"""Characters up to which a word of thanks or greeting is all that a text says."""


def smalltalk(context: ParseContext) -> ReasonId | None:
    """Name what a few words to the bot say that greet or thank: they get a kind answer."""
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


def offers(lines: list[TextLine], entries: tuple[ParsedEntry, ...]) -> tuple[AskOption, ...]:
    """Offer entries as they were read; where somebody got something, as income too."""
    got = any(line.role(at, "receiving") for line in lines for at in range(len(line.tokens)))
    if not got or any(entry.type == "income" for entry in entries):
        return (AskOption(entries),)
    return AskOption(entries), AskOption(tuple(replace(e, type="income") for e in entries))


def is_narrative_part(line: TextLine, part: Range, interpretation: Interpretation) -> bool:
    """Say whether a part is a sentence with a subject and a verb, without a sign of money."""
    amount = interpretation.amount
    if amount.currency or amount.sign or amount.exact or has_income_word(line, part):
        return False
    speech = gather_speech([cut_line(line, part)])
    return speech.subject and speech.verb and not speech.paid
