"""Words that the grammar refused, read by a model: never booked unasked, only offered.

The refusal is said at once. Where the chat allows it, a job asks a model, and its event turns the
refusal into a question: "did you mean …?". A model that is away, slow or wrong changes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from ledger.days import day_of
from ledger.entry import Entry
from ledger.errors import UnavailableError
from ledger.money import Money, minor_digits
from ledger.source_keys import source_key, telegram_source
from ports.answers import Asked, Captured
from ports.external_ai import ExtractedEntry, TextExtractor
from ports.messages import Json
from ports.queue import Job, NewJob
from ports.units import UnitOfWorkFactory
from services.ids import new_id
from services.scope import Scope
from services.texts.incoming_text import IncomingText
from services.texts.questions import Questions

KIND = "words"
QUESTION = "did_you_mean"
TEXT_MAX = 1000
HOPELESS = frozenset(
    {
        "empty",
        "no_amount",
        "zero",
        "limit",
        "too_long",
        "too_many",
        "question",
        "code",
        "link",
        "poll",
        "phone",
        "future_date",
        "other_command",
        "chatter",
        "greeting",
        "thanks",
    }
)
"""Reasons that were understood well enough: a second reader has nothing to add."""


def rereading(
    scope: Scope, written: IncomingText, answer: Captured, key: str, handle: str
) -> NewJob | None:
    """Return the job that has refused words read again; None where that makes no sense."""
    plain_refusal = len(answer.refused) == 1 and not (answer.booked or answer.asked)
    if not plain_refusal or answer.refused[0].reason in HOPELESS:
        return None
    if len(written.text) > TEXT_MAX or not any(char.isdigit() for char in written.text):
        return None
    values: dict[str, Json] = {
        "text": written.text,
        "user_id": scope.actor,
        "source": written.source,
        "sent_at": written.sent_at.isoformat(),
        "handle": handle,
    }
    return NewJob(
        f"{KIND}:{key}",
        KIND,
        values,
        partition=scope.repositories.chats.of_ledger(scope.ledger.id).chat_id,
    )


@dataclass(frozen=True, slots=True)
class WordsJob:
    """Asks a model what refused words mean."""

    units: UnitOfWorkFactory
    reader: TextExtractor

    async def run(self, job: Job) -> str | None:
        """Return the event with what was understood, None when that is nothing."""
        lane = job.partition
        assert lane is not None
        place = await self.units.read(lambda repositories: repositories.chats.find(lane))
        if place is None or place.chat.settings.local_only:
            return None
        settings = place.chat.settings
        sent_at = datetime.fromisoformat(str(job.values["sent_at"]))
        try:
            said = await self.reader.read(
                str(job.values["text"]),
                today=day_of(sent_at, settings.timezone),
                currency=settings.currency,
                language=settings.language,
                chat_id=lane,
            )
        except UnavailableError:
            return None
        values = {name: value for name, value in job.values.items() if name != "text"}
        entries = [_fields(one) for one in said]
        event = {"event": "words_read", **values, "entries": entries}
        return json.dumps(event, ensure_ascii=False) if entries else None


def offer(scope: Scope, questions: Questions, event: Mapping[str, Any]) -> Asked | None:
    """Ask whether the entries that a model read are meant; None when none can be booked."""
    made = []
    for position, fields in enumerate(event["entries"]):
        entry = _entry(scope, event, fields, position)
        if entry is not None:
            made.append(entry)
    if not made:
        return None
    options = [tuple(made)] if len(made) == 1 else [tuple(made), *((entry,) for entry in made)]
    return questions.ask(scope.with_actor(int(event["user_id"])), QUESTION, options)


def _fields(said: ExtractedEntry) -> dict[str, str | None]:
    return {
        "type": said.type,
        "amount": str(said.amount),
        "note": said.note,
        "currency": said.currency,
        "on": said.on.isoformat() if said.on else None,
    }


def _entry(
    scope: Scope, event: Mapping[str, Any], fields: Mapping[str, Any], position: int
) -> Entry | None:
    """Return the entry of one thing said; None when its amount is none of that currency."""
    currency = fields["currency"] or scope.settings.currency
    amount = Decimal(fields["amount"])
    scaled = amount.quantize(Decimal(1).scaleb(-minor_digits(currency)))
    if scaled != amount or not amount:
        return None
    money = Money(scaled, currency)
    sent_at = datetime.fromisoformat(str(event["sent_at"]))
    today = scope.ledger.today(sent_at)
    on = date.fromisoformat(fields["on"]) if fields["on"] else today
    return Entry(
        id=new_id(scope.now),
        ledger_id=scope.ledger.id,
        type=fields["type"],
        money=money,
        spent_on=on,
        note=fields["note"],
        category="",
        paid_by=int(event["user_id"]),
        source="text",
        source_key=_source_key(scope, event, position),
        created_at=scope.now,
        updated_at=scope.now,
    )


def _source_key(scope: Scope, event: Mapping[str, Any], position: int) -> str:
    """Return the key of an entry; events of the first release name the message alone."""
    source = event.get("source")
    if source is None:
        chat = scope.repositories.chats.of_ledger(scope.ledger.id)
        source = telegram_source(chat.chat_id, int(event["message_id"]))
    return source_key(str(source), position)
