"""A word in the chat: a new entry, or the answer to something the bot said before."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ledger.queries import EntryFilter
from ledger.source_keys import telegram_message
from ports.answers import Captured, Corrected, Refused, WhichCategory, WhichEntry
from ports.messages import Subject
from services.entries.corrections import Corrections
from services.scope import Scope
from services.texts.capture import Capture
from services.texts.incoming_text import IncomingText
from services.texts.questions import Questions

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
        self, scope: Scope, written: IncomingText, reply_to: int | None
    ) -> Captured | Corrected | WhichCategory | WhichEntry:
        """Take a reply as a correction or an answer where it can be one, else as a new entry."""
        if reply_to is not None:
            known = _find_subject(scope, written, reply_to)
            answer = self._answer(scope, written, known[1]) if known else None
            if known and isinstance(answer, Corrected):
                newest = scope.repositories.conversations.confirmation(answer.booked.entry.id)
                handles = (known[0], newest.message_key) if newest else (known[0],)
                return replace(answer, superseded=tuple(dict.fromkeys(handles)))
            if answer is not None:
                return answer
        said = self.capture.from_text(scope, written)
        if reply_to is None and self._means_an_entry(scope, written, said):
            return Captured(refused=(Refused("", CORRECTING, {}),))
        return said

    def _means_an_entry(self, scope: Scope, written: IncomingText, said: Captured) -> bool:
        """Say whether words that recorded nothing would have corrected an entry, as a reply."""
        if said.booked or said.asked or [one.words for one in said.refused] != [""]:
            return False
        kind = said.refused[0].reason in PLAIN
        return kind and self.corrections.means_one(scope, written) and _has_entries(scope)

    def _answer(
        self, scope: Scope, written: IncomingText, subject: Subject
    ) -> Captured | Corrected | WhichCategory | WhichEntry | None:
        if subject.question_id:
            question = scope.repositories.conversations.question(
                scope.ledger.id, subject.question_id
            )
            return self.questions.answer_typed(scope, written, question) if question else None
        if len(subject.entry_ids) == 1:
            return self.corrections.by_reply(scope, written, subject.entry_ids[0])
        if subject.entry_ids and self.corrections.means_one(scope, written):
            found = [scope.repositories.entries.find(scope.ledger.id, i) for i in subject.entry_ids]
            live = tuple(entry for entry in found if entry and not entry.deleted_at)
            return WhichEntry(live, written.text)
        return None


def _has_entries(scope: Scope) -> bool:
    """Say whether there is an entry that could be meant."""
    return bool(scope.repositories.entries.page(scope.ledger.id, EntryFilter(), limit=1))


def _find_subject(
    scope: Scope, written: IncomingText, message_id: int
) -> tuple[str, Subject] | None:
    """Return key and subject of the message that a Telegram text replies to."""
    sent = telegram_message(written.source)
    return scope.repositories.conversations.subject(sent[0], message_id) if sent else None
