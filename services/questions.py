"""Questions: what the bot could not decide, kept open until a person answers, once.

Every option holds the complete entries that choosing it books, so answering is booking. A typed
reply (`53.90`, `yesterday`, `it was Lidl`) fills in the draft that the question is about.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from ledger.entry import Entry
from ledger.money import Money
from ledger.text import Correction, parse_correction
from ports.answers import Asked, Captured, Nothing, Option
from ports.messages import Json
from ports.repositories import Chat, Question, Repositories
from services import drafts
from services.booking import Booking, Draft
from services.changing import corrected, require_owner
from services.history import begin
from services.ids import new_id
from services.incoming_text import IncomingText


@dataclass(frozen=True, slots=True)
class Questions:
    """Asks, and books what is answered."""

    booking: Booking

    def ask(
        self,
        repositories: Repositories,
        chat: Chat,
        user_id: int,
        kind: str,
        options: Sequence[tuple[Entry, ...]],
        *,
        now: datetime,
        draft: Entry | None = None,
    ) -> Asked:
        """Keep a question open; `draft` is what a typed reply would complete."""
        values: dict[str, Json] = {
            "options": [[drafts.to_json(entry) for entry in option] for option in options]
        }
        if draft:
            values["draft"] = drafts.to_json(draft)
        question = Question(new_id(now), chat.ledger_id, chat.chat_id, user_id, kind, values, now)
        repositories.conversations.ask(question)
        return Asked(
            question_id=question.id,
            kind=kind,
            options=tuple(Option(entries=option) for option in options),
            draft=draft,
            receipt_id=draft.receipt_id if draft else None,
        )

    def answer(
        self,
        repositories: Repositories,
        chat: Chat,
        question: Question,
        choice: int,
        *,
        now: datetime,
    ) -> Captured | Nothing:
        """Book the entries behind a button; a second press changes nothing.

        A choice below 0, or an option without entries, settles the question and books nothing.
        """
        options = question.values["options"]
        assert isinstance(options, list)
        if choice >= len(options) or not repositories.conversations.settle(question.id):
            return Nothing("already_answered")
        chosen = options[choice] if choice >= 0 else []
        assert isinstance(chosen, list)
        entries = [
            drafts.from_json(one, entry_id=new_id(now), ledger_id=chat.ledger_id, now=now)
            for one in chosen
            if isinstance(one, dict)
        ]
        if not entries:
            return Captured(left_out=True)
        return self._book(repositories, chat, question.user_id, entries, now)

    def answer_typed(
        self,
        repositories: Repositories,
        written: IncomingText,
        question: Question,
        *,
        now: datetime,
    ) -> Captured | None:
        """Settle a question by a typed reply; None when it says nothing of the kind.

        The reply completes the question's draft; where there is none, an amount that one of the
        options has chooses it.
        """
        base = question.values.get("draft")
        words = parse_correction(written.text, written.context())
        if question.settled or words is None:
            return None
        if not isinstance(base, dict):
            return self._chosen(repositories, written, question, words, now)
        entry = drafts.from_json(
            base, entry_id=new_id(now), ledger_id=written.chat.ledger_id, now=now
        )
        entry = corrected(entry, words, written, now)
        require_owner(repositories, written.chat, entry, written.user_id)
        if not entry.money.amount or not repositories.conversations.settle(question.id):
            return None
        return self._book(repositories, written.chat, written.user_id, [entry], now)

    def _chosen(
        self,
        repositories: Repositories,
        written: IncomingText,
        question: Question,
        words: Correction,
        now: datetime,
    ) -> Captured | None:
        """Take the one option of a single entry whose amount was typed."""
        options = question.values["options"]
        assert isinstance(options, list)
        found = [
            choice
            for choice, option in enumerate(options)
            if isinstance(option, list) and len(option) == 1
            if _is_meant(option[0], words)
        ]
        if len(found) != 1 or question.user_id != written.user_id:
            return None
        answer = self.answer(repositories, written.chat, question, found[0], now=now)
        return answer if isinstance(answer, Captured) else None

    def _book(
        self,
        repositories: Repositories,
        chat: Chat,
        user_id: int,
        entries: Sequence[Entry],
        now: datetime,
    ) -> Captured:
        recorder = begin(repositories, chat, user_id, "capture", now)
        found = [Draft(entry) for entry in entries]
        booked, alerts = self.booking.book(repositories, chat, found, recorder, now=now)
        recorder.write()
        for receipt_id in {entry.receipt_id for entry in entries if entry.receipt_id}:
            receipt = repositories.receipts.get(receipt_id)
            repositories.receipts.save(replace(receipt, state="booked"))
        return Captured(booked=booked, alerts=alerts)


def _is_meant(option: object, words: Correction) -> bool:
    """Say whether typed words name the amount of an option, and nothing that it has not."""
    assert isinstance(option, dict)
    fields = option["fields"]
    money = Money.of_minor(fields["amount_minor"], fields["currency"])
    return words.amount == money.amount and words.currency in (None, money.currency)
