"""Define the draft of one receipt, with the confidence and evidence of its fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from ledger.receipt.known_shops import KnownShop

Kind = Literal["receipt", "refund", "not_a_receipt", "unreadable", "cut_off"]
"""`cut_off`: items but no total; `unreadable`: print that could not be read, or a script that this
installation lacks (`ReceiptDraft.missing`)."""
Field = Literal["merchant", "date", "total", "currency", "tax", "items"]
CurrencySource = Literal["printed", "place", "chat", "code"]
"""Where a currency comes from: its sign or code, the country, the chat, a fiscal QR code."""
Choices = tuple[Decimal, ...] | tuple[date, ...] | tuple[str, ...]
"""Values of one field to choose from."""


@dataclass(frozen=True, slots=True)
class ReceiptContext:
    """Facts of the chat that are known before its receipt is read.

    Attributes:
        now: when the picture was sent; the receipt's age is judged by it.
        language: ISO 639-1 of the chat.
        country: ISO 3166-1 alpha-2 of the chat, None if unknown.
        currency: ISO 4217 of the chat's ledger.
        brands: known merchants, fold_text of the name -> name as written ("": as it is read).
        shops: the shops whose names this chat corrected, the latest correction first.
        recent_currencies: ISO 4217 codes of the chat's latest receipts.
    """

    now: datetime
    language: str = "en"
    country: str | None = None
    currency: str = "EUR"
    brands: Mapping[str, str] = field(default_factory=dict)
    shops: tuple[KnownShop, ...] = ()
    recent_currencies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LineItem:
    """One line item; `price` is the line's price as printed, negative for discounts and returns."""

    name: str
    price: Decimal
    quantity: Decimal | None = None
    unit_price: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """One equation that the printed figures must fulfil, exactly, in minor units.

    `delta` is the amount missing on the right side, 0 when it holds; `name` is one of `items`,
    `subtotal_and_tax`, `cash_and_change`, `printed_twice`, `code`.
    """

    name: str
    passed: bool
    delta: Decimal


@dataclass(frozen=True, slots=True)
class ReceiptDraft:
    """One receipt as understood.

    Attributes:
        confidence: 0..1 per field; a field that is not there has none.
        evidence: the row of print that each field was taken from.
        sure: the bot may printed it without a question.
        asks: the fields to ask about otherwise, the most important first.
        candidates: values to offer as buttons for each field asked, the likeliest first, up to 4.
        marks: the fields that are booked unasked but shown as doubtful: a date that is missing (the
            entry is of the day of sending) or worn, a shop that may be another, the chat's currency
            where nothing on the paper tells it.
        alternatives: other values for each field marked, the likeliest first, up to 3.
        text: all recognised rows.
        missing: scripts on the page that cannot be read here.
    """

    kind: Kind
    merchant: str | None = None
    on: date | None = None
    total: Decimal | None = None
    currency: str | None = None
    currency_source: CurrencySource = "chat"
    tax: Decimal | None = None
    items: tuple[LineItem, ...] = ()
    checks: tuple[Check, ...] = ()
    confidence: Mapping[Field, float] = field(default_factory=dict)
    evidence: Mapping[Field, str] = field(default_factory=dict)
    sure: bool = False
    asks: tuple[Field, ...] = ()
    candidates: Mapping[Field, Choices] = field(default_factory=dict)
    marks: tuple[Field, ...] = ()
    alternatives: Mapping[Field, Choices] = field(default_factory=dict)
    text: str = ""
    missing: tuple[str, ...] = ()
