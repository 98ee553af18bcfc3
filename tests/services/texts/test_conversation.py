"""What a text in a chat comes to: a command, a correction, an answer, or an entry."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from ledger.entries.queries import EntryFilter
from ledger.errors import InputError
from ledger.settings import with_settings_fields
from ports.answers import (
    BudgetSet,
    Captured,
    CommandHint,
    Corrected,
    Deleted,
    Nothing,
    Page,
    Reversed,
    Summarised,
    WhichEntry,
)
from ports.repositories import Repositories
from replies.names import list_category_names, list_group_names
from services.reporting.reports import list_page
from services.reporting.searching import read_filter
from tests.services.setup import ANN, BO, NOW, Run, Table


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """SQLite alone: what texts come to in either database is tried by `test_capture`."""
    return sqlite_url


def says(
    table: Table,
    repositories: Repositories,
    text: str,
    *,
    minutes: float = 0,
    **more: Any,  # noqa: ANN401
) -> Any:  # noqa: ANN401  # every kind of answer
    now = NOW + timedelta(minutes=minutes)
    incoming = table.incoming(repositories, text, now=now, **more)
    scope = table.scope(repositories, now=now, person=more.get("person", ANN))
    return table.services.conversation.answer(scope, incoming, None)


def live(table: Table, repositories: Repositories) -> list[tuple[str, str]]:
    found = repositories.entries.page(table.chat(repositories).ledger.id, EntryFilter(), limit=20)
    return [(entry.note, str(entry.money.amount)) for entry in found]


Work = Callable[[Repositories], None]


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("undo", Reversed),
        ("rückgängig", Reversed),
        ("отмени", Reversed),
        ("delete that", Deleted),
        ("delete coffee 4.50", Deleted),
        ("summary", Summarised),
        ("how much this month?", Summarised),
        ("list", Page),
        ("help", CommandHint),
        ("export", CommandHint),
        ("set budget food 400", BudgetSet),
    ],
)
async def test_a_command_in_plain_words_is_done_and_never_booked(
    run: Run, text: str, answer: type
) -> None:
    table = Table()

    def work(repositories: Repositories) -> None:
        says(table, repositories, "coffee 4.50")
        got = says(table, repositories, text, minutes=1)
        assert isinstance(got, answer)
        assert len(live(table, repositories)) == (0 if answer in {Reversed, Deleted} else 1)

    await run(work)


async def test_a_deletion_that_fits_several_entries_asks_which(run: Run) -> None:
    table = Table()

    def work(repositories: Repositories) -> None:
        says(table, repositories, "coffee 4.50\ncoffee 4.50")
        assert isinstance(says(table, repositories, "delete coffee 4.50"), WhichEntry)
        assert isinstance(says(table, repositories, "delete that"), WhichEntry)
        assert says(table, repositories, "delete tea 3") == Nothing("no_such_entry")
        assert len(live(table, repositories)) == 2

    await run(work)


async def test_a_note_without_an_amount_is_completed_by_the_number_that_follows(run: Run) -> None:
    table = Table()

    def work(repositories: Repositories) -> None:
        asked = says(table, repositories, "taxi")
        assert isinstance(asked, Captured)
        assert asked.asked[0].kind == "how_much"
        booked = says(table, repositories, "18.20", minutes=1)
        assert isinstance(booked, Captured)
        assert live(table, repositories) == [("taxi", "18.20")]

    await run(work)


@pytest.mark.parametrize(("minutes", "note"), [(1.9, "coffee"), (2.1, "")])
async def test_a_number_completes_a_note_of_two_minutes_at_most(
    run: Run, minutes: float, note: str
) -> None:
    table = Table()

    def work(repositories: Repositories) -> None:
        says(table, repositories, "coffee")
        says(table, repositories, "4.50", minutes=minutes)
        assert live(table, repositories) == [(note, "4.50")]

    await run(work)


async def test_words_of_another_entry_leave_the_question_open(run: Run) -> None:
    table = Table()

    def work(repositories: Repositories) -> None:
        says(table, repositories, "taxi")
        says(table, repositories, "lunch 9", minutes=0.5)
        assert live(table, repositories) == [("lunch", "9.00")]
        says(table, repositories, "18", minutes=1)
        assert ("taxi", "18.00") not in live(table, repositories), "lunch was the last thing said"

    await run(work)


@pytest.mark.parametrize("words", ["no, 5.50", "sorry, 5.50", "make it 5.50", "nein, 5,50"])
async def test_a_correction_without_a_reply_changes_the_last_entry(run: Run, words: str) -> None:
    table = Table()

    def work(repositories: Repositories) -> None:
        says(table, repositories, "coffee 4.50")
        got = says(table, repositories, words, minutes=9)
        assert isinstance(got, Corrected)
        assert got.before is not None
        assert live(table, repositories) == [("coffee", "5.50")]
        assert isinstance(says(table, repositories, "undo", minutes=9), Reversed)
        assert live(table, repositories) == [("coffee", "4.50")]

    await run(work)


async def test_a_correction_that_comes_late_books_nothing_and_says_so(run: Run) -> None:
    table = Table()

    def work(repositories: Repositories) -> None:
        says(table, repositories, "coffee 4.50")
        got = says(table, repositories, "no, 5.50", minutes=11)
        assert isinstance(got, Captured)
        assert [one.reason for one in got.refused] == ["correction"]
        assert live(table, repositories) == [("coffee", "4.50")]

    await run(work)


@pytest.mark.parametrize(
    ("words", "amount", "tags", "payer"),
    [
        ("tip 3", "7.50", (), 7),
        ("#home", "4.50", ("home",), 7),
        ("paid by Bo", "4.50", (), 8),
        ("not 4.50 but 5", "5.00", (), 7),
    ],
)
async def test_a_reply_changes_tip_tags_payer_and_amount(
    run: Run, words: str, amount: str, tags: tuple[str, ...], payer: int
) -> None:
    table = Table()

    def work(repositories: Repositories) -> None:
        table.chat(repositories, BO)
        entry = says(table, repositories, "coffee 4.50").booked[0].entry
        done = table.services.corrections.by_reply(
            table.scope(repositories), table.incoming(repositories, words), entry.id
        )
        assert isinstance(done, Corrected)
        after = done.booked.entry
        assert (after.money.amount, after.tags, after.paid_by) == (Decimal(amount), tags, payer)

    await run(work)


async def test_a_payer_whom_nobody_knows_is_asked_for(run: Run) -> None:
    table = Table()

    def work(repositories: Repositories) -> None:
        entry = says(table, repositories, "coffee 4.50").booked[0].entry
        with pytest.raises(InputError, match="payer_unknown"):
            table.services.corrections.by_reply(
                table.scope(repositories), table.incoming(repositories, "paid by Mia"), entry.id
            )

    await run(work)


async def test_a_chat_that_counts_in_thousands_is_asked_once(run: Run) -> None:
    table = Table()

    def work(repositories: Repositories) -> None:
        chat = table.chat(repositories)
        rupiah = with_settings_fields(chat.settings, {"currency": "IDR", "language": "id"})
        repositories.chats.save_settings(chat.ledger.id, rupiah)
        asked = says(table, repositories, "bakso 15").asked[0]
        assert asked.kind == "thousands"
        question = repositories.conversations.question(chat.ledger.id, asked.question_id)
        assert question is not None
        sums = [option.entries[0].money.amount for option in asked.options]
        table.services.questions.answer(table.scope(repositories), question, sums.index(max(sums)))
        again = says(table, repositories, "kopi 12", minutes=1)
        assert [str(one.entry.money.amount) for one in again.booked] == ["12000.00"]

    await run(work)


async def test_an_income_teaches_nothing_about_spending(run: Run) -> None:
    table = Table()

    def work(repositories: Repositories) -> None:
        entry = says(table, repositories, "dinner 30").booked[0].entry
        table.services.corrections.category(table.scope(repositories), entry.id, "income")
        again = says(table, repositories, "dinner 20", minutes=1).booked[0].entry
        assert (again.type, again.category) != ("expense", "income")
        assert again.category != "income"

    await run(work)


async def test_a_group_learns_the_words_that_it_booked(run: Run) -> None:
    table = Table(kind="group")

    def work(repositories: Repositories) -> None:
        assert says(table, repositories, "frobnicate 12").silent
        says(table, repositories, "frobnicate 12 EUR")
        assert len(live(table, repositories)) == 1
        assert not says(table, repositories, "frobnicate 14", minutes=9).silent
        assert len(live(table, repositories)) == 2

    await run(work)


async def test_the_payer_of_a_new_entry_can_be_named(run: Run) -> None:
    table = Table(kind="group")

    def work(repositories: Repositories) -> None:
        table.chat(repositories, BO)
        known = says(table, repositories, "taxi 18 EUR @bo").booked[0].entry
        assert (known.paid_by, known.note) == (BO.user_id, "taxi")
        nobody = says(table, repositories, "taxi 18 EUR @mia").booked[0].entry
        assert (nobody.paid_by, nobody.note) == (ANN.user_id, "taxi @mia")

    await run(work)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("food", ["pizza", "milk"]),
        ("groceries", ["milk"]),
        ("cafe", ["café crème"]),
        ("CAFE creme", ["café crème"]),
        ("#work", ["pen"]),
        ("work", ["pen"]),
        ("today", ["pen", "café crème", "pizza", "milk"]),
        ("nothing of the kind", []),
    ],
)
async def test_a_search_takes_categories_tags_and_words_without_accents(
    run: Run, words: str, found: list[str]
) -> None:
    table = Table()

    def work(repositories: Repositories) -> None:
        for text in (
            "milk 2 [groceries]",
            "pizza 9 [eating_out]",
            "café crème 4 [health]",
            "pen 1 #work [education]",
        ):
            assert says(table, repositories, text).booked
        scope = table.scope(repositories)
        names = list_category_names(scope.settings) | list_group_names(scope.settings)
        page = list_page(scope, read_filter(scope, words, names))
        assert sorted(entry.note for entry in page.entries) == sorted(found)

    await run(work)
