"""Keep questions open until a person answers, and book the answer once.

Every option holds the complete entries that choosing it books, so answering is booking. A typed
reply (`53.90`, `yesterday`, `it was Lidl`) fills in the draft that the question is about.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ledger.entries.entry import Entry
from ledger.errors import NotFoundError
from ledger.questions import DELETE, NONE_OF_THEM, PROMPTS, Question
from ledger.text import Correction
from ports.answers import (
    Asked,
    Booked,
    Captured,
    Corrected,
    Nothing,
    OpenQuestions,
    Option,
    Rewritten,
)
from ports.messages import Json
from services.entries.booking import Booking, Draft
from services.entries.changing import corrected, live_entry, require_owner
from services.entries.recording import begin
from services.ids import new_id
from services.rates.asking import RATE, ask_for_rates
from services.scope import Scope
from services.texts.edit_questions import EditedText, carry_over, list_entries_about
from services.texts.incoming_text import IncomingText
from services.texts.question_values import (
    build_values,
    first_minor,
    load_all,
    load_draft,
)
from services.texts.typed_answers import ASKED_FIELDS, HOW_MUCH, is_meant, read_answer, says

THOUSANDS = "thousands"
"""Kind of the question whether a sum below the smallest coin is meant in thousands."""

Settled = Captured | Corrected | Nothing | Rewritten
"""Answers to a press of a question's button."""
OPEN_MAX = 20
"""The newest open questions, which are listed."""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A question that is asked after another one."""

    kind: str
    options: Sequence[tuple[Entry, ...]]
    draft: Entry


@dataclass(frozen=True, slots=True)
class SameReceipt:
    """A booked entry that may be of the receipt asked about.

    The questions `then` are asked about entries of the first option before these are booked.
    """

    booked: Entry
    then: Sequence[FollowUp] = ()


@dataclass(frozen=True, slots=True)
class Questions:
    """Asks questions and books their answers."""

    booking: Booking

    def ask(
        self,
        scope: Scope,
        kind: str,
        options: Sequence[tuple[Entry, ...]],
        *,
        draft: Entry | None = None,
        same: SameReceipt | None = None,
    ) -> Asked:
        """Keep a question open.

        `draft` is the entry that a typed reply completes.
        """
        values = build_values(options, draft)
        if same:
            values["same_as"] = same.booked.id
            values["then"] = [
                {"kind": one.kind, **build_values(one.options, one.draft)} for one in same.then
            ]
        return self._open(scope, kind, values)

    def ask_about_edit(
        self, scope: Scope, kind: str, options: Sequence[tuple[Entry, ...]], edit: EditedText
    ) -> Asked:
        """Ask what an edited message means; the answer is carried over to its entries."""
        return self._open(scope, kind, {**build_values(options, None), "edit": edit.to_json()})

    def ask_value(self, scope: Scope, entry_id: str, field: str) -> tuple[Booked, str]:
        """Ask for a new value of an entry to be typed; return the entry and the question's id.

        Only the newest such question of a person is open. Raises `NotFoundError`.
        """
        entry = live_entry(scope, entry_id)
        require_owner(scope, entry)
        for question in scope.repositories.conversations.list_open(scope.ledger.id, OPEN_MAX):
            if question.kind in PROMPTS and question.user_id == scope.actor:
                scope.repositories.conversations.settle(question.id)
        asked = self._open(scope, f"prompt_{field}", {"options": [], "entry": entry.id})
        return self.booking.show(scope, entry), asked.question_id

    def _open(self, scope: Scope, kind: str, values: dict[str, Json]) -> Asked:
        question = Question(
            new_id(scope.now), scope.ledger.id, scope.actor, kind, values, scope.now
        )
        scope.repositories.conversations.ask(question)
        return self.show(scope, question)

    def show(self, scope: Scope, question: Question) -> Asked:
        """Return a question as it is asked, with its options."""
        options = question.values["options"]
        assert isinstance(options, list)
        draft, same_as = question.values.get("draft"), question.values.get("same_as")
        entry = load_draft(scope, draft) if isinstance(draft, dict) else None
        return Asked(
            question_id=question.id,
            kind=question.kind,
            options=tuple(Option(entries=load_all(scope, option)) for option in options),
            draft=entry,
            receipt_id=entry.receipt_id if entry else None,
            words=_words_of(question, entry),
            same_as=scope.repositories.entries.find(scope.ledger.id, str(same_as))
            if same_as
            else None,
            user_id=question.user_id,
            about=list_entries_about(scope, question),
        )

    def answer_by_button(self, scope: Scope, question_id: str, choice: int) -> Settled:
        """Answer a question by one of its options. Raises `NotFoundError`."""
        question = scope.repositories.conversations.question(scope.ledger.id, question_id)
        if question is None:
            raise NotFoundError("question_gone")
        return self.answer(scope, question, choice)

    def list_open(self, scope: Scope) -> OpenQuestions:
        """Return the questions that wait for an answer, the newest first."""
        found = scope.repositories.conversations.list_open(scope.ledger.id, OPEN_MAX)
        return OpenQuestions(tuple(self.show(scope, q) for q in found if q.kind not in PROMPTS))

    def answer(self, scope: Scope, question: Question, choice: int) -> Settled:
        """Do what a button of a question says; a second press changes nothing."""
        options = question.values["options"]
        assert isinstance(options, list)
        # Settling is atomic: of two presses, or a press and a reply, only the first one books.
        if choice >= len(options) or not scope.repositories.conversations.settle(question.id):
            return Nothing("already_answered")
        entries = load_all(scope, options[choice]) if choice >= 0 else ()
        if question.kind in PROMPTS:
            entry = live_entry(scope, str(question.values["entry"]))
            return Corrected(self.booking.show(scope, entry))
        if "edit" in question.values:
            return carry_over(scope, self.booking, question, entries, is_gone=choice == DELETE)
        return self._choose(scope, question, choice, entries)

    def _choose(
        self, scope: Scope, question: Question, choice: int, entries: tuple[Entry, ...]
    ) -> Captured:
        """Book the entries of an option.

        `NONE_OF_THEM` keeps a receipt and asks for what can be typed; elsewhere it books nothing,
        as `DELETE` and an option without entries do.
        """
        messages = scope.repositories.conversations.messages_of(question.id)
        followed = self._follow(scope, question) if entries else ()
        asked_about = {one.draft.source_key for one in followed if one.draft}
        entries = tuple(entry for entry in entries if entry.source_key not in asked_about)
        draft = question.values.get("draft")
        if choice == NONE_OF_THEM and question.kind in ASKED_FIELDS and isinstance(draft, dict):
            typed = self.ask(
                scope.with_actor(question.user_id),
                question.kind,
                [],
                draft=load_draft(scope, draft),
            )
            return Captured(asked=(replace(typed, is_typed=True),), settled=messages)
        if followed and not entries:
            return Captured(asked=followed, settled=messages)
        if not entries:
            return Captured(left_out=True, settled=messages, discarded=_discard(scope, draft))
        if question.kind == THOUSANDS:
            _remember_thousands(scope, question.values["options"], choice)
        # Booked for the person who was asked, also when an admin of the group pressed.
        booked = self._book(scope.with_actor(question.user_id), entries)
        return replace(booked, asked=(*followed, *booked.asked), settled=messages)

    def _follow(self, scope: Scope, question: Question) -> tuple[Asked, ...]:
        """Ask the questions that had to wait for the answer to this one."""
        waiting = question.values.get("then") or []
        assert isinstance(waiting, list)
        asked = []
        for one in waiting:
            assert isinstance(one, dict)
            options, draft = one["options"], one["draft"]
            assert isinstance(options, list)
            assert isinstance(draft, dict)
            found = [load_all(scope, option) for option in options]
            actor = scope.with_actor(question.user_id)
            asked.append(self.ask(actor, str(one["kind"]), found, draft=load_draft(scope, draft)))
        return tuple(asked)

    def answer_typed(
        self, scope: Scope, incoming: IncomingText, question: Question
    ) -> Captured | None:
        """Settle a question by typed words; None when they are not an answer.

        The words complete the question's draft; where there is none, an amount that one of the
        options has chooses it. Words about another field change the draft and leave the question
        open.
        """
        base = question.values.get("draft")
        words = read_answer(scope, incoming, question)
        if question.settled or words is None:
            return None
        if not isinstance(base, dict):
            return self._chosen(scope, question, words)
        if question.kind not in ASKED_FIELDS:
            return None
        draft = load_draft(scope, base)
        require_owner(scope, draft)
        entry = corrected(scope, draft, words, incoming)
        if not scope.repositories.conversations.settle(question.id):
            return None
        messages = scope.repositories.conversations.messages_of(question.id)
        if not says(words, ASKED_FIELDS[question.kind]) or not entry.money.amount:
            return self._ask_again(scope, incoming, question, words, messages)
        return replace(self._book(scope, [entry]), settled=messages)

    def _ask_again(
        self,
        scope: Scope,
        incoming: IncomingText,
        question: Question,
        words: Correction,
        messages: tuple[str, ...],
    ) -> Captured:
        """Ask the same about the draft as typed words changed it."""
        shown = self.show(scope, question)
        assert shown.draft is not None
        options = [
            tuple(corrected(scope, entry, words, incoming) for entry in option.entries)
            for option in shown.options
        ]
        asked = self.ask(
            scope.with_actor(question.user_id),
            question.kind,
            options,
            draft=corrected(scope, shown.draft, words, incoming),
        )
        return Captured(asked=(asked,), settled=messages)

    def _chosen(self, scope: Scope, question: Question, words: Correction) -> Captured | None:
        """Take the one option of a single entry whose amount was typed."""
        options = question.values["options"]
        assert isinstance(options, list)
        found = [
            choice
            for choice, option in enumerate(options)
            if isinstance(option, list) and len(option) == 1
            if is_meant(option[0], words)
        ]
        # A reply of another member is not an answer.
        if len(found) != 1 or question.user_id != scope.actor:
            return None
        answer = self.answer(scope, question, found[0])
        return answer if isinstance(answer, Captured) else None

    def _book(self, scope: Scope, entries: Sequence[Entry]) -> Captured:
        recorder = begin(scope, "capture")
        found = [Draft(entry) for entry in entries]
        booked, alerts = self.booking.book(scope, found, recorder)
        recorder.write()
        # Its state shows a late event of the same receipt that it is booked.
        for receipt_id in {entry.receipt_id for entry in entries if entry.receipt_id}:
            receipt = scope.repositories.receipts.get(scope.ledger.id, receipt_id)
            scope.repositories.receipts.save(replace(receipt, state="booked"))
        asked = ask_for_rates(scope, [one.entry for one in booked])
        return Captured(booked=booked, asked=asked, alerts=alerts)


def _words_of(question: Question, entry: Entry | None) -> str:
    """Return the note or the currency that a question is about."""
    if question.kind == RATE:
        return str(question.values["source"])
    return entry.note if entry and question.kind == HOW_MUCH else ""


def _discard(scope: Scope, draft: Json) -> tuple[str, ...]:
    """Delete the receipt of a question that was deleted; return the keys of its files.

    It stays while an entry or another open question is about it.
    """
    receipt_id = load_draft(scope, draft).receipt_id if isinstance(draft, dict) else None
    if receipt_id is None:
        return ()
    others = scope.repositories.conversations.list_open(scope.ledger.id, OPEN_MAX)
    drafts_left = [one.values.get("draft") for one in others]
    if any(
        isinstance(d, dict) and load_draft(scope, d).receipt_id == receipt_id for d in drafts_left
    ):
        return ()
    receipt = scope.repositories.receipts.find(scope.ledger.id, receipt_id)
    if receipt is None or not scope.repositories.receipts.drop(scope.ledger.id, receipt_id):
        return ()
    return tuple(key for key in (receipt.blob_key, receipt.clean_key) if key)


def _remember_thousands(scope: Scope, options: Sequence[Json], choice: int) -> None:
    """Keep whether this chat types its sums in thousands, so that it is not asked again."""
    sums = [first_minor(option) for option in options]
    # The larger option is the one in thousands.
    settings = replace(scope.settings, thousands=sums[choice] == max(sums))
    recorder = begin(scope, "settings")
    recorder.settings(scope.settings, settings)
    scope.repositories.chats.save_settings(scope.ledger.id, settings)
    recorder.write()
