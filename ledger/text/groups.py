"""Groups: what speaks against recording words that were not addressed to the bot."""

from __future__ import annotations

from collections.abc import Sequence

from ledger.text.choice import Pick, stands_at_an_edge
from ledger.text.line import Line
from ledger.text.model import ParsedEntry, ReasonId
from ledger.text.parts import Range
from ledger.text.talk import Talk

WORDS_MAX = 6
WORDS_MAX_WITH_CURRENCY = 10
POLL_MAX = 20
"""`+1` to `+20` without a currency answer a poll."""

HOURS = 24

_ALWAYS: tuple[ReasonId, ...] = ("phone", "score", "percent", "link")


def group_objection(
    lines: Sequence[Line],
    talk: Talk,
    picked: Sequence[tuple[Line, Range, Pick]],
    entries: Sequence[ParsedEntry],
) -> ReasonId | None:
    """Return why a group's message is chatter, or None if it is plainly entries."""
    with_currency = all(entry.currency_given for entry in entries)
    return (
        _talk_objection(talk, with_currency=with_currency)
        or _thing_objection(lines, with_currency=with_currency)
        or _entry_objection(picked, entries)
    )


def _talk_objection(talk: Talk, *, with_currency: bool) -> ReasonId | None:
    if talk.question:
        return "question"
    if talk.link:
        return "link"
    if "code" in talk.roles:
        return "code"
    if talk.roles & {"polite", "plan", "price"}:
        return "chatter"
    if talk.verb:
        return "sentence"
    if "paid" in talk.roles:
        return None if with_currency else "sentence"
    return "sentence" if talk.sentence else None


def _thing_objection(lines: Sequence[Line], *, with_currency: bool) -> ReasonId | None:
    for line in lines:
        for thing in line.things:
            if thing.reason in _ALWAYS or (thing.reason == "time" and not with_currency):
                return thing.reason
    return None


def _entry_objection(
    picked: Sequence[tuple[Line, Range, Pick]], entries: Sequence[ParsedEntry]
) -> ReasonId | None:
    for (line, part, pick), entry in zip(picked, entries, strict=True):
        words = len(entry.note.split())
        amount = pick.amount
        if not any(c.isalnum() or ord(c) > 0x2000 for c in entry.note):
            return "bare"
        if (
            amount.currency is None
            and amount.sign == "+"
            and amount.decimals is None
            and amount.value <= POLL_MAX
        ):
            return "poll"
        if amount.currency is None and (amount.hyphen or (amount.slash and not pick.on)):
            return "score"
        hour = amount.plain is not None and amount.plain <= HOURS
        if hour and line.role_before(amount.start, "time_before", "time_sure"):
            return "time"  # in whatever language
        if not amount.computed and line.role_before(amount.start, "price_word"):
            return "chatter"  # tickets at 45€: told, not paid
        if words > (WORDS_MAX_WITH_CURRENCY if amount.currency else WORDS_MAX):
            return "too_long"
        if amount.currency is None and not stands_at_an_edge(line, part, amount):
            return "middle"
    return None
