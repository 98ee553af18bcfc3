"""The grammar as a table sees it: a text in, one short line out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

import pytest

from bot.cli.read_texts import is_known_note
from ledger.text import Parsed, ParsedEntry, TextContext, parse_message

# A chat of each language as it would be set up: currency and time zone.
CHATS = {
    "en": ("EUR", "Europe/Dublin"),
    "de": ("EUR", "Europe/Berlin"),
    "es": ("EUR", "Europe/Madrid"),
    "fr": ("EUR", "Europe/Paris"),
    "it": ("EUR", "Europe/Rome"),
    "pt": ("BRL", "America/Sao_Paulo"),
    "ru": ("RUB", "Europe/Moscow"),
    "uk": ("UAH", "Europe/Kyiv"),
    "pl": ("PLN", "Europe/Warsaw"),
    "tr": ("TRY", "Europe/Istanbul"),
    "zh": ("CNY", "Asia/Shanghai"),
    "ja": ("JPY", "Asia/Tokyo"),
    "hi": ("INR", "Asia/Kolkata"),
    "ar": ("SAR", "Asia/Riyadh"),
    "nl": ("EUR", "Europe/Amsterdam"),
    "sv": ("SEK", "Europe/Stockholm"),
    "nb": ("NOK", "Europe/Oslo"),
    "is": ("ISK", "Atlantic/Reykjavik"),
    "th": ("THB", "Asia/Bangkok"),
    "ko": ("KRW", "Asia/Seoul"),
    "vi": ("VND", "Asia/Ho_Chi_Minh"),
    "id": ("IDR", "Asia/Jakarta"),
    "fa": ("IRR", "Asia/Tehran"),
    "he": ("ILS", "Asia/Jerusalem"),
    "cs": ("CZK", "Europe/Prague"),
    "sk": ("EUR", "Europe/Bratislava"),
    "hu": ("HUF", "Europe/Budapest"),
    "el": ("EUR", "Europe/Athens"),
    "ro": ("RON", "Europe/Bucharest"),
    "fi": ("EUR", "Europe/Helsinki"),
    "hr": ("EUR", "Europe/Zagreb"),
    "in": ("IDR", "Asia/Jakarta"),
    "iw": ("ILS", "Asia/Jerusalem"),
}
THURSDAY = datetime(2026, 3, 12, 11, tzinfo=UTC)


def context(language: str = "en", **changes: object) -> TextContext:
    currency, timezone = CHATS[language.split("-", maxsplit=1)[0]]
    fields: dict[str, object] = {
        "chat_kind": "private",
        "currency": currency,
        "sent_at": THURSDAY,
        "language": language,
        "timezone": timezone,
        "is_known_note": partial(is_known_note, language=language),
    }
    return TextContext(**(fields | changes))  # type: ignore[arg-type]


def show_entry(entry: ParsedEntry, today: object) -> str:
    sign = "+" if entry.type == "income" else ""
    day = "" if entry.on == today else f" @{entry.on.isoformat()}"
    return f"{sign}{entry.amount} {entry.currency} <{entry.note}>{day}"


def show(parsed: Parsed, today: object) -> str:
    parts = [show_entry(entry, today) for entry in parsed.entries]
    parts += [f"bad {refusal.words!r} {refusal.reason}" for refusal in parsed.refusals]
    if parsed.ask:
        parts.append(f"ask {parsed.ask.kind}")
    if parsed.outcome in ("refused", "ignored") and parsed.why:
        first = f"{parsed.outcome} {parsed.why.id}"
        return " | ".join([first, *(p for p in parts if p.startswith("ask"))])
    return " | ".join(parts)


Say = Callable[..., str]


@pytest.fixture
def say() -> Say:
    """Read a text in a chat of a language and show what it means."""

    def read(text: str, language: str = "en", **changes: object) -> str:
        where = context(language, **changes)
        return show(parse_message(text, where), where.today)

    return read


@pytest.fixture
def chat() -> Callable[..., TextContext]:
    """Build the context of a chat of a language."""
    return context
