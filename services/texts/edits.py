"""Take the edit of a person's message; its entries, correction or answer follow the new text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from ledger.entries.changes import Fields, entry_fields
from ledger.entries.entry import Entry
from ledger.text import Ask, Parsed, parse_correction
from ledger.text.rewriting import MessageVersion
from ports.answers import Asked, Captured, Corrected, Nothing, ReceiptRefused, Refused, Rewritten
from services.entries.rewriting import NewText, Rewriting
from services.scope import Scope
from services.texts.capture import draft_of, list_refused
from services.texts.conversation import Answer, Conversation
from services.texts.edit_questions import EDITED_AWAY, EditedText, withdraw
from services.texts.incoming_text import IncomingText
from services.texts.questions import Questions

_RECORD_ANYWAY = "record_anyway"
_COMMAND = "/"
_ADDING = ("/add", "/income", "/expense", "/spent")
"""Commands whose edited words are taken as entries; any other is not run again by an edit."""


@dataclass(frozen=True, slots=True)
class Followed:
    """The answer to an edit, and the keys of messages that asked about the older version."""

    answer: Answer | ReceiptRefused | Rewritten | None = None
    withdrawn: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Edits:
    """Follows edited messages."""

    conversation: Conversation
    rewriting: Rewriting

    @property
    def questions(self) -> Questions:
        """Return the questions that may wait for an answer about the older version."""
        return self.conversation.questions

    def follow(self, scope: Scope, text: IncomingText, reply_to: int | None) -> Followed:
        """Carry an edit over; a version that is older than the last one changes nothing."""
        version = scope.repositories.conversations.version(scope.ledger.id, text.source)
        if version is not None and text.written_at < version.edited_at:
            return Followed()
        if version is not None and "entry" in version.said:
            return self._correct_again(scope, text, version)
        if stored := scope.repositories.entries.of_source(scope.ledger.id, text.source):
            return self._rewrite(scope, text, min(entry.created_at for entry in stored))
        return self._take_as_new(scope, text, reply_to)

    # --- messages that made entries

    def _rewrite(self, scope: Scope, text: IncomingText, booked_at: datetime) -> Followed:
        # An amount without a currency means the ledger's of that time, like `today` its day.
        parsed = self.conversation.capture.parse(_as_of(scope, booked_at), text, edited=True)
        ask = _ambiguity(parsed)
        if not parsed.entries and ask is None:
            return self._ask_whether_gone(scope, text)
        withdrawn = withdraw(scope, text.source)
        drafts = [draft_of(scope, text, one, place) for place, one in enumerate(parsed.entries)]
        new = NewText(
            text.source, text.written_at, tuple(drafts), not parsed.refusals and ask is None
        )
        if drafts:
            rewritten = self.rewriting.rewrite(scope, new)
        else:
            self.rewriting.stamp(scope, new)
            rewritten = Rewritten(())
        asked = (self._ask(scope, text, ask, [d.entry for d in drafts]),) if ask else ()
        refused = list_refused(parsed)
        return Followed(replace(rewritten, asked=asked, refused=refused), withdrawn)

    def _ask(self, scope: Scope, text: IncomingText, ask: Ask, sure: Sequence[Entry]) -> Asked:
        """Ask what an ambiguous part of the new text means; the answer is carried over."""
        options = [
            tuple(
                draft_of(scope, text, one, len(sure) + place).entry
                for place, one in enumerate(choice.entries)
            )
            for choice in ask.options
        ]
        edit = EditedText(text.source, text.written_at, tuple(sure))
        return replace(
            self.questions.ask_about_edit(scope, ask.kind, options, edit), words=ask.words
        )

    def _ask_whether_gone(self, scope: Scope, text: IncomingText) -> Followed:
        """Ask whether the entries go, since the message no longer says one."""
        withdrawn = withdraw(scope, text.source)
        self.rewriting.stamp(scope, NewText(text.source, text.written_at))
        stored = scope.repositories.entries.of_source(scope.ledger.id, text.source)
        if all(entry.deleted_at for entry in stored):
            return Followed(None, withdrawn)
        edit = EditedText(text.source, text.written_at)
        asked = self.questions.ask_about_edit(scope, EDITED_AWAY, [], edit)
        return Followed(Rewritten((), asked=(asked,)), withdrawn)

    # --- messages that made no entry

    def _take_as_new(self, scope: Scope, text: IncomingText, reply_to: int | None) -> Followed:
        """Take an edited message that had made nothing as if it were written now."""
        if self._is_command(scope, text):
            said = text.chat_kind == "private"
            return Followed(Nothing("edited_command") if said else None)
        withdrawn = withdraw(scope, text.source)
        answer = self.conversation.answer(scope, text, reply_to)
        version = scope.repositories.conversations.version(scope.ledger.id, text.source)
        if version is None or "entry" not in version.said:
            self.rewriting.stamp(scope, NewText(text.source, text.written_at))
        return Followed(answer, withdrawn)

    def _is_command(self, scope: Scope, text: IncomingText) -> bool:
        if text.text.startswith(_COMMAND):
            return not text.text.casefold().startswith(_ADDING)
        return self.conversation.capture.parse(scope, text).command is not None

    # --- messages that corrected an entry

    def _correct_again(self, scope: Scope, text: IncomingText, version: MessageVersion) -> Followed:
        """Correct the entry by the new words in place of the older ones."""
        words = parse_correction(text.text, text.context(scope.settings))
        if words is None:
            return Followed(self._replace_correction(scope, text))
        corrections, said = self.conversation.corrections, version.said
        entry = scope.repositories.entries.get(scope.ledger.id, said["entry"])
        answer = corrections.by_words(scope, text, words, entry.id, since=_restored(entry, said))
        if not isinstance(answer, Corrected):
            return Followed(answer)
        self.conversation.remember(scope, text, answer, earlier=said["before"])
        return Followed(_in_place(scope, answer))

    def _replace_correction(self, scope: Scope, text: IncomingText) -> Captured | Nothing:
        """Book a message that was a correction and is an entry now; else say that it is unclear."""
        parsed = self.conversation.capture.parse(scope, text, edited=True)
        if parsed.entries and all(entry.note for entry in parsed.entries):
            answer = self.conversation.capture.book(scope, text, parsed)
            self.rewriting.stamp(scope, NewText(text.source, text.written_at))
            return answer
        return Captured(refused=(Refused("", "reply_unclear", {}),))


def _as_of(scope: Scope, moment: datetime) -> Scope:
    """Return a scope to read a text in, with the currency that the ledger had at a moment."""
    since = scope.repositories.operations.settings_since(scope.ledger.id, moment)
    former = [one.before["currency"] for one in since if one.before and "currency" in one.before]
    if not former:
        return scope
    return scope.with_settings(replace(scope.settings, currency=former[0]))


def _ambiguity(parsed: Parsed) -> Ask | None:
    """Return the question of a text that may be meant as several entries.

    Words that could be recorded all the same are chatter, unless they stand next to an entry.
    """
    if parsed.ask is None or (parsed.ask.kind == _RECORD_ANYWAY and not parsed.entries):
        return None
    return parsed.ask


def _restored(entry: Entry, said: Fields) -> Fields:
    """Return the fields from before a correction, where its values are still those of the entry."""
    current = entry_fields(entry)
    return {
        name: value
        for name, value in said["before"].items()
        if current[name] == said["after"][name]
    }


def _in_place(scope: Scope, answer: Corrected) -> Rewritten:
    """Return a correction that is shown on the newest card of its entry."""
    newest = scope.repositories.conversations.confirmation(answer.booked.entry.id)
    main = next(
        (
            one.message_key
            for one in answer.confirmed
            if newest and one.message_key == newest.message_key and len(one.booked) == 1
        ),
        None,
    )
    others = tuple(one for one in answer.confirmed if one.message_key != main)
    changed = bool(answer.confirmed) or answer.before != answer.booked.entry
    return Rewritten((answer.booked,), changed, (), main, others, alerts=answer.alerts)
