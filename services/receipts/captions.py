"""Take captions of receipts, whose free text overrides what was read."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from ledger.entries.entry import Entry
from ledger.money import Money
from ledger.receipt import Field
from ledger.text import parse_correction, parse_message
from services.entries.changing import corrected
from services.scope import Scope
from services.texts.incoming_text import IncomingText

_DECIMALS = re.compile(r"\d[.,٫]\d")


def with_caption(
    scope: Scope, entry: Entry, incoming: IncomingText
) -> tuple[Entry, frozenset[Field]]:
    """Let the caption override the reading; return the fields that it settles.

    A caption that holds an entry (`lunch 12.50 yesterday`) sets what it names; any other text is
    the note.
    """
    if not incoming.text.strip():
        return entry, frozenset()
    parsed = parse_message(incoming.text, incoming.context(scope.settings))
    if len(parsed.entries) != 1:
        words = parse_correction(incoming.text, incoming.context(scope.settings))
        if words is not None and words.amount is None and words.note is None:
            settled: set[Field] = {"date"} if words.on else set()
            return corrected(scope, entry, words, incoming), frozenset(settled)
        return replace(entry, note=incoming.text.strip()), frozenset()
    said = parsed.entries[0]
    money = Money(said.amount, said.currency if said.currency_given else entry.money.currency)
    spent_on = said.on if said.date_given else entry.spent_on
    named: list[tuple[Field, bool]] = [
        ("total", True),
        ("date", said.date_given),
        ("currency", said.currency_given),
    ]
    answered = frozenset(field for field, is_said in named if is_said)
    return (
        replace(
            entry,
            # A caption can make an income of it; it need not repeat that a refund is one.
            type="income" if said.type == "income" else entry.type,
            money=money,
            spent_on=spent_on,
            note=said.note,
            tags=said.tags,
            category=incoming.category_id(said.category),
            marks=tuple(mark for mark in entry.marks if mark not in answered),
        ),
        answered,
    )


def is_in_passing(
    scope: Scope,
    entry: Entry,
    answered: frozenset[Field],
    incoming: IncomingText,
    read_total: Decimal | None,
) -> bool:
    """Return whether the amount of a caption may be a count: `dinner with 3 friends`, `3 bags`.

    It is a whole number without a currency, not the receipt's total, and either not in the place of
    an amount or in front of a countable thing.
    """
    text = incoming.text.strip()
    if "currency" in answered or entry.money.amount == read_total or _DECIMALS.search(text):
        return False
    if text[:1].isdigit() and entry.note:
        return True
    # Only the place of the number counts here, so every note is as good as a known one.
    stranger = replace(
        incoming.context(scope.settings),
        chat_kind="group",
        addressed=False,
        command=False,
        is_known_note=bool,
    )
    return bool(entry.note) and not parse_message(text, stranger).entries
