"""Store the entry that each button of a question would book, as JSON."""

from __future__ import annotations

from datetime import datetime

from ledger.entries.changes import entry_fields, with_fields
from ledger.entries.entry import Entry
from ledger.entries.source_keys import source_key, telegram_source
from ledger.money import Money
from ports.messages import Json


def to_json(entry: Entry) -> dict[str, Json]:
    """Write a draft down."""
    return {
        "fields": entry_fields(entry),
        "source": entry.source,
        "source_key": entry.source_key,
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
        source_key=_key_of(value),
        created_at=now,
        updated_at=now,
    )
    return with_fields(blank, fields, now=now)


def _key_of(value: dict[str, Json]) -> str:
    """Return the source key; questions of the first release keep the parts of a Telegram key."""
    if "source_key" in value:
        return str(value["source_key"])
    chat_id, message_id, position = (
        int(str(value[name])) for name in ("chat_id", "message_id", "position")
    )
    return source_key(telegram_source(chat_id, message_id), position)
