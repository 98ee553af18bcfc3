"""The chat's side of a reading: doubtful fields, questions and the same receipt again."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from ledger.chats import Member
from ledger.questions import DELETE, NONE_OF_THEM
from ledger.receipt import ReceiptDraft
from ledger.receipt.draft_json import dump_draft
from ports.answers import Asked, Captured, Corrected, MarkedField, Nothing, ReceiptRefused
from ports.jobs import ReceiptRead
from ports.repositories import Repositories
from services.receipts.capturing import SentFile
from services.scope import Scope
from tests.services.setup import ANN, BO, NOW, Run, Table

TODAY = NOW.date()
PRINT = "CAFE AROMA\n19.11.2026 09:41\nBon 10412 Kasse 0003\nTOTAL 3,20"
OTHER_PRINT = "CAFE AROMA\n19.11.2026 11:02\nBon 10415 Kasse 0003\nTOTAL 3,20"
READ = ReceiptDraft(
    "receipt",
    merchant="CAFE AROMA",
    on=date(2026, 11, 19),
    total=Decimal("3.20"),
    currency="EUR",
    sure=True,
    text=PRINT,
)
UNSURE = replace(
    READ, sure=False, asks=("total",), candidates={"total": (Decimal("3.20"), Decimal("8.20"))}
)


@dataclass(slots=True)
class Till:
    """A chat to which receipts are sent; each call is a part of one unit of work."""

    repositories: Repositories
    table: Table = field(default_factory=Table)

    @property
    def scope(self) -> Scope:
        """The scope of Ann."""
        return self.table.scope(self.repositories)

    def send(
        self, read: ReceiptDraft, *, person: Member = ANN, picture: str = "", digest: str = ""
    ) -> Captured | Nothing | ReceiptRefused:
        """Send a picture that is read so."""
        receipts = self.table.services.receipts
        incoming = self.table.incoming(self.repositories, "", person=person, addressed=True)
        scope = self.table.scope(self.repositories, person=person)
        receipt = receipts.take_file(scope, incoming, SentFile("f", "", None))
        assert receipt is not None
        self.repositories.receipts.save(
            replace(receipt, sha256=digest or receipt.id, blob_key=f"b{receipt.id}")
        )
        event = ReceiptRead(
            receipt.ledger_id,
            receipt.id,
            addressed=True,
            drafts=(dump_draft(read),),
            picture_print=picture,
        )
        return receipts.take_reading(scope, incoming, event)

    def say(self, text: str) -> object:
        """Type something without a reply."""
        incoming = self.table.incoming(self.repositories, text)
        return self.table.services.conversation.answer(self.scope, incoming, None)

    def press(self, asked: Asked, choice: int) -> Captured:
        """Press a button of a question."""
        questions = self.table.services.questions
        answer = questions.answer_by_button(self.scope, asked.question_id, choice)
        assert isinstance(answer, Captured)
        return answer

    def ask(self, read: ReceiptDraft) -> Asked:
        """Send a picture that is asked about."""
        answer = self.send(read)
        assert isinstance(answer, Captured)
        assert not answer.booked
        return answer.asked[0]

    def count(self) -> int:
        """Return how many questions are open."""
        return len(self.table.services.questions.list_open(self.scope).asked)


async def test_doubtful_fields_are_marked_until_somebody_sets_or_confirms_them(run: Run) -> None:
    read = replace(
        READ,
        on=None,
        marks=("date", "merchant", "currency"),
        alternatives={"merchant": ("AROMA", "KAFFEE"), "currency": ("USD",)},
    )

    def work(repositories: Repositories) -> None:
        till = Till(repositories)
        answer = till.send(read)
        assert isinstance(answer, Captured)
        (booked,) = answer.booked
        assert booked.entry.spent_on == TODAY
        assert booked.marks == (
            MarkedField("date", is_missing=True),
            MarkedField("merchant", words=("AROMA", "KAFFEE")),
            MarkedField("currency", is_missing=True, words=("USD",)),
        )
        entry_id, corrections = booked.entry.id, till.table.services.corrections
        moved = corrections.move(till.scope, entry_id, TODAY - timedelta(days=1)).booked
        assert [mark.field for mark in moved.marks] == ["merchant", "currency"]
        named = corrections.set_merchant(till.scope, entry_id, "AROMA").booked
        assert (named.entry.merchant, [m.field for m in named.marks]) == ("AROMA", ["currency"])
        done = corrections.set_currency(till.scope, entry_id, "EUR").booked
        assert (done.entry.money.currency, done.marks) == ("EUR", ())
        till.table.services.history.undo(till.scope)
        assert repositories.entries.get(till.scope.ledger.id, entry_id).marks == ("currency",)

    await run(work)


async def test_a_reply_takes_the_mark_from_the_field_that_it_names(run: Run) -> None:
    def work(repositories: Repositories) -> None:
        till = Till(repositories)
        answer = till.send(replace(READ, on=None, marks=("date", "merchant")))
        assert isinstance(answer, Captured)
        incoming = till.table.incoming(repositories, "it was Lidl")
        corrections = till.table.services.corrections
        corrected = corrections.by_reply(till.scope, incoming, answer.booked[0].entry.id)
        assert isinstance(corrected, Corrected)
        assert corrected.booked.entry.marks == ("date",)

    await run(work)


@pytest.mark.parametrize(
    ("kind", "typed", "booked"),
    [
        ("total", "53.90", ("53.90", "EUR", date(2026, 11, 19))),
        ("date", "12.11.", ("3.20", "EUR", date(2026, 11, 12))),
        ("date", "12.11", ("3.20", "EUR", date(2026, 11, 12))),
        ("date", "yesterday", ("3.20", "EUR", date(2026, 11, 19))),
        ("currency", "USD", ("3.20", "USD", date(2026, 11, 19))),
    ],
)
async def test_an_answer_typed_without_a_reply_settles_the_question(
    run: Run, kind: str, typed: str, booked: tuple[str, str, date]
) -> None:
    def work(repositories: Repositories) -> None:
        till = Till(repositories)
        till.ask(replace(UNSURE, asks=(kind,), candidates={}))  # type: ignore[arg-type]
        answer = till.say(typed)
        assert isinstance(answer, Captured)
        (one,) = answer.booked
        money = one.entry.money
        assert (str(money.amount), money.currency, one.entry.spent_on) == booked
        assert one.entry.receipt_id
        assert till.count() == 0

    await run(work)


async def test_words_about_another_field_leave_a_doubtful_total_open(run: Run) -> None:
    def work(repositories: Repositories) -> None:
        till = Till(repositories)
        till.ask(UNSURE)
        answer = till.say("yesterday")
        assert isinstance(answer, Captured)
        assert not answer.booked
        (asked,) = answer.asked
        assert [o.entries[0].spent_on for o in asked.options] == [TODAY - timedelta(days=1)] * 2
        assert till.count() == 1
        assert till.press(asked, 1).booked[0].entry.money.amount == Decimal("8.20")

    await run(work)


async def test_none_of_these_keeps_the_receipt_and_takes_a_typed_amount(run: Run) -> None:
    def work(repositories: Repositories) -> None:
        till = Till(repositories)
        asked = till.ask(UNSURE)
        answer = till.press(asked, NONE_OF_THEM)
        assert not answer.left_out
        assert answer.asked[0].is_typed
        assert till.count() == 1
        typed = till.say("4.20")
        assert isinstance(typed, Captured)
        assert typed.booked[0].entry.receipt_id == asked.receipt_id
        assert till.count() == 0

    await run(work)


async def test_delete_settles_the_question_and_gives_the_picture_up(run: Run) -> None:
    def work(repositories: Repositories) -> None:
        till = Till(repositories)
        asked = till.ask(UNSURE)
        answer = till.press(asked, DELETE)
        assert answer.left_out
        assert answer.discarded == (f"b{asked.receipt_id}",)
        assert till.count() == 0
        assert repositories.receipts.find(till.scope.ledger.id, asked.receipt_id or "") is None

    await run(work)


@pytest.mark.parametrize(
    ("first", "again"),
    [
        ({"digest": "5a"}, {"digest": "5a"}),
        ({"picture": "f" * 64}, {"picture": "f" * 63 + "e", "read": replace(READ, text="?")}),
        ({}, {"read": replace(READ, merchant="CAFE ARONA", text=PRINT.replace("TOTAL", "T0TAL"))}),
    ],
    ids=["same file", "same picture", "retaken photo"],
)
async def test_the_same_receipt_again_is_asked_next_to_the_booked_one(
    run: Run, first: dict[str, Any], again: dict[str, Any]
) -> None:
    def work(repositories: Repositories) -> None:
        till = Till(repositories, Table(kind="group"))
        booked = till.send(READ, **first)
        assert isinstance(booked, Captured)
        answer = till.send(
            again.get("read", READ), person=BO, **{k: v for k, v in again.items() if k != "read"}
        )
        assert isinstance(answer, Captured)
        assert not answer.booked
        (asked,) = answer.asked
        assert asked.kind == "receipt_same"
        assert asked.same_as == booked.booked[0].entry
        assert (asked.draft and asked.draft.paid_by, asked.user_id) == (BO.user_id, BO.user_id)
        assert len(till.press(asked, 0).booked) == 1

    await run(work)


async def test_a_doubtful_total_is_asked_after_the_receipt_is_another(run: Run) -> None:
    def work(repositories: Repositories) -> None:
        till = Till(repositories)
        till.send(READ, digest="5a")
        again = till.send(UNSURE, digest="5a")
        assert isinstance(again, Captured)
        answer = till.press(again.asked[0], 0)
        assert not answer.booked
        assert [one.kind for one in answer.asked] == ["receipt_total"]
        assert till.press(answer.asked[0], 0).booked[0].entry.money.amount == Decimal("3.20")

    await run(work)


async def test_two_equal_coffees_stay_two(run: Run) -> None:
    def work(repositories: Repositories) -> None:
        till = Till(repositories)
        till.send(READ, picture="f" * 64)
        answer = till.send(replace(READ, text=OTHER_PRINT), picture="0" * 64)
        assert isinstance(answer, Captured)
        assert len(answer.booked) == 1

    await run(work)


async def test_a_bare_figure_does_not_answer_whether_it_is_the_same_receipt(run: Run) -> None:
    def work(repositories: Repositories) -> None:
        till = Till(repositories)
        till.send(READ, digest="5a")
        till.send(READ, digest="5a")
        answer = till.say("12.50")
        assert isinstance(answer, Captured)
        assert [one.entry.receipt_id for one in answer.booked] == [None]
        assert till.count() == 1

    await run(work)


async def test_a_picture_of_something_else_is_not_kept(run: Run) -> None:
    def work(repositories: Repositories) -> None:
        till = Till(repositories)
        answer = till.send(ReceiptDraft("not_a_receipt", asks=("total",)))
        assert isinstance(answer, ReceiptRefused)
        assert len(answer.discarded) == 1
        assert till.count() == 0
        assert repositories.receipts.find(till.scope.ledger.id, answer.discarded[0][1:]) is None

    await run(work)
