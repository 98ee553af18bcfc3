"""Entries that are not booked yet, as JSON inside a question: what each button would book."""

from __future__ import annotations

from datetime import datetime

from ledger.changes import entry_fields, with_fields
from ledger.entry import Entry, Origin
from ledger.money import Money
from ports.messages import Json


def to_json(entry: Entry) -> dict[str, Json]:
    """Write a draft down."""
    return {
        "fields": entry_fields(entry),
        "source": entry.source,
        "chat_id": entry.origin.chat_id,
        "message_id": entry.origin.message_id,
        "position": entry.origin.position,
    }


def from_json(value: dict[str, Json], *, entry_id: str, ledger_id: int, now: datetime) -> Entry:
    """Read a draft back as an entry of this ledger, written now."""
    fields = value["fields"]
    assert isinstance(fields, dict)
    currency = str(fields["currency"])
    blank = Entry(
        id=entry_id,
        ledger_id=ledger_id,
        type="expense",
        money=Money.of_minor(0, currency),
        spent_on=now.date(),
        note="",
        category="",
        paid_by=0,
        source=value["source"],  # type: ignore[arg-type]
        origin=Origin(_int(value["chat_id"]), _int(value["message_id"]), _int(value["position"])),
        created_at=now,
        updated_at=now,
    )
    return with_fields(blank, fields, now=now)


def _int(value: Json) -> int:
    assert isinstance(value, int)
    return value
