"""A question about the ledger, in each language that has words for it."""

from __future__ import annotations

from datetime import UTC, datetime

from ledger.inquiries.query import Understood
from ledger.inquiries.reading import InquiryContext, Names, read_followup, read_inquiry
from ledger.inquiries.wire import load_query, query_fields
from ledger.text.model import TextContext

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
LANGUAGES = ("en", "de", "fr", "es", "ja", "ar", "tr", "zh")
NAMES = Names({"food": "food", "rent": "housing"}, ("EDEKA", "1&1"), ("Ann", "Bo"), ("office",))
CONTEXTS = tuple(
    InquiryContext(TextContext("private", "EUR", NOW, language, command=True), NAMES)
    for language in LANGUAGES
)
SEEDS = tuple(
    bytes([number]) + text.encode()
    for number, text in (
        (0, "how much did I spend on coffee this month?"),
        (0, "average per week since March by category"),
        (0, "biggest expenses over 100 at EDEKA last year compared with 2024"),
        (1, "Wie viel haben wir letzte Woche für Essen ausgegeben?"),
        (1, "was war der teuerste Einkauf im Mai"),
        (2, "combien en janvier"),
        (4, "今月のコーヒーはいくら"),
        (0, "and last month?"),
    )
)


def enter(data: bytes) -> None:
    """Read the bytes behind the first one as a question; the first one chooses the language."""
    context = CONTEXTS[data[0] % len(CONTEXTS)] if data else CONTEXTS[0]
    text = data[1:].decode("utf-8", "replace")
    inquiry = read_inquiry(text, context)
    if isinstance(inquiry, Understood):
        assert load_query(query_fields(inquiry.query)) == inquiry.query
    read_followup(text, context)
