"""Keep questions open until a person answers, and book the answer once.

Every option holds the complete entries that choosing it books, so answering is booking. A typed
reply (`53.90`, `yesterday`, `it was Lidl`) fills in the draft that the question is about.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ledger.entry import Entry
from ledger.errors import NotFoundError
from ledger.money import Money
from ledger.questions import NONE_OF_THEM, Question
from ledger.text import Correction, parse_correction
from ports.answers import Asked, Captured, Nothing, OpenQuestions, Option
from ports.messages import Json
from services.entries.booking import Booking, Draft
from services.entries.changing import corrected, require_owner
from services.entries.recording import begin
from services.ids import new_id
from services.scope import Scope
from services.texts import drafts
from services.texts.incoming_text import IncomingText

THOUSANDS = "thousands"
"""Kind of the question whether a sum below the smallest coin is meant in thousands."""

HOW_MUCH = "how_much"
"""Kind of the question for the amount of a note."""
ASKED_FIELDS = {
    HOW_MUCH: "total",
    "receipt_amount": "total",
    "receipt_total": "total",
    "receipt_date": "date",
    "receipt_currency": "currency",
    "receipt_merchant": "merchant",
}
"""The field of its draft that a question is about; typed words answer it."""
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
        values = _values(options, draft)
        if same:
            values["same_as"] = same.booked.id
            values["then"] = [
                {"kind": one.kind, **_values(one.options, one.draft)} for one in same.then
            ]
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
        entry = _load(scope, draft) if isinstance(draft, dict) else None
        return Asked(
            question_id=question.id,
            kind=question.kind,
            options=tuple(Option(entries=_load_all(scope, option)) for option in options),
            draft=entry,
            receipt_id=entry.receipt_id if entry else None,
            words=entry.note if entry and question.kind == HOW_MUCH else "",
            same_as=scope.repositories.entries.find(scope.ledger.id, str(same_as))
            if same_as
            else None,
            user_id=question.user_id,
        )

    def answer_by_button(self, scope: Scope, question_id: str, choice: int) -> Captured | Nothing:
        """Answer a question by one of its options. Raises `NotFoundError`."""
        question = scope.repositories.conversations.question(scope.ledger.id, question_id)
        if question is None:
            raise NotFoundError("question_gone")
        return self.answer(scope, question, choice)

    def list_open(self, scope: Scope) -> OpenQuestions:
        """Return the questions that wait for an answer, the newest first."""
        found = scope.repositories.conversations.list_open(scope.ledger.id, OPEN_MAX)
        return OpenQuestions(tuple(self.show(scope, question) for question in found))

    def answer(self, scope: Scope, question: Question, choice: int) -> Captured | Nothing:
        """Book the entries behind a button; a second press changes nothing.

        `NONE_OF_THEM` keeps a receipt and asks for what can be typed; elsewhere it books nothing,
        as `DELETE` and an option without entries do.
        """
        options = question.values["options"]
        assert isinstance(options, list)
        # Settling is atomic: of two presses, or a press and a reply, only the first one books.
        if choice >= len(options) or not scope.repositories.conversations.settle(question.id):
            return Nothing("already_answered")
        messages = scope.repositories.conversations.messages_of(question.id)
        entries = _load_all(scope, options[choice]) if choice >= 0 else ()
        followed = self._follow(scope, question) if entries else ()
        asked_about = {one.draft.source_key for one in followed if one.draft}
        entries = tuple(entry for entry in entries if entry.source_key not in asked_about)
        draft = question.values.get("draft")
        if choice == NONE_OF_THEM and question.kind in ASKED_FIELDS and isinstance(draft, dict):
            typed = self.ask(
                scope.with_actor(question.user_id), question.kind, [], draft=_load(scope, draft)
            )
            return Captured(asked=(replace(typed, is_typed=True),), settled=messages)
        if followed and not entries:
            return Captured(asked=followed, settled=messages)
        if not entries:
            return Captured(left_out=True, settled=messages, discarded=_discard(scope, draft))
        if question.kind == THOUSANDS:
            _remember_thousands(scope, options, choice)
        # Booked for the person who was asked, also when an admin of the group pressed.
        booked = self._book(scope.with_actor(question.user_id), entries)
        return replace(booked, asked=followed, settled=messages)

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
            found = [_load_all(scope, option) for option in options]
            actor = scope.with_actor(question.user_id)
            asked.append(self.ask(actor, str(one["kind"]), found, draft=_load(scope, draft)))
        return tuple(asked)

    def answer_typed(
        self, scope: Scope, written: IncomingText, question: Question
    ) -> Captured | None:
        """Settle a question by typed words; None when they are not an answer.

        The words complete the question's draft; where there is none, an amount that one of the
        options has chooses it. Words about another field change the draft and leave the question
        open.
        """
        base = question.values.get("draft")
        words = read_answer(scope, written, question)
        if question.settled or words is None:
            return None
        if not isinstance(base, dict):
            return self._chosen(scope, question, words)
        if question.kind not in ASKED_FIELDS:
            return None
        draft = _load(scope, base)
        require_owner(scope, draft)
        entry = corrected(scope, draft, words, written)
        if not scope.repositories.conversations.settle(question.id):
            return None
        messages = scope.repositories.conversations.messages_of(question.id)
        if not _says(words, ASKED_FIELDS[question.kind]) or not entry.money.amount:
            return self._ask_again(scope, written, question, words, messages)
        return replace(self._book(scope, [entry]), settled=messages)

    def _ask_again(
        self,
        scope: Scope,
        written: IncomingText,
        question: Question,
        words: Correction,
        messages: tuple[str, ...],
    ) -> Captured:
        """Ask the same about the draft as typed words changed it."""
        shown = self.show(scope, question)
        assert shown.draft is not None
        options = [
            tuple(corrected(scope, entry, words, written) for entry in option.entries)
            for option in shown.options
        ]
        asked = self.ask(
            scope.with_actor(question.user_id),
            question.kind,
            options,
            draft=corrected(scope, shown.draft, words, written),
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
            if _is_meant(option[0], words)
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
        return Captured(booked=booked, alerts=alerts)


def _values(options: Sequence[tuple[Entry, ...]], draft: Entry | None) -> dict[str, Json]:
    values: dict[str, Json] = {
        "options": [[drafts.to_json(entry) for entry in option] for option in options]
    }
    if draft:
        values["draft"] = drafts.to_json(draft)
    return values


def read_answer(scope: Scope, written: IncomingText, question: Question) -> Correction | None:
    """Read typed words as the answer to a question; None when they say nothing of the kind.

    A day may be typed without its last point: `12.11` answers the question about a day as `12.11.`
    does, and never as an amount.
    """
    context = written.context(scope.settings)
    words = parse_correction(written.text, context)
    if ASKED_FIELDS.get(question.kind) != "date" or words is None or words.on is not None:
        return words
    dated = parse_correction(written.text.strip() + ".", context)
    return dated if dated is not None and dated.on is not None else words


def is_worded_answer(scope: Scope, written: IncomingText, question: Question) -> bool:
    """Say whether words without an amount tell what the question about a receipt is for."""
    if question.kind == HOW_MUCH or question.kind not in ASKED_FIELDS:
        return False
    words = read_answer(scope, written, question)
    return words is not None and bool(words.on or words.currency or words.merchant)


def _says(words: Correction, field: str) -> bool:
    said = {"date": words.on, "currency": words.currency, "merchant": words.merchant}
    return said.get(field, words.amount) is not None


def _load(scope: Scope, draft: dict[str, Json]) -> Entry:
    return drafts.from_json(
        draft, entry_id=new_id(scope.now), ledger_id=scope.ledger.id, now=scope.now
    )


def _load_all(scope: Scope, option: Json) -> tuple[Entry, ...]:
    assert isinstance(option, list)
    return tuple(_load(scope, one) for one in option if isinstance(one, dict))


def _discard(scope: Scope, draft: Json) -> tuple[str, ...]:
    """Delete the receipt of a question that was deleted; return the keys of its files.

    It stays while an entry or another open question is about it.
    """
    receipt_id = _load(scope, draft).receipt_id if isinstance(draft, dict) else None
    if receipt_id is None:
        return ()
    others = scope.repositories.conversations.list_open(scope.ledger.id, OPEN_MAX)
    drafts_left = [one.values.get("draft") for one in others]
    if any(isinstance(d, dict) and _load(scope, d).receipt_id == receipt_id for d in drafts_left):
        return ()
    receipt = scope.repositories.receipts.find(scope.ledger.id, receipt_id)
    if receipt is None or not scope.repositories.receipts.drop(scope.ledger.id, receipt_id):
        return ()
    return tuple(key for key in (receipt.blob_key, receipt.clean_key) if key)


def _remember_thousands(scope: Scope, options: Sequence[Json], choice: int) -> None:
    """Keep whether this chat types its sums in thousands, so that it is not asked again."""
    sums = [_first_minor(option) for option in options]
    # The larger option is the one in thousands.
    settings = replace(scope.settings, thousands=sums[choice] == max(sums))
    recorder = begin(scope, "settings")
    recorder.settings(scope.settings, settings)
    scope.repositories.chats.save_settings(scope.ledger.id, settings)
    recorder.write()


def _first_minor(option: Json) -> int:
    assert isinstance(option, list)
    first = option[0] if option else None
    fields = first["fields"] if isinstance(first, dict) else None
    return int(str(fields["amount_minor"])) if isinstance(fields, dict) else 0


def _is_meant(option: object, words: Correction) -> bool:
    """Return whether typed words name the amount of an option, and nothing that it lacks."""
    assert isinstance(option, dict)
    fields = option["fields"]
    money = Money.of_minor(fields["amount_minor"], fields["currency"])
    return words.amount == money.amount and words.currency in (None, money.currency)
