"""Have texts that the grammar refused read by a language model, and offer its reading.

The refusal is sent at once. Where the chat allows it, a job asks a model, and its event turns the
refusal into a question, "did you mean …?". Nothing is booked unasked, and without an answer of the
model nothing changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from ledger.chats import Chat
from ledger.entries.entry import Entry
from ledger.entries.source_keys import source_key
from ledger.errors import UnavailableError
from ledger.money import AMOUNT_MAX, Money, minor_digits
from ledger.periods.days import day_of
from ports.answers import Asked, Captured
from ports.external_ai import ExtractedEntry, TextExtractor
from ports.jobs import RereadText, TextReread, new_job
from ports.queue import Job, NewJob
from ports.units import UnitOfWorkFactory
from services.ids import new_id
from services.scope import Scope
from services.texts.incoming_text import IncomingText
from services.texts.questions import Questions

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


def reread_text(
    chat: Chat, user_id: int, incoming: IncomingText, answer: Captured, message_key: str
) -> NewJob | None:
    """Return the job that has a refused text read again; None where that makes no sense.

    `message_key` is the refusal.
    """
    plain_refusal = len(answer.refused) == 1 and not (answer.booked or answer.asked)
    if not plain_refusal or answer.refused[0].reason in HOPELESS:
        return None
    # Without a digit there is no amount to find, and a call costs money.
    if len(incoming.text) > TEXT_MAX or not any(char.isdigit() for char in incoming.text):
        return None
    job = RereadText(incoming.text, user_id, incoming.source, incoming.sent_at, message_key)
    return new_job(job, message_key, chat.chat_id)


@dataclass(frozen=True, slots=True)
class TextRereader:
    """Asks a language model what a refused text means."""

    units: UnitOfWorkFactory
    reader: TextExtractor

    async def run(self, job: RereadText, claim: Job) -> TextReread | None:
        """Return the event with the extracted entries, None when there are none."""
        chat_id = claim.partition
        assert chat_id is not None
        place = await self.units.read(lambda repositories: repositories.chats.find(chat_id))
        # Checked again, because the chat may have been forgotten or closed to models since.
        if place is None or place.chat.settings.local_only:
            return None
        settings = place.chat.settings
        try:
            entries = await self.reader.read(
                job.text,
                today=day_of(job.sent_at, settings.timezone),
                currency=settings.currency,
                language=settings.language,
                chat_id=chat_id,
            )
        except UnavailableError:
            return None
        # The text itself stays with the job: the event needs it no longer.
        read = TextReread(job.user_id, job.source, job.sent_at, job.message_key, tuple(entries))
        return read if entries else None


def offer(scope: Scope, questions: Questions, event: TextReread) -> Asked | None:
    """Ask whether the entries that a model read are meant; None when none can be booked."""
    # An edit may have said by now what was meant.
    if scope.repositories.conversations.version(scope.ledger.id, event.source):
        return None
    made = []
    for position, found in enumerate(event.entries):
        entry = _entry(scope, event, found, position)
        if entry is not None:
            made.append(entry)
    if not made:
        return None
    # Several entries can be booked together or one by one, since a model may have invented some.
    options = [tuple(made)] if len(made) == 1 else [tuple(made), *((entry,) for entry in made)]
    return questions.ask(scope.with_actor(event.user_id), QUESTION, options)


def _entry(scope: Scope, event: TextReread, found: ExtractedEntry, position: int) -> Entry | None:
    """Return an extracted entry; None when its amount is none, or has too many digits."""
    currency = found.currency or scope.settings.currency
    # A model may say anything, and a person is asked only about what can be booked.
    if not 0 < found.amount <= AMOUNT_MAX:
        return None
    # Rounding would change an amount that nobody typed, so it is dropped instead.
    scaled = found.amount.quantize(Decimal(1).scaleb(-minor_digits(currency)))
    if scaled != found.amount:
        return None
    return Entry(
        id=new_id(scope.now),
        ledger_id=scope.ledger.id,
        type=found.type,
        money=Money(scaled, currency),
        spent_on=found.on or scope.ledger.today(event.sent_at),
        note=found.note,
        category="",
        paid_by=event.user_id,
        source="text",
        source_key=source_key(event.source, position),
        created_at=scope.now,
        updated_at=scope.now,
    )
