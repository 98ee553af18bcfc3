"""A message that somebody types: parsed, as a correction, as a command, as a filter."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product

from ledger.errors import InputError
from ledger.money import AMOUNT_MAX, is_currency, minor_digits
from ledger.text.budget_words import parse_budget
from ledger.text.commands import find_command
from ledger.text.correction import parse_correction
from ledger.text.filter_words import FilterContext, parse_filter
from ledger.text.message import parse_message
from ledger.text.model import ChatKind, ParsedEntry, TextContext

SENT_AT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
LANGUAGES = ("en", "de", "fr", "ja", "ar", "hi", "ru", "pt-BR")
KINDS: tuple[ChatKind, ...] = ("private", "group")
CONTEXTS = tuple(
    TextContext(kind, currency, SENT_AT, language=language, categories=("food", "rent"))
    for language, currency, kind in product(LANGUAGES, ("EUR", "JPY", "KWD"), KINDS)
)
SEEDS = tuple(
    bytes([number]) + text.encode()
    for number, text in enumerate(
        (
            "coffee 4.50",
            "Kaffee 4,50 gestern #büro",
            "taxi 18 + tip 2\nlunch 12.30 yesterday",
            "salary +2,500.00 EUR on 1 Nov",
            "12k rent 850 3x 1'000.00",
            "ラーメン 980円",
            "قهوة ٤٫٥٠",
            "undo",
            "/budget food 400 per week",
            "25 instead of 20, category food",
            "12.05.2026 hotel 99,90 USD paid by Ann",
        )
    )
)


def enter(data: bytes) -> None:
    """Read the bytes behind the first one as a text; the first one chooses the chat."""
    context = CONTEXTS[data[0] % len(CONTEXTS)] if data else CONTEXTS[0]
    text = data[1:].decode("utf-8", "replace")
    parsed = parse_message(text, context)
    for entry in parsed.entries:
        check_entry(entry, context)
    parse_correction(text, context)
    find_command(text, context)
    parse_budget(text, context)
    filtering = FilterContext(context, lambda _: None, lambda _: None, {"ann": 7})
    try:
        parse_filter(text, filtering)
    except InputError:
        return


def check_entry(entry: ParsedEntry, context: TextContext) -> None:
    """Check what must hold for every entry, whatever was typed."""
    amount, exponent = entry.amount, entry.amount.as_tuple().exponent
    assert amount.is_finite(), amount
    assert 0 < amount <= AMOUNT_MAX, amount
    assert is_currency(entry.currency), entry.currency
    assert isinstance(exponent, int)
    assert -exponent <= minor_digits(entry.currency), amount
    assert entry.type in {"expense", "income"}
    assert abs((entry.on - context.today).days) < 200 * 366, entry.on
