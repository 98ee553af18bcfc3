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
from ledger.questions import Question
from ledger.text import Correction, parse_correction
from ports.answers import Asked, Captured, Nothing, Option
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
    ) -> Asked:
        """Keep a question open; `draft` is what a typed reply would complete."""
        values: dict[str, Json] = {
            "options": [[drafts.to_json(entry) for entry in option] for option in options]
        }
        if draft:
            values["draft"] = drafts.to_json(draft)
        question = Question(
            new_id(scope.now), scope.ledger.id, scope.actor, kind, values, scope.now
        )
        scope.repositories.conversations.ask(question)
        return Asked(
            question_id=question.id,
            kind=kind,
            options=tuple(Option(entries=option) for option in options),
            draft=draft,
            receipt_id=draft.receipt_id if draft else None,
        )

    def answer_by_button(self, scope: Scope, question_id: str, choice: int) -> Captured | Nothing:
        """Answer a question by one of its options. Raises `NotFoundError`."""
        question = scope.repositories.conversations.question(scope.ledger.id, question_id)
        if question is None:
            raise NotFoundError("question_gone")
        return self.answer(scope, question, choice)

    def answer(self, scope: Scope, question: Question, choice: int) -> Captured | Nothing:
        """Book the entries behind a button; a second press changes nothing.

        A choice below 0, or an option without entries, settles the question and books nothing.
        """
        options = question.values["options"]
        assert isinstance(options, list)
        # Settling is atomic: of two presses, or a press and a reply, only the first one books.
        if choice >= len(options) or not scope.repositories.conversations.settle(question.id):
            return Nothing("already_answered")
        chosen = options[choice] if choice >= 0 else []
        assert isinstance(chosen, list)
        entries = [
            drafts.from_json(
                one, entry_id=new_id(scope.now), ledger_id=scope.ledger.id, now=scope.now
            )
            for one in chosen
            if isinstance(one, dict)
        ]
        if not entries:
            return Captured(left_out=True)
        if question.kind == THOUSANDS:
            _remember_thousands(scope, options, choice)
        # Booked for the person who was asked, also when an admin of the group pressed.
        return self._book(scope.with_actor(question.user_id), entries)

    def answer_typed(
        self, scope: Scope, written: IncomingText, question: Question
    ) -> Captured | None:
        """Settle a question by a typed reply; None when the reply is not an answer.

        The reply completes the question's draft; where there is none, an amount that one of the
        options has chooses it.
        """
        base = question.values.get("draft")
        words = parse_correction(written.text, written.context(scope.settings))
        if question.settled or words is None:
            return None
        if not isinstance(base, dict):
            return self._chosen(scope, question, words)
        entry = drafts.from_json(
            base, entry_id=new_id(scope.now), ledger_id=scope.ledger.id, now=scope.now
        )
        entry = corrected(scope, entry, words, written)
        require_owner(scope, entry)
        if not entry.money.amount or not scope.repositories.conversations.settle(question.id):
            return None
        return self._book(scope, [entry])

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
