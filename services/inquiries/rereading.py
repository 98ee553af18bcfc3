"""Have a question that the grammar could not read read by a language model.

The person is answered at once that it was not understood. Where the chat allows it, a job asks a model,
which gets the question and the names of categories, shops and tags; the figures then come from the same
code as for every query, and state how the question was read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ledger.categories import GROUPS, SPENDING
from ledger.chats import Chat
from ledger.errors import UnavailableError
from ledger.inquiries import Query
from ledger.inquiries.answers import InquiryDeclined
from ledger.inquiries.wire import load_query, query_fields
from ledger.periods.days import day_of
from ports.answers import Captured
from ports.external_ai import AskableNames, QuestionReader
from ports.jobs import QuestionRead, ReadQuestion, new_job
from ports.queue import Job, NewJob
from ports.repositories import Repositories
from ports.units import UnitOfWorkFactory
from services.texts.incoming_text import IncomingText

TEXT_MAX = 300
NAMES_MAX = 1000
"""The latest entries whose shops and tags a model is told."""
SHOPS_MAX = 150


def reread_question(
    chat: Chat, user_id: int, incoming: IncomingText, answer: object, message_key: str
) -> NewJob | None:
    """Return the job that has a question read again; None for every other answer.

    `message_key` is the answer that it was not understood.
    """
    if not _is_misread(answer) or len(incoming.text) > TEXT_MAX:
        return None
    job = ReadQuestion(incoming.text, user_id, incoming.source, incoming.sent_at, message_key)
    return new_job(job, message_key, chat.chat_id)


def _is_misread(answer: object) -> bool:
    """Return whether the words ask for something that the grammar could not read."""
    if isinstance(answer, InquiryDeclined):
        return answer.reason == "not_a_question"
    if not isinstance(answer, Captured) or answer.booked or answer.asked:
        return False
    return [one.reason for one in answer.refused] == ["question"]


@dataclass(frozen=True, slots=True)
class InquiryRereader:
    """Asks a language model what a question means."""

    units: UnitOfWorkFactory
    reader: QuestionReader

    async def run(self, job: ReadQuestion, claim: Job) -> QuestionRead | None:
        """Return the event with the query, None where the model sees none."""
        chat_id = claim.partition
        assert chat_id is not None
        found = await self.units.read(lambda repositories: _find(repositories, chat_id))
        # Checked again, because the chat may have been forgotten or closed to models since.
        if found is None or found[0].settings.local_only:
            return None
        chat, names = found
        settings = chat.settings
        try:
            fields = await self.reader.read_question(
                job.text,
                today=day_of(job.sent_at, settings.timezone),
                language=settings.language,
                names=names,
                chat_id=chat_id,
            )
        except UnavailableError:
            return None
        query = check(fields, names) if fields else None
        if query is None:
            return None
        return QuestionRead(job.user_id, job.source, job.message_key, query_fields(query))


def _find(repositories: Repositories, chat_id: int) -> tuple[Chat, AskableNames] | None:
    place = repositories.chats.find(chat_id)
    if place is None:
        return None
    ledger_id, own = place.chat.ledger.id, place.chat.settings.categories
    merchants, tags = repositories.entries.named(ledger_id, NAMES_MAX)
    categories = (*GROUPS, *SPENDING, *(one.id for one in own))
    return place.chat, AskableNames(categories, tuple(merchants[:SHOPS_MAX]), tuple(tags))


def check(fields: Mapping[str, Any], names: AskableNames) -> Query | None:
    """Return the query that a model read; None where it is none, or names what the chat does not know.

    A shop that the chat does not know is looked for as words, since those find nothing silently.
    """
    try:
        query = load_query(fields)
    except ValueError:
        return None
    which = query.filter
    # A model is not told the names of members, so one that it gives is made up.
    if any(scope not in names.categories for scope in which.scopes) or which.member:
        return None
    if which.tag and which.tag not in names.tags:
        return None
    if which.merchant and which.merchant not in names.merchants:
        which = replace(which, merchant="", words=which.merchant.casefold())
    return replace(query, filter=which)
