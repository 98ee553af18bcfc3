"""Read typed words as the answer to a question."""

from __future__ import annotations

from ledger.money import Money
from ledger.questions import Question
from ledger.text import Correction, parse_correction
from services.scope import Scope
from services.texts.incoming_text import IncomingText

HOW_MUCH = "how_much"
"""Kind of the question for the amount of a note."""
ASKED_FIELDS = {
    HOW_MUCH: "total",
    "receipt_amount": "total",
    "receipt_total": "total",
    "receipt_date": "date",
    "receipt_currency": "currency",
    "receipt_merchant": "merchant",
}
"""The field of its draft that a question is about; typed words answer it."""


def read_answer(scope: Scope, incoming: IncomingText, question: Question) -> Correction | None:
    """Read typed words as the answer to a question; None when they say nothing of the kind.

    A day may be typed without its last point: `12.11` answers the question about a day as `12.11.`
    does, and never as an amount.
    """
    context = incoming.context(scope.settings)
    words = parse_correction(incoming.text, context)
    if ASKED_FIELDS.get(question.kind) != "date" or words is None or words.on is not None:
        return words
    dated = parse_correction(incoming.text.strip() + ".", context)
    return dated if dated is not None and dated.on is not None else words


def is_worded_answer(scope: Scope, incoming: IncomingText, question: Question) -> bool:
    """Return whether words without an amount tell what the question about a receipt is for."""
    if question.kind == HOW_MUCH or question.kind not in ASKED_FIELDS:
        return False
    words = read_answer(scope, incoming, question)
    return words is not None and bool(words.on or words.currency or words.merchant)


def read_value(scope: Scope, incoming: IncomingText, question: Question) -> Correction | None:
    """Read typed words as the value that a button asked for; None when they are none."""
    words = " ".join(incoming.text.split())
    if question.kind == "prompt_merchant":
        return Correction(merchant=words) if words else None
    if question.kind == "prompt_note":
        return Correction(note=words) if words else None
    found = parse_correction(incoming.text, incoming.context(scope.settings))
    return found if found is not None and found.amount is not None else None


def says(words: Correction, field: str) -> bool:
    """Return whether words tell the field that was asked for."""
    said = {"date": words.on, "currency": words.currency, "merchant": words.merchant}
    return said.get(field, words.amount) is not None


def is_meant(option: object, words: Correction) -> bool:
    """Return whether typed words name the amount of an option, and nothing that it lacks."""
    assert isinstance(option, dict)
    fields = option["fields"]
    money = Money.of_minor(fields["amount_minor"], fields["currency"])
    return words.amount == money.amount and words.currency in (None, money.currency)
