"""What people tell the bot beside entries: thanks, debts, and money that they got."""

from __future__ import annotations

from dataclasses import replace

from ledger.text.choice import Pick
from ledger.text.entries import has_income_word
from ledger.text.line import Line, Scene, cut_line
from ledger.text.model import AskOption, ParsedEntry, ReasonId
from ledger.text.parts import Range
from ledger.text.reading import read_lines
from ledger.text.talk import listen

COURTESY_MAX = 40
"""Characters up to which a word of thanks or greeting is all that a text says."""


def courtesy(scene: Scene) -> ReasonId | None:
    """Name what a few words to the bot say that greet or thank: they get a kind answer."""
    context = scene.context
    if context.command or not context.spoken_to or len(scene.shaped) > COURTESY_MAX:
        return None
    for line in read_lines(scene):
        for at in range(len(line.tokens)):
            if line.role(at, "thanks"):
                return "thanks"
            if line.role(at, "greeting"):
                return "greeting"
    return None


def offers(lines: list[Line], entries: tuple[ParsedEntry, ...]) -> tuple[AskOption, ...]:
    """Offer entries as they were read; where somebody got something, as income too."""
    got = any(line.role(at, "receiving") for line in lines for at in range(len(line.tokens)))
    if not got or any(entry.type == "income" for entry in entries):
        return (AskOption(entries),)
    return AskOption(entries), AskOption(tuple(replace(e, type="income") for e in entries))


def is_told_part(line: Line, part: Range, pick: Pick) -> bool:
    """Say whether a part is a sentence with a subject and a verb, without a sign of money."""
    amount = pick.amount
    if amount.currency or amount.sign or amount.exact or has_income_word(line, part):
        return False
    talk = listen([cut_line(line, part)])
    return talk.subject and talk.verb and not talk.paid
