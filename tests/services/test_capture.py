"""What people type becomes entries, questions or refusals; over both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from ledger.errors import NotAllowedError, NotFoundError
from ledger.money import Money
from ports.answers import Captured, Corrected, Deleted, Nothing
from ports.books import Books, EntryFilter, Member
from tests.services.desk import ANN, BO, NOW, Act, Table


def amounts(books: Books, ledger_id: int) -> list[Decimal]:
    return sorted(e.money.amount for e in books.entries.page(ledger_id, EntryFilter(), limit=99))


async def test_a_typed_coffee_is_booked_filed_and_dated(act: Act) -> None:
    table = Table()

    def work(books: Books) -> Captured:
        return table.desk.capture.from_text(books, table.written(books, "coffee 4.50"), now=NOW)

    captured = await act(work)
    (booked,) = captured.booked
    assert booked.entry.money == Money(Decimal("4.50"), "EUR")
    assert booked.entry.note == "coffee"
    assert booked.entry.category == "eating_out"
    assert booked.entry.spent_on == date(2026, 11, 20)
    assert booked.entry.base is not None


async def test_the_same_message_twice_is_one_entry(act: Act) -> None:
    table = Table()

    def work(books: Books) -> int:
        written = table.written(books, "coffee 4.50")
        first = table.desk.capture.from_text(books, written, now=NOW).booked[0].entry.id
        again = table.desk.capture.from_text(books, written, now=NOW).booked[0].entry.id
        assert first == again
        return len(amounts(books, written.chat.ledger_id))

    assert await act(work) == 1


async def test_two_equal_coffees_in_two_messages_are_two_entries(act: Act) -> None:
    table = Table()

    def work(books: Books) -> list[Decimal]:
        for _ in range(2):
            table.desk.capture.from_text(books, table.written(books, "coffee 4.50"), now=NOW)
        return amounts(books, table.chat(books).ledger_id)

    assert await act(work) == [Decimal("4.50")] * 2


async def test_an_amount_in_another_currency_stands_apart(act: Act) -> None:
    table = Table()

    def work(books: Books) -> Captured:
        return table.desk.capture.from_text(books, table.written(books, "ramen 980 JPY"), now=NOW)

    (booked,) = (await act(work)).booked
    assert booked.entry.money == Money(Decimal(980), "JPY")
    assert booked.entry.base is None
    assert "not_converted" in [remark.id for remark in booked.remarks]


async def test_chatter_in_a_group_is_met_with_silence(act: Act) -> None:
    table = Table(kind="group")

    def work(books: Books) -> Captured:
        return table.desk.capture.from_text(books, table.written(books, "see you at 7"), now=NOW)

    captured = await act(work)
    assert captured.silent
    assert not captured.booked


async def test_a_correction_by_button_is_remembered_for_the_note(act: Act) -> None:
    table = Table()

    def work(books: Books) -> str:
        written = table.written(books, "frobnicate 9")
        booked = table.desk.capture.from_text(books, written, now=NOW).booked[0]
        table.desk.corrections.category(
            books, written.chat, ANN.user_id, booked.entry.id, "education", now=NOW
        )
        again = table.written(books, "frobnicate 11")
        after = table.desk.capture.from_text(books, again, now=NOW).booked[0]
        assert after.sure_category
        return after.entry.category

    assert await act(work) == "education"


@pytest.mark.parametrize(
    ("reply", "amount", "day", "category", "merchant"),
    [
        # An amount alone, and with its word.
        ("53.90", "53.90", 20, None, None),
        ("total 53.90", "53.90", 20, None, None),
        # A day.
        ("yesterday", "12.00", 19, None, None),
        # A merchant and a category.
        ("it was Lidl", "12.00", 20, None, "Lidl"),
        ("groceries", "12.00", 20, "groceries", None),
    ],
)
async def test_a_reply_to_a_confirmation_corrects_its_entry(
    act: Act, reply: str, amount: str, day: int, category: str | None, merchant: str | None
) -> None:
    table = Table()

    def work(books: Books) -> Corrected | None:
        written = table.written(books, "things 12")
        booked = table.desk.capture.from_text(books, written, now=NOW).booked[0]
        return table.desk.corrections.by_reply(
            books, table.written(books, reply), booked.entry.id, now=NOW
        )

    corrected = await act(work)
    assert corrected is not None
    entry = corrected.booked.entry
    assert entry.money.amount == Decimal(amount)
    assert entry.spent_on.day == day
    assert category is None or entry.category == category
    assert entry.merchant == merchant


async def test_nobody_but_author_and_admins_may_change_an_entry_of_a_group(act: Act) -> None:
    table = Table(kind="group")

    def capture(books: Books) -> str:
        written = table.written(books, "pizza 20 EUR", addressed=True)
        return table.desk.capture.from_text(books, written, now=NOW).booked[0].entry.id

    entry_id = await act(capture)

    def delete_as(books: Books, person: Member) -> Deleted | Nothing:
        chat = table.chat(books, person)
        return table.desk.corrections.delete(books, chat, person.user_id, entry_id, now=NOW)

    await act(lambda books: table.chat(books, BO))
    with pytest.raises(NotAllowedError):
        await act(lambda books: delete_as(books, BO))
    await act(lambda books: books.chats.set_admins(1, [BO.user_id], NOW))
    assert isinstance(await act(lambda books: delete_as(books, BO)), Deleted)
    assert isinstance(await act(lambda books: delete_as(books, ANN)), Nothing)


async def test_an_entry_of_another_chat_is_not_there(act: Act) -> None:
    table = Table()

    def work(books: Books) -> None:
        written = table.written(books, "coffee 4.50")
        entry_id = table.desk.capture.from_text(books, written, now=NOW).booked[0].entry.id
        other = table.desk.arrivals.enter(books, 2, "private", "Bo", BO, now=NOW).chat
        with pytest.raises(NotFoundError):
            table.desk.corrections.delete(books, other, BO.user_id, entry_id, now=NOW)

    await act(work)


async def test_a_question_books_once_however_often_it_is_answered(act: Act) -> None:
    table = Table()

    def ask(books: Books) -> str:
        written = table.written(books, "hammer 10 nails 20")
        (asked,) = table.desk.capture.from_text(books, written, now=NOW).asked
        return asked.question_id

    question_id = await act(ask)

    def answer(books: Books) -> Captured | Nothing:
        question = books.conversations.question(question_id)
        assert question is not None
        chat = table.chat(books)
        return table.desk.questions.answer(books, chat, question, 0, now=NOW)

    assert isinstance(await act(answer), Captured)
    assert isinstance(await act(answer), Nothing)
    count = await act(lambda books: len(amounts(books, table.chat(books).ledger_id)))
    assert count >= 1


async def test_everything_behind_income_is_income(act: Act) -> None:
    table = Table()

    def work(books: Books) -> list[tuple[str, Decimal]]:
        written = table.written(books, "100 old bike; lamp 20 food")
        written = replace(written, income=True, command=True)
        captured = table.desk.capture.from_text(books, written, now=NOW)
        return [(one.entry.type, one.entry.money.amount) for one in captured.booked]

    assert await act(work) == [("income", Decimal(100)), ("income", Decimal(20))]


@pytest.mark.parametrize("words", ["it was Lidl", "yesterday", "note with Bo"])
async def test_a_correction_that_answers_nothing_gets_a_hint(act: Act, words: str) -> None:
    table = Table()

    def work(books: Books) -> tuple[object, object, int]:
        said = table.desk.conversation.said
        first = said(books, table.written(books, words), None, now=NOW)
        said(books, table.written(books, "coffee 4.50"), None, now=NOW)
        second = said(books, table.written(books, words), None, now=NOW)
        return first, second, len(amounts(books, table.chat(books).ledger_id))

    first, second, count = await act(work)
    assert isinstance(first, Captured)
    assert isinstance(second, Captured)
    assert [one.reason for one in first.refused] == ["no_amount"]  # nothing to correct yet
    assert [one.reason for one in second.refused] == ["reply_to_entry"]
    assert count == 1


async def test_kind_words_and_totals_are_no_corrections(act: Act) -> None:
    table = Table()

    def work(books: Books) -> list[object]:
        said = table.desk.conversation.said
        texts = ("coffee 4.50", "thanks!", "total 53.90")
        return [said(books, table.written(books, text), None, now=NOW) for text in texts]

    _, thanks, total = await act(work)
    assert [one.reason for one in thanks.refused] == ["thanks"]
    assert [one.entry.money.amount for one in total.booked] == [Decimal("53.90")]


async def test_money_that_was_got_can_be_recorded_as_income(act: Act) -> None:
    table = Table()

    def work(books: Books) -> tuple[Captured, Captured | Nothing]:
        written = table.written(books, "I got 50 from grandma")
        captured = table.desk.capture.from_text(books, written, now=NOW)
        question = books.conversations.question(captured.asked[0].question_id)
        assert question
        return captured, table.desk.questions.answer(books, written.chat, question, 1, now=NOW)

    captured, answer = await act(work)
    assert not captured.booked
    assert captured.asked[0].words == "I got 50 from grandma"
    assert isinstance(answer, Captured)
    assert answer.booked[0].entry.type == "income"
    assert answer.booked[0].entry.money == Money(Decimal(50), "EUR")
