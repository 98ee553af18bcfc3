"""Take a text as a command, a correction, an answer, or something to book.

The order decides what a text can mean: a reply is about the message that it answers; a command in
plain words is never booked; a bare figure answers the question that was asked last; a correction
without a reply changes the person's last entry; everything else is captured.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from ledger.entries.changes import Fields, entry_change, entry_fields
from ledger.entries.entry import Entry
from ledger.entries.queries import EntryFilter
from ledger.entries.source_keys import source_key, telegram_message
from ledger.inquiries.likely import may_ask
from ledger.money import Money
from ledger.questions import PROMPTS, Question
from ledger.text import Correction, Parsed
from ledger.text.rewriting import MessageVersion
from ports.answers import (
    Captured,
    Corrected,
    Deleted,
    Nothing,
    RateDoubted,
    RateSet,
    Refused,
    WhichCategory,
    WhichEntry,
)
from ports.messages import Subject
from services.entries.corrections import Corrections
from services.entries.recent import find_last_entries
from services.ids import new_id
from services.inquiries.answering import Inquiries, InquiryResult
from services.rates.asking import RATE, read_asked
from services.rates.own import OwnRates
from services.scope import Scope
from services.texts.capture import Capture
from services.texts.incoming_text import IncomingText
from services.texts.plain_commands import Done, PlainCommands
from services.texts.questions import Questions
from services.texts.typed_answers import HOW_MUCH, is_worded_answer, read_value

CORRECTED_WITHIN = timedelta(minutes=10)
"""A correction without a reply means the person's last entry, if it is not older than this."""
COMPLETED_WITHIN = timedelta(minutes=2)
"""A bare amount completes a note that was sent so shortly before."""
ANSWERED_WITHIN = timedelta(minutes=30)
"""A question that was asked last can be answered without a reply for so long."""
EDITED_AFTER = timedelta(seconds=2)
"""A message that is younger than this has no edit that overtook it."""
WORDED_MAX = 40
"""Characters of a text that may be the day, the currency or the shop of a receipt."""
NOTE_MAX = 80
"""Characters of a note without an amount that is worth the question how much."""

