"""Undo and redo: by example, and by random walks against a model of fifty lines (seed printed)."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from decimal import Decimal

import pytest

from ports.answers import Nothing, Reversed
from ports.books import Books, EntryFilter
from services.budgets import show
from tests.services.desk import ANN, NOW, Act, Table

STEPS = 60
CATEGORIES = ("groceries", "eating_out", "transport", "health")


async def test_undo_takes_back_a_whole_message_and_redo_brings_it_back(act: Act) -> None:
    table = Table()

    def work(books: Books) -> list[int]:
        chat = table.chat(books)
        written = table.written(books, "coffee 4.50\ntea 3\nbread 2")
        table.desk.capture.from_text(books, written, now=NOW)
        counts = [count(books, chat.ledger_id)]
        undone = table.desk.history.undo(books, chat, ANN.user_id, now=NOW)
        assert isinstance(undone, Reversed)
        assert len(undone.entries) == 3
        counts.append(count(books, chat.ledger_id))
        table.desk.history.redo(books, chat, ANN.user_id, now=NOW)
        counts.append(count(books, chat.ledger_id))
        return counts

    assert await act(work) == [3, 0, 3]


async def test_undo_is_one_person_s_own(act: Act) -> None:
    table = Table(kind="group")

    def work(books: Books) -> bool:
        written = table.written(books, "pizza 20 EUR", addressed=True)
        table.desk.capture.from_text(books, written, now=NOW)
        answer = table.desk.history.undo(books, written.chat, 999, now=NOW)
        return isinstance(answer, Nothing)

    assert await act(work)


async def test_undo_of_a_tap_on_a_category_unlearns_it(act: Act) -> None:
    table = Table()

    def work(books: Books) -> str:
        chat = table.chat(books)
        written = table.written(books, "frobnicate 9")
        booked = table.desk.capture.from_text(books, written, now=NOW).booked[0]
        before = booked.entry.category
        table.desk.corrections.category(
            books, chat, ANN.user_id, booked.entry.id, "education", now=NOW
        )
        table.desk.history.undo(books, chat, ANN.user_id, now=NOW)
        again = table.written(books, "frobnicate 9")
        after = table.desk.capture.from_text(books, again, now=NOW).booked[0]
        assert books.entries.get(chat.ledger_id, booked.entry.id).category == before
        return after.entry.category

    assert await act(work) != "education"


async def test_a_new_currency_restates_the_ledger_and_undo_brings_the_old_one_back(
    act: Act,
) -> None:
    table = Table()

    def work(books: Books) -> list[dict[str, bool]]:
        chat = table.chat(books)
        for text in ("coffee 4.50", "ramen 980 JPY"):
            table.desk.capture.from_text(books, table.written(books, text), now=NOW)
        table.desk.preferences.change(books, chat, ANN.user_id, {"currency": "JPY"}, now=NOW)
        states = [stated(books, chat.ledger_id)]
        table.desk.history.undo(books, table.chat(books), ANN.user_id, now=NOW)
        states.append(stated(books, chat.ledger_id))
        assert table.chat(books).settings.currency == "EUR"
        return states

    assert await act(work) == [{"coffee": False, "ramen": True}, {"coffee": True, "ramen": False}]


@dataclass
class Model:
    """What the ledger should hold: states before and after each act, as plain dicts."""

    entries: dict[int, tuple[Decimal, str]] = field(default_factory=dict)
    done: list[dict[int, tuple[Decimal, str] | None]] = field(default_factory=list)
    undone: list[dict[int, tuple[Decimal, str] | None]] = field(default_factory=list)

    def put(self, number: int, value: tuple[Decimal, str] | None) -> None:
        """One act on one entry; None takes it out."""
        if self.entries.get(number) != value:
            self.done.append({number: self.entries.get(number)})
            self.undone.clear()
            self._set(number, value)

    def undo(self) -> bool:
        """Take the newest act back."""
        return self._swap(self.done, self.undone)

    def redo(self) -> bool:
        """Make it again."""
        return self._swap(self.undone, self.done)

    def _swap(self, source: list, target: list) -> bool:
        if not source:
            return False
        act = source.pop()
        target.append({number: self.entries.get(number) for number in act})
        for number, value in act.items():
            self._set(number, value)
        return True

    def _set(self, number: int, value: tuple[Decimal, str] | None) -> None:
        if value is None:
            self.entries.pop(number, None)
        else:
            self.entries[number] = value


@pytest.mark.parametrize("round_number", range(8))
async def test_random_walks_agree_with_the_model(act: Act, round_number: int) -> None:
    seed = random.randrange(1 << 30)
    print(f"seed {seed}")
    chance = random.Random(seed)
    table, model, ids = Table(), Model(), {}

    def step(books: Books) -> None:
        chat = table.chat(books)
        desk = table.desk
        roll = chance.random()
        live = list(model.entries)
        if roll < 0.45 or not live:
            amount, category = Decimal(chance.randrange(1, 9999)) / 100, chance.choice(CATEGORIES)
            written = table.written(books, f"thing {amount} EUR [{category}]")
            (booked,) = desk.capture.from_text(books, written, now=NOW).booked
            ids[len(ids)] = booked.entry.id
            model.put(len(ids) - 1, (amount, category))
        elif roll < 0.6:
            number = chance.choice(live)
            desk.corrections.delete(books, chat, ANN.user_id, ids[number], now=NOW)
            model.put(number, None)
        elif roll < 0.7:
            number, amount = chance.choice(live), Decimal(chance.randrange(1, 9999)) / 100
            desk.corrections.by_reply(
                books, table.written(books, f"{amount} EUR"), ids[number], now=NOW
            )
            model.put(number, (amount, model.entries[number][1]))
        elif roll < 0.88:
            answer = desk.history.undo(books, chat, ANN.user_id, now=NOW)
            assert isinstance(answer, Reversed) == model.undo()
        else:
            answer = desk.history.redo(books, chat, ANN.user_id, now=NOW)
            assert isinstance(answer, Reversed) == model.redo()
        found = books.entries.page(chat.ledger_id, EntryFilter(), limit=999)
        seen = {e.id: (e.money.amount, e.category) for e in found}
        assert seen == {ids[n]: value for n, value in model.entries.items()}, f"seed {seed}"
        assert not show(books, chat, NOW).states

    for _ in range(STEPS):
        await act(step)


def count(books: Books, ledger_id: int) -> int:
    return books.entries.count(ledger_id, EntryFilter())


def stated(books: Books, ledger_id: int) -> dict[str, bool]:
    """Which entries have an amount in the ledger's currency, by note."""
    found = books.entries.page(ledger_id, EntryFilter(), limit=99)
    return {entry.note: entry.base is not None for entry in found}
