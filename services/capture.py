"""Capture: typed words become entries, a question, or a refusal that says why."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from ledger.budget import Alert
from ledger.entry import Entry, Origin
from ledger.money import Money
from ledger.text import Ask, Parsed, ParsedEntry, parse_message
from ports.answers import Asked, Booked, Captured, Refused, Remark
from ports.repositories import Repositories
from services.booking import Booking, Draft, converted
from services.history import begin
from services.ids import new_id
from services.incoming_text import IncomingText
from services.questions import Questions


@dataclass(frozen=True, slots=True)
class Capture:
    """Books what people type."""

    booking: Booking
    questions: Questions

    def from_text(
        self, repositories: Repositories, written: IncomingText, *, now: datetime
    ) -> Captured:
        """Read a message and book what it plainly says; ask what it leaves open."""
        parsed = parse_message(written.text, written.context())
        if parsed.outcome == "ignored":
            return Captured(silent=True)
        booked: tuple[Booked, ...] = ()
        alerts: tuple[Alert, ...] = ()
        if parsed.entries:
            recorder = begin(repositories, written.chat, written.user_id, "capture", now)
            found = [
                draft_of(written, entry, position, now)
                for position, entry in enumerate(parsed.entries)
            ]
            booked, alerts = self.booking.book(repositories, written.chat, found, recorder, now=now)
            recorder.write()
        asked = (self._ask(repositories, written, parsed.ask, now),) if parsed.ask else ()
        return Captured(booked=booked, refused=_refused(parsed), asked=asked, alerts=alerts)

    def _ask(
        self, repositories: Repositories, written: IncomingText, ask: Ask, now: datetime
    ) -> Asked:
        options = []
        for choice in ask.options:
            found = [
                draft_of(written, entry, position, now)
                for position, entry in enumerate(choice.entries)
            ]
            options.append(tuple(draft.entry for draft in found))
        chat, user_id = written.chat, written.user_id
        asked = self.questions.ask(repositories, chat, user_id, ask.kind, options, now=now)
        return replace(asked, words=ask.words)


def draft_of(written: IncomingText, parsed: ParsedEntry, position: int, now: datetime) -> Draft:
    """Turn an understood entry into one that can be booked."""
    money = Money(parsed.amount, parsed.currency)
    entry = Entry(
        id=new_id(now),
        ledger_id=written.chat.ledger_id,
        type="income" if written.income else parsed.type,
        money=money,
        spent_on=parsed.on,
        note=parsed.note,
        category="" if written.income else written.category_id(parsed.category),
        paid_by=written.user_id,
        source="text",
        origin=Origin(written.chat.chat_id, written.message_id, position),
        created_at=now,
        updated_at=now,
        tags=parsed.tags,
        base=converted(money, written.chat, parsed.on),
    )
    return Draft(entry, tuple(Remark(r.id, dict(r.values)) for r in parsed.remarks))


def _refused(parsed: Parsed) -> tuple[Refused, ...]:
    refused = tuple(
        Refused(r.words, r.reason, {k: str(v) for k, v in r.values.items()})
        for r in parsed.refusals
    )
    if not refused and parsed.outcome == "refused":
        return (Refused("", parsed.why.id if parsed.why else "not_understood", {}),)
    return refused
