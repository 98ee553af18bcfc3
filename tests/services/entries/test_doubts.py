"""Doubts that an entry keeps until somebody confirms or changes them."""

from __future__ import annotations

from ledger.entries.queries import EntryFilter
from ports.answers import Booked, Corrected, Reversed
from ports.repositories import Repositories
from services.reporting.reports import list_page
from tests.services.setup import Run, Table

GUESSED = "frobnicate 9"
"""A note that no category is known for."""


def book(table: Table, repositories: Repositories, text: str) -> Booked:
    incoming = table.incoming(repositories, text)
    return table.services.capture.from_text(table.scope(repositories), incoming).booked[0]


async def test_a_guess_stays_one_through_every_way_of_showing_the_entry(run: Run) -> None:
    table = Table()

    def work(repositories: Repositories) -> None:
        scope, services = table.scope(repositories), table.services
        booked = book(table, repositories, GUESSED)
        assert booked.entry.category_guessed
        assert booked.alternatives
        again = services.corrections.booking.show(scope, booked.entry)
        assert (again.entry, again.alternatives) == (booked.entry, booked.alternatives)
        (listed,) = list_page(scope, EntryFilter()).entries
        assert listed.category_guessed
        incoming = table.incoming(repositories, "total 12")
        changed = services.corrections.by_reply(scope, incoming, booked.entry.id)
        assert isinstance(changed, Corrected)
        assert changed.booked.entry.category_guessed
        assert changed.booked.alternatives == booked.alternatives
        services.corrections.delete(scope, booked.entry.id)
        undone = services.history.undo(scope)
        assert isinstance(undone, Reversed)
        assert undone.entries[0].category_guessed

    await run(work)


async def test_pressing_the_guess_confirms_it_and_undo_brings_the_doubt_back(run: Run) -> None:
    table = Table()

    def work(repositories: Repositories) -> None:
        scope, services = table.scope(repositories), table.services
        entry = book(table, repositories, GUESSED).entry
        confirmed = services.corrections.category(scope, entry.id, entry.category).booked
        assert not confirmed.entry.category_guessed
        assert not confirmed.alternatives
        services.history.undo(scope)
        assert repositories.entries.get(scope.ledger.id, entry.id).category_guessed

    await run(work)


async def test_a_reply_with_a_category_ends_the_guess(run: Run) -> None:
    table = Table()

    def work(repositories: Repositories) -> None:
        scope = table.scope(repositories)
        entry = book(table, repositories, GUESSED).entry
        incoming = table.incoming(repositories, "category travel")
        answer = table.services.corrections.by_reply(scope, incoming, entry.id)
        assert isinstance(answer, Corrected)
        after = answer.booked.entry
        assert (after.category, after.category_guessed) == ("travel", False)

    await run(work)


async def test_income_never_becomes_the_category_of_an_expense(run: Run) -> None:
    table = Table()

    def work(repositories: Repositories) -> None:
        scope, services = table.scope(repositories), table.services
        entry = book(table, repositories, "dinner 30").entry
        incoming = table.incoming(repositories, "it was income")
        earned = services.corrections.by_reply(scope, incoming, entry.id)
        assert isinstance(earned, Corrected)
        assert (earned.booked.entry.type, earned.booked.entry.category) == ("income", "income")
        next_one = book(table, repositories, "dinner 20").entry
        assert (next_one.type, next_one.category) == ("expense", entry.category)
        spent = services.corrections.category(scope, entry.id, "travel").booked.entry
        assert (spent.type, spent.category) == ("expense", "travel")

    await run(work)