Answer = Done | InquiryResult | Captured | Corrected | RateDoubted | RateSet | WhichCategory
_ASKED_TOO = frozenset({"how_much", "list", "summary", "budget"})
"""Commands in plain words that may be the beginning of a question."""
_UNREADABLE = frozenset({"no_amount", "date_only", "leading_zero", "bare", "not_understood"})
"""Reasons of a text that held nothing to book; other reasons are more helpful."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """Takes each text to the service that it is meant for."""

    capture: Capture
    corrections: Corrections
    questions: Questions
    commands: PlainCommands
    rates: OwnRates
    inquiries: Inquiries

    def answer(self, scope: Scope, text: IncomingText, reply_to: int | None) -> Answer:
        """Return the answer to a text; `reply_to` is the message that it replies to."""
        if _is_late(scope, text):
            return Captured(silent=True)
        # A reply comes first: it names its subject, so its words need not.
        if reply_to is not None:
            answer = self._answer_reply(scope, text, reply_to)
            if answer is not None:
                return answer
        parsed = self.capture.parse(scope, text)
        if inquired := self._answer_inquiry(scope, text, parsed):
            return inquired
        if parsed.command is not None:
            return self.commands.run(scope, text, parsed.command)
        answered = self._answer_question(scope, text, parsed)
        return answered or self._answer_words(scope, text, parsed)

    def _answer_inquiry(
        self, scope: Scope, text: IncomingText, parsed: Parsed
    ) -> InquiryResult | None:
        """Answer a question about the ledger, where the bot is spoken to."""
        if not text.spoken_to or parsed.correction is not None:
            return None
        if parsed.command is not None and parsed.command.kind not in _ASKED_TOO:
            return None
        # Nearly every text is an entry, so its words are looked at before they are read again.
        if parsed.entries and not may_ask(text.text, scope.settings.language):
            return None
        return self.inquiries.answer_typed(scope, text)

    def _answer_words(self, scope: Scope, text: IncomingText, parsed: Parsed) -> Answer:
        if parsed.correction is not None:
            return self._correct_last(scope, text, parsed.correction)
        if self._would_correct(scope, text, parsed):
            return Captured(refused=(Refused("", _hint(scope), {}),))
        if _is_bare_note(text, parsed):
            return self._ask_how_much(scope, text, parsed.note)
        return self.capture.book(scope, text, parsed)

    # --- replies

    def _answer_reply(self, scope: Scope, text: IncomingText, message_id: int) -> Answer | None:
        known = _find_subject(scope, text, message_id)
        if known is None:
            return None
        message_key, subject = known
        prompt = self._find_prompt(scope, subject)
        if prompt is not None:
            return self._take_value(scope, text, prompt, message_key)
        answer = self._answer_about(scope, text, subject)
        if isinstance(answer, Corrected):
            self.remember(scope, text, answer)
            return self._supersede(scope, answer, message_key)
        if answer is None and subject.entry_ids and self._says_nothing(scope, text):
            return Captured(refused=(Refused("", "reply_unclear", {}),))
        return answer

    def _answer_about(self, scope: Scope, text: IncomingText, subject: Subject) -> Answer | None:
        # The card of an entry may have asked for a value; then a settled question says nothing.
        if subject.question_id and not subject.entry_ids:
            question = scope.repositories.conversations.question(
                scope.ledger.id, subject.question_id
            )
            if question and question.kind == RATE:
                return self._set_rate(scope, text, question)
            return self._complete(scope, text, question) if question else None
        if len(subject.entry_ids) == 1:
            return self.corrections.by_reply(scope, text, subject.entry_ids[0])
        if subject.entry_ids and self.corrections.means_one(scope, text):
            found = [scope.repositories.entries.find(scope.ledger.id, i) for i in subject.entry_ids]
            live = tuple(entry for entry in found if entry and not entry.deleted_at)
            return WhichEntry(live, text.text)
        return None

    def _set_rate(
        self, scope: Scope, text: IncomingText, question: Question
    ) -> RateSet | RateDoubted | None:
        """Take the reply to the question for a rate; None where it is not one."""
        words = read_asked(scope, text, question)
        return self.rates.propose(scope, words) if words else None

    def _supersede(self, scope: Scope, answer: Corrected, message_key: str | None) -> Corrected:
        """Return the answer with the confirmations that it replaces."""
        newest = scope.repositories.conversations.confirmation(answer.booked.entry.id)
        # Both are replaced: the message replied to may be older than the newest confirmation.
        keys = [message_key, newest.message_key if newest else None]
        return replace(answer, superseded=tuple(dict.fromkeys(key for key in keys if key)))

    def _says_nothing(self, scope: Scope, text: IncomingText) -> bool:
        parsed = self.capture.parse(scope, text)
        reason = parsed.why.id if parsed.why else ""
        return not parsed.entries and parsed.ask is None and reason in _UNREADABLE

    # --- questions

    def _answer_question(
        self, scope: Scope, text: IncomingText, parsed: Parsed
    ) -> Captured | Corrected | None:
        """Take a bare figure, day or word as the answer to the question that was asked last."""
        # A day, a currency or a shop may be typed as words; what holds an entry never is one.
        may_be_word = not parsed.entries and len(text.text) <= WORDED_MAX
        if not (_is_bare(parsed) or may_be_word):
            return None
        question = scope.repositories.conversations.last_open(scope.ledger.id, scope.actor)
        if question is None or not _is_fresh(scope, question):
            return None
        if question.kind in PROMPTS:
            fits = read_value(scope, text, question) is not None
            return self._take_value(scope, text, question, None) if fits else None
        if not _is_bare(parsed) and not is_worded_answer(scope, text, question):
            return None
        return self._complete(scope, text, question)

    def _find_prompt(self, scope: Scope, subject: Subject) -> Question | None:
        """Return the open question for a value that a card asks."""
        if not (subject.question_id and subject.entry_ids):
            return None
        found = scope.repositories.conversations.question(scope.ledger.id, subject.question_id)
        return found if found and found.kind in PROMPTS and not found.settled else None

    def _take_value(
        self, scope: Scope, text: IncomingText, question: Question, message_key: str | None
    ) -> Captured | Corrected:
        """Set the field of an entry that a button asked for; explain words that do not fit it."""
        words = read_value(scope, text, question)
        if words is None:
            return Captured(refused=(Refused("", question.kind, {}),))
        entry_id = str(question.values["entry"])
        answer = self.corrections.by_words(scope, text, words, entry_id)
        assert isinstance(answer, Corrected), "the words of a value never delete"
        scope.repositories.conversations.settle(question.id)
        self.remember(scope, text, answer)
        return self._supersede(scope, answer, message_key)

    def _complete(self, scope: Scope, text: IncomingText, question: Question) -> Captured | None:
        """Answer a question by a text, and keep which entry that text has completed."""
        answer = self.questions.answer_typed(scope, text, question)
        if answer is not None and len(answer.booked) == 1:
            entry = answer.booked[0].entry
            _keep_version(scope, text, {"entry": entry.id, "before": {}, "after": {}})
        return answer

    def _ask_how_much(self, scope: Scope, text: IncomingText, note: str) -> Captured:
        draft = Entry(
            id=new_id(scope.now),
            ledger_id=scope.ledger.id,
            type="income" if text.income else "expense",
            money=Money.of_minor(0, scope.ledger.currency),
            spent_on=scope.ledger.today(text.sent_at),
            note=note,
            category="",
            paid_by=scope.actor,
            source="text",
            source_key=source_key(text.source),
            created_at=scope.now,
            updated_at=scope.now,
        )
        asked = self.questions.ask(scope, HOW_MUCH, [], draft=draft)
        return Captured(asked=(replace(asked, words=note),))

    # --- corrections

    def _would_correct(self, scope: Scope, text: IncomingText, parsed: Parsed) -> bool:
        """Return whether words that hold nothing to book would change an entry as a reply to it."""
        if parsed.entries or parsed.ask or parsed.refusals or parsed.outcome == "ignored":
            return False
        reason = parsed.why.id if parsed.why else ""
        return reason in _UNREADABLE and self.corrections.means_one(scope, text)

    def _correct_last(
        self, scope: Scope, text: IncomingText, words: Correction
    ) -> Captured | Corrected | Deleted | Nothing | WhichEntry:
        found = find_last_entries(scope, CORRECTED_WITHIN)
        if words.old_amount is not None:
            found = tuple(e for e in found if e.money.amount == words.old_amount)
        if not found:
            return Captured(refused=(Refused("", "correction", {}),))
        # Guessing among several entries would change the wrong one.
        if len(found) > 1:
            return WhichEntry(found, text.text)
        answer = self.corrections.by_words(scope, text, words, found[0].id)
        if not isinstance(answer, Corrected):
            return answer
        self.remember(scope, text, answer)
        return self._supersede(scope, answer, None)

    def remember(
        self, scope: Scope, text: IncomingText, answer: Corrected, *, earlier: Fields | None = None
    ) -> None:
        """Keep what a text corrected, so that an edit of it can correct the same in its place.

        `earlier` are the fields from before an earlier version of the text.
        """
        assert answer.before is not None
        after = answer.booked.entry
        change = entry_change(answer.before, after)
        before = (change.before or {} if change else {}) | (earlier or {})
        now = entry_fields(after)
        said = {"entry": after.id, "before": before, "after": {name: now[name] for name in before}}
        _keep_version(scope, text, said)


def _keep_version(scope: Scope, text: IncomingText, said: Fields) -> None:
    version = MessageVersion(scope.ledger.id, text.source, text.written_at, said)
    scope.repositories.conversations.keep_version(version)


def _is_late(scope: Scope, text: IncomingText) -> bool:
    """Return whether a first version comes after an edit of it was followed."""
    # Nobody edits sooner, so most messages cost no look-up.
    if text.edited_at is not None or scope.now - text.sent_at < EDITED_AFTER:
        return False
    return scope.repositories.conversations.version(scope.ledger.id, text.source) is not None


def _hint(scope: Scope) -> str:
    """Return the reason that a correction without a reply gets."""
    found = scope.repositories.entries.page(scope.ledger.id, EntryFilter(), limit=1)
    return "reply_to_entry" if found else "no_amount"


def _is_bare(parsed: Parsed) -> bool:
    """Return whether a text holds nothing but a figure, a day, or both."""
    if len(parsed.entries) == 1 and not parsed.refusals:
        return not parsed.entries[0].note
    return not parsed.entries and parsed.why is not None and parsed.why.id in {"date_only", "bare"}


def _is_bare_note(text: IncomingText, parsed: Parsed) -> bool:
    """Return whether a private text is a note that lacks its amount."""
    is_private = text.chat_kind == "private"
    return is_private and not parsed.entries and 0 < len(parsed.note) <= NOTE_MAX


def _is_fresh(scope: Scope, question: Question) -> bool:
    """Return whether a question still is the latest message of the conversation."""
    is_short = question.kind == HOW_MUCH or question.kind in PROMPTS
    within = COMPLETED_WITHIN if is_short else ANSWERED_WITHIN
    if scope.now - question.asked_at > within:
        return False
    # Anything booked after the question shows that the talk has moved on.
    operations = scope.repositories.operations
    last = operations.last(scope.ledger.id, scope.actor, undone=False, by_hand=True)
    return last is None or last.at <= question.asked_at


def _find_subject(scope: Scope, text: IncomingText, message_id: int) -> tuple[str, Subject] | None:
    """Return key and subject of the message that a Telegram text replies to."""
    sent = telegram_message(text.source)
    return scope.repositories.conversations.subject(sent[0], message_id) if sent else None
