"""`d.m.` with its closing stop is a day in every language, as long as another number is the amount."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from ledger.text import TextContext, parse_message

SENT_AT = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
TODAY = date(2026, 11, 21)


@pytest.mark.parametrize("language", ["en", "en-US", "de", "fr", "es", "ja"])
@pytest.mark.parametrize(
    ("text", "amount", "on"),
    [
        # Behind the amount and in front of it.
        ("groceries 84.20 6.11.", "84.20", date(2026, 11, 6)),
        ("12.03. coffee 4.50", "4.50", date(2026, 3, 12)),
        # The only number is the amount, stop or not.
        ("paid 12.50.", "12.50", TODAY),
    ],
)
def test_a_day_with_a_stop_is_a_day_where_another_number_is_the_amount(
    language: str, text: str, amount: str, on: date
) -> None:
    context = TextContext(
        chat_kind="private",
        currency="EUR",
        language=language,
        timezone="UTC",
        categories=(),
        sent_at=SENT_AT,
        addressed=False,
        command=False,
    )
    (entry,) = parse_message(text, context).entries
    assert (entry.amount, entry.on) == (Decimal(amount), on)
