"""Groups: what speaks against recording words that were not addressed to the bot."""

from __future__ import annotations

from collections.abc import Sequence

from ledger.text.deciding.choice import Interpretation, stands_at_an_edge
from ledger.text.deciding.speech import Speech
from ledger.text.lines.line import Amount, TextLine
from ledger.text.lines.parts import Range
from ledger.text.model import ParsedEntry, ReasonId
from ledger.text.numbers.clock import HOURS, MINUTES

WORDS_MAX = 6
WORDS_MAX_WITH_CURRENCY = 10
POLL_MAX = 20
"""`+1` to `+20` without a currency answer a poll."""

_SYMBOLS = 0x2000
"""Code point from which on symbols such as emojis begin: they are a note too."""

NARRATIVE_WORDS = 2

_ALWAYS: tuple[ReasonId, ...] = ("phone", "score", "percent", "link")


def group_objection(
    lines: Sequence[TextLine],
    speech: Speech,
    interpreted: Sequence[tuple[TextLine, Range, Interpretation]],
    entries: Sequence[ParsedEntry],
) -> ReasonId | None:
    """Return why a group's message is chatter, or None if it is plainly entries."""
    with_currency = all(entry.currency_given for entry in entries)
    return (
        _speech_objection(speech, with_currency=with_currency)
        or _non_amount_objection(lines, with_currency=with_currency)
        or _entry_objection(interpreted, entries)
    )


def _speech_objection(speech: Speech, *, with_currency: bool) -> ReasonId | None:
    heard: tuple[tuple[ReasonId, bool], ...] = (
        ("question", speech.question),
        ("link", speech.link),
        ("code", "code" in speech.roles),
        ("chatter", bool(speech.roles & {"polite", "plan", "price"})),
        ("sentence", speech.verb),
        ("sentence", speech.sentence and not (speech.paid and with_currency)),
        ("sentence", speech.paid and not with_currency),
    )
    return next((reason for reason, is_so in heard if is_so), None)


def _non_amount_objection(lines: Sequence[TextLine], *, with_currency: bool) -> ReasonId | None:
    for line in lines:
        for non_amount in line.non_amounts:
            if non_amount.reason in _ALWAYS or (non_amount.reason == "time" and not with_currency):
                return non_amount.reason
    return None


def _entry_objection(
    interpreted: Sequence[tuple[TextLine, Range, Interpretation]], entries: Sequence[ParsedEntry]
) -> ReasonId | None:
    for (line, part, interpretation), entry in zip(interpreted, entries, strict=True):
        amount = interpretation.amount
        if reason := _note_objection(entry, amount) or _shape_objection(
            line, amount, interpretation
        ):
            return reason
        if amount.currency is None and not stands_at_an_edge(line, part, amount):
            return "middle"
        if _is_narrative(line, part, entry) or _is_recipe(line, part, amount):
            return "sentence"
    return None


def _note_objection(entry: ParsedEntry, amount: Amount) -> ReasonId | None:
    if not any(c.isalnum() or ord(c) > _SYMBOLS for c in entry.note):
        return "bare"
    limit = WORDS_MAX_WITH_CURRENCY if amount.currency else WORDS_MAX
    return "too_long" if len(entry.note.split()) > limit else None


def _shape_objection(
    line: TextLine, amount: Amount, interpretation: Interpretation
) -> ReasonId | None:
    """Object to a number that looks like a year, an hour, a price narrative, a score or a vote."""
    if reason := _time_objection(line, amount):
        return reason
    if not amount.computed and line.role_before(amount.start, "price_word"):
        return "chatter"  # tickets at 45€
    if amount.currency:
        return None
    whole = amount.decimals is None and not amount.computed
    if amount.sign == "+" and whole and amount.value <= POLL_MAX:
        return "poll"
    return "score" if amount.hyphen or (amount.slash and not interpretation.on) else None


def _time_objection(line: TextLine, amount: Amount) -> ReasonId | None:
    """Object to `class of 2010`, `there in 10`, `see you at 7`, in whatever language."""
    if amount.soft_reason == "year":
        return "year"
    if amount.plain is None or amount.plain > MINUTES:
        return None
    soon = line.fluent_before(amount.start, "soon_before")
    hour = amount.plain <= HOURS and line.role_before(amount.start, "time_before", "time_sure")
    return "time" if soon or hour else None


def _is_narrative(line: TextLine, part: Range, entry: ParsedEntry) -> bool:
    """Say whether an article and more than its noun lead the words: `the rent rose to 900€`."""
    first = next((i for i in range(*part) if line.is_word(i) and line.owners[i] != "day"), None)
    led = first is not None and line.role(first, "article") is not None
    return led and len(entry.note.split()) > NARRATIVE_WORDS


def _is_recipe(line: TextLine, part: Range, amount: Amount) -> bool:
    """Say whether a count leads other quantities: `3 eggs and 200 g of flour`."""
    quantities = any(
        t.reason == "quantity" and part[0] <= t.start < part[1] for t in line.non_amounts
    )
    leads = not any(line.is_word(i) for i in range(part[0], amount.start))
    return quantities and leads and amount.plain is not None
