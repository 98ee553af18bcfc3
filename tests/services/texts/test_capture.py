"""What people type becomes entries, questions or refusals; over both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from ledger.chats import Member
from ledger.entries.queries import EntryFilter
from ledger.errors import NotAllowedError, NotFoundError
from ledger.money import Money
from ports.answers import Captured, Corrected, Deleted, Nothing
from ports.repositories import Repositories
from services.entering import SeenChat
from services.scope import Scope
from services.texts.questions import Settled
from tests.services.setup import ANN, BO, NOW, Run, Table


def amounts(repositories: Repositories, ledger_id: int) -> list[Decimal]:
    return sorted(
        e.money.amount for e in repositories.entries.page(ledger_id, EntryFilter(), limit=99)
    )


async def test_a_typed_coffee_is_booked_filed_and_dated(run: Run) -> None:
    table = Table()

    def work(repositories: Repositories) -> Captured:
        return table.services.capture.from_text(
            table.scope(repositories),
            table.incoming(repositories, "coffee 4.50"),
        )

    captured = await run(work)
    (booked,) = captured.booked
    assert booked.entry.money == Money(Decimal("4.50"), "EUR")
    assert booked.entry.note == "coffee"
    assert booked.entry.category == "eating_out"
    assert booked.entry.spent_on == date(2026, 11, 20)
    assert booked.entry.base is not None


async def test_the_same_message_twice_is_one_entry(run: Run) -> None:
    table = Table()

    def work(repositories: Repositories) -> int:
        incoming = table.incoming(repositories, "coffee 4.50")
        first = (
            table.services.capture.from_text(table.scope(repositories), incoming).booked[0].entry.id
        )
        again = (
            table.services.capture.from_text(table.scope(repositories), incoming).booked[0].entry.id
        )
        assert first == again
        return len(amounts(repositories, table.scope(repositories).ledger.id))

    assert await run(work) == 1


async def test_two_equal_coffees_in_two_messages_are_two_entries(run: Run) -> None:
    table = Table()

    def work(repositories: Repositories) -> list[Decimal]:
        for _ in range(2):
            table.services.capture.from_text(
                table.scope(repositories),
                table.incoming(repositories, "coffee 4.50"),
            )
        return amounts(repositories, table.chat(repositories).ledger.id)

    assert await run(work) == [Decimal("4.50")] * 2


async def test_an_amount_in_another_currency_stands_apart(run: Run) -> None:
    table = Table()

    def work(repositories: Repositories) -> Captured:
        return table.services.capture.from_text(
            table.scope(repositories),
            table.incoming(repositories, "ramen 980 JPY"),
        )

    (booked,) = (await run(work)).booked
    assert booked.entry.money == Money(Decimal(980), "JPY")
    assert booked.entry.base is None
    assert "not_converted" in [remark.id for remark in booked.remarks]


async def test_chatter_in_a_group_is_met_with_silence(run: Run) -> None:
    table = Table(kind="group")

    def work(repositories: Repositories) -> Captured:
        return table.services.capture.from_text(
            table.scope(repositories),
            table.incoming(repositories, "see you at 7"),
        )

    captured = await run(work)
    assert captured.silent
    assert not captured.booked


async def test_a_message_that_is_booked_already_says_nothing_and_leaves_no_trace(run: Run) -> None:
    """Telegram may deliver an edit and its message at the same moment, in any order."""
    table = Table()

    def work(repositories: Repositories) -> tuple[Captured, Captured, int]:
        scope, edited = table.scope(repositories), table.incoming(repositories, "bread 5")
        first = table.services.capture.from_text(scope, edited)
        later = replace(scope, now=NOW + timedelta(seconds=1))
        second = table.services.capture.from_text(later, replace(edited, text="bread 4"))
        operations = repositories.operations.list_after(scope.ledger.id, 0, 9)
        return first, second, len(operations)

    first, second, operations = await run(work)
    assert [one.entry.money for one in first.booked] == [Money(Decimal(5), "EUR")]
    assert second.silent, "the card is there"
    assert [one.entry for one in second.booked] == [one.entry for one in first.booked]
    assert operations == 1


async def test_a_correction_by_button_is_remembered_for_the_note(run: Run) -> None:
    table = Table()

    def work(repositories: Repositories) -> str:
        incoming = table.incoming(repositories, "frobnicate 9")
        booked = table.services.capture.from_text(table.scope(repositories), incoming).booked[0]
        table.services.corrections.category(table.scope(repositories), booked.entry.id, "education")
        again = table.incoming(repositories, "frobnicate 11")
        after = table.services.capture.from_text(table.scope(repositories), again).booked[0]
        assert not after.entry.category_guessed
        return after.entry.category

    assert await run(work) == "education"


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
    run: Run,
    reply: str,
    amount: str,
    day: int,
    category: str | None,
    merchant: str | None,
) -> None:
    table = Table()

    def work(repositories: Repositories) -> Corrected | None:
        incoming = table.incoming(repositories, "things 12")
        booked = table.services.capture.from_text(table.scope(repositories), incoming).booked[0]
        corrected = table.services.corrections.by_reply(
            table.scope(repositories),
            table.incoming(repositories, reply),
            booked.entry.id,
        )
        assert corrected is None or isinstance(corrected, Corrected)
        return corrected

    corrected = await run(work)
    assert corrected is not None
    entry = corrected.booked.entry
    assert entry.money.amount == Decimal(amount)
    assert entry.spent_on.day == day
    assert category is None or entry.category == category
    assert entry.merchant == merchant


async def test_nobody_but_author_and_admins_may_change_an_entry_of_a_group(
    run: Run,
) -> None:
    table = Table(kind="group")

    def capture(repositories: Repositories) -> str:
        incoming = table.incoming(repositories, "pizza 20 EUR", addressed=True)
        return (
            table.services.capture.from_text(table.scope(repositories), incoming).booked[0].entry.id
        )

    entry_id = await run(capture)

    def delete_as(repositories: Repositories, person: Member) -> Deleted | Nothing:
        chat = table.chat(repositories, person)
        return table.services.corrections.delete(
            Scope(repositories, chat.ledger, person.user_id, NOW), entry_id
        )

    await run(lambda repositories: table.chat(repositories, BO))
    with pytest.raises(NotAllowedError):
        await run(lambda repositories: delete_as(repositories, BO))
    await run(lambda repositories: repositories.chats.set_admins(1, [BO.user_id]))
    assert isinstance(await run(lambda repositories: delete_as(repositories, BO)), Deleted)
    assert isinstance(await run(lambda repositories: delete_as(repositories, ANN)), Nothing)


async def test_an_entry_of_another_chat_is_not_there(run: Run) -> None:
    table = Table()

    def work(repositories: Repositories) -> None:
        incoming = table.incoming(repositories, "coffee 4.50")
        entry_id = (
            table.services.capture.from_text(table.scope(repositories), incoming).booked[0].entry.id
        )
        other = table.services.entering.enter(
            repositories, SeenChat(2, "private", "Bo"), BO, now=NOW
        ).chat
        with pytest.raises(NotFoundError):
            table.services.corrections.delete(
                Scope(repositories, other.ledger, BO.user_id, NOW), entry_id
            )

    await run(work)


async def test_a_question_books_once_however_often_it_is_answered(run: Run) -> None:
    table = Table()

    def ask(repositories: Repositories) -> str:
        incoming = table.incoming(repositories, "hammer $12 €10")
        (asked,) = table.services.capture.from_text(table.scope(repositories), incoming).asked
        return asked.question_id

    question_id = await run(ask)

    def answer(repositories: Repositories) -> Settled:
        question = repositories.conversations.question(
            table.chat(repositories).ledger.id, question_id
        )
        assert question is not None
        chat = table.chat(repositories)
        return table.services.questions.answer(
            Scope(repositories, chat.ledger, 0, NOW), question, 0
        )

    assert isinstance(await run(answer), Captured)
    assert isinstance(await run(answer), Nothing)
    count = await run(
        lambda repositories: len(amounts(repositories, table.chat(repositories).ledger.id))
    )
    assert count >= 1


async def test_everything_behind_income_is_income(run: Run) -> None:
    table = Table()

    def work(repositories: Repositories) -> list[tuple[str, Decimal]]:
        incoming = table.incoming(repositories, "100 old bike; lamp 20 food")
        incoming = replace(incoming, income=True, command=True)
        captured = table.services.capture.from_text(table.scope(repositories), incoming)
        return [(one.entry.type, one.entry.money.amount) for one in captured.booked]

    assert await run(work) == [("income", Decimal(100)), ("income", Decimal(20))]


@pytest.mark.parametrize("words", ["it was Lidl", "yesterday", "note with Bo"])
async def test_a_correction_that_answers_nothing_gets_a_hint(run: Run, words: str) -> None:
    table = Table()

    def work(repositories: Repositories) -> tuple[object, object, int]:
        said = table.services.conversation.answer
        first = said(
            table.scope(repositories),
            table.incoming(repositories, words),
            None,
        )
        said(
            table.scope(repositories),
            table.incoming(repositories, "coffee 4.50"),
            None,
        )
        second = said(
            table.scope(repositories),
            table.incoming(repositories, words),
            None,
        )
        return first, second, len(amounts(repositories, table.chat(repositories).ledger.id))

    first, second, count = await run(work)
    assert isinstance(first, Captured)
    assert isinstance(second, Captured)
    assert [one.reason for one in first.refused] == ["no_amount"]  # nothing to correct yet
    assert [one.reason for one in second.refused] == ["reply_to_entry"]
    assert count == 1


async def test_kind_words_and_totals_are_no_corrections(run: Run) -> None:
    table = Table()

    def work(repositories: Repositories) -> list[object]:
        said = table.services.conversation.answer
        texts = ("coffee 4.50", "thanks!", "total 53.90")
        return [
            said(
                table.scope(repositories),
                table.incoming(repositories, text),
                None,
            )
            for text in texts
        ]

    _, thanks, total = await run(work)
    assert [one.reason for one in thanks.refused] == ["thanks"]
    assert [one.entry.money.amount for one in total.booked] == [Decimal("53.90")]


async def test_money_that_was_got_can_be_recorded_as_income(run: Run) -> None:
    table = Table()

    def work(repositories: Repositories) -> tuple[Captured, Settled]:
        incoming = table.incoming(repositories, "I got 50 from grandma")
        captured = table.services.capture.from_text(table.scope(repositories), incoming)
        question = repositories.conversations.question(
            table.chat(repositories).ledger.id, captured.asked[0].question_id
        )
        assert question
        return captured, table.services.questions.answer(table.scope(repositories), question, 1)

    captured, answer = await run(work)
    assert not captured.booked
    assert captured.asked[0].words == "I got 50 from grandma"
    assert isinstance(answer, Captured)
    assert answer.booked[0].entry.type == "income"
    assert answer.booked[0].entry.money == Money(Decimal(50), "EUR")
