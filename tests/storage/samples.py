"""Values to store: a plain entry, a plain act, and what only differs where a test cares."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from ledger.chats import Chat, Member
from ledger.entries.changes import Operation
from ledger.entries.entry import Converted, Entry
from ledger.money import Money
from ledger.settings import Settings
from ports.messages import Action, Button, Outgoing, Reply
from ports.queue import InboxMessage
from ports.repositories import Repositories

NOW = datetime(2026, 11, 20, 18, 30, 15, 123456, tzinfo=UTC)
TODAY = NOW.date()
CHAT, ANN, BOB = 1001, 1, 2
SETTINGS = Settings(currency="EUR", timezone="Europe/Berlin", language="de-DE")

_numbers = itertools.count(1)


def money(amount: str, currency: str = "EUR") -> Money:
    return Money(Decimal(amount), currency)


def same(value: Money, on: date = TODAY) -> Converted:
    """An amount in the ledger's own currency."""
    return Converted(value, Decimal(1), on)


def entry(ledger_id: int, amount: str = "4.50", **fields: Any) -> Entry:  # noqa: ANN401  # any field
    number = next(_numbers)
    typed = fields.pop("money", money(amount))
    values: dict[str, Any] = {
        "id": f"entry{number:06}",
        "ledger_id": ledger_id,
        "type": "expense",
        "money": typed,
        "spent_on": TODAY,
        "note": "coffee",
        "category": "eating_out",
        "paid_by": ANN,
        "source": "text",
        "source_key": f"tg:{CHAT}:{number}:{0}",
        "created_at": NOW,
        "updated_at": NOW,
        "base": same(typed) if typed.currency == "EUR" else None,
    }
    return Entry(**{**values, **fields})


def operation(chat: Chat, name: str, verb: str = "capture", **fields: Any) -> Operation:  # noqa: ANN401  # any field
    values: dict[str, Any] = {"user_id": ANN, "at": NOW, "undoes": None}
    return Operation(
        id=name,
        ledger_id=chat.ledger.id,
        verb=verb,
        **{**values, **fields},
    )


def open_chat(repositories: Repositories, chat_id: int = CHAT) -> Chat:
    """A chat with a ledger and Ann in it."""
    chat = repositories.chats.add(chat_id, "private", "Ann", SETTINGS, NOW)
    repositories.chats.see(chat, Member(ANN, "Ann"), NOW)
    return chat


def outgoing(message_key: str, text: str = "hi", **fields: Any) -> Outgoing:  # noqa: ANN401  # any field
    reply = fields.pop("reply", Reply(text))
    return Outgoing(**{"chat_id": CHAT, "message_key": message_key, "reply": reply, **fields})


def press(label: str, verb: str, *args: Any) -> Button:  # noqa: ANN401  # any field
    return Button(label, Action(verb, args))


def update(
    number: int, partition: int = CHAT, body: str = '{"text":"coffee 4.50"}'
) -> InboxMessage:
    return InboxMessage(f"u{number}", partition, body)
