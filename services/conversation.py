"""A word in the chat: a new entry, or the answer to something the bot said before."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from ports.answers import Captured, Corrected, Refused, WhichCategory, WhichEntry
from ports.messages import Subject
from ports.repositories import EntryFilter, Repositories
from services.capture import Capture
from services.corrections import Corrections
from services.incoming_text import IncomingText
from services.questions import Questions

CORRECTING = "reply_to_entry"
"""The reason that is said where a correction was typed, but no entry was answered."""
PLAIN = frozenset({"no_amount", "date_only", "leading_zero"})
"""Reasons of words that held nothing to book; the others say something better."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """Takes each text to the service that it is meant for."""

    capture: Capture
    corrections: Corrections
    questions: Questions

    def said(
        self,
        repositories: Repositories,
        written: IncomingText,
        reply_to: int | None,
        *,
        now: datetime,
    ) -> Captured | Corrected | WhichCategory | WhichEntry:
        """Take a reply as a correction or an answer where it can be one, else as a new entry."""
        if reply_to is not None:
            known = repositories.conversations.subject(written.chat.chat_id, reply_to)
            answer = self._answer(repositories, written, known[1], now) if known else None
            if known and isinstance(answer, Corrected):
                newest = repositories.conversations.confirmation(answer.booked.entry.id)
                handles = (known[0], newest.handle) if newest else (known[0],)
                return replace(answer, superseded=tuple(dict.fromkeys(handles)))
            if answer is not None:
                return answer
        said = self.capture.from_text(repositories, written, now=now)
        if reply_to is None and self._means_an_entry(repositories, written, said):
            return Captured(refused=(Refused("", CORRECTING, {}),))
        return said

    def _means_an_entry(
        self, repositories: Repositories, written: IncomingText, said: Captured
    ) -> bool:
        """Say whether words that recorded nothing would have corrected an entry, as a reply."""
        if said.booked or said.asked or [one.words for one in said.refused] != [""]:
            return False
        kind = said.refused[0].reason in PLAIN
        return kind and self.corrections.means_one(written) and _has_entries(repositories, written)

    def _answer(
        self, repositories: Repositories, written: IncomingText, subject: Subject, now: datetime
    ) -> Captured | Corrected | WhichCategory | WhichEntry | None:
        if subject.question_id:
            question = repositories.conversations.question(subject.question_id)
            return (
                self.questions.answer_typed(repositories, written, question, now=now)
                if question
                else None
            )
        if len(subject.entry_ids) == 1:
            return self.corrections.by_reply(repositories, written, subject.entry_ids[0], now=now)
        if subject.entry_ids and self.corrections.means_one(written):
            found = [
                repositories.entries.find(written.chat.ledger_id, i) for i in subject.entry_ids
            ]
            live = tuple(entry for entry in found if entry and not entry.deleted_at)
            return WhichEntry(live, written.text)
        return None


def _has_entries(repositories: Repositories, written: IncomingText) -> bool:
    """Say whether there is an entry that could be meant."""
    return bool(repositories.entries.page(written.chat.ledger_id, EntryFilter(), limit=1))
